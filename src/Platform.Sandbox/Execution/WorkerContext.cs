using Platform.Sandbox.Protocol;
using Platform.Sdk;

namespace Platform.Sandbox.Execution;

/// <summary>The one global of a C# script.</summary>
internal sealed class WorkerContext(ScriptRun run) : PluginContext
{
    private readonly PluginRunState state = run.State;
    private PluginParameters? config;

    public override EntityRecord Target => state.Target
        ?? throw new InvalidOperationException($"The message {state.Message} carries no row: Context.Target is not available in this step.");

    public override PluginParameters Input
    {
        get
        {
            state.InputIsSeen = true;
            return state.Input;
        }
    }

    public override PluginParameters Output => state.Output;

    public override PluginParameters SharedVariables => state.SharedVariables;

    public override PluginParameters Config => config ??= StepConfiguration.Read(state.Config);

    public override IPluginService Service { get; } = new WorkerService(run);

    public override DateTime Now => state.Now;

    public override EntityReference User => state.User;

    public override string Message => state.Message;

    public override PluginStage Stage => state.Stage;

    public override int Depth => state.Depth;

    public override PluginParent? Parent => state.Parent;

    public override EntityRecord PreImage(string alias) => Image("pre", alias, state.PreImages);

    public override EntityRecord PostImage(string alias) => Image("post", alias, state.PostImages);

    public override void Trace(string line) => run.Trace(line ?? "");

    private static EntityRecord Image(string kind, string alias, IReadOnlyDictionary<string, EntityRecord> images)
    {
        if (images.TryGetValue(alias, out var image)) return image;
        var known = images.Count == 0 ? $"no {kind}-image" : string.Join(", ", images.Keys.Select(key => $"'{key}'"));
        throw new KeyNotFoundException($"The step declares no {kind}-image '{alias}'; steps.json gives it {known}.");
    }
}
