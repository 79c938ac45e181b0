using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Cli;

/// <summary><c>platform explain ENTITY MESSAGE DIR…</c>: what runs when a message is sent, in order, without a server.</summary>
internal static class ExplainCommand
{
    private const string NoEntity = "-";

    private static readonly JsonSerializerOptions Words = new(ServerClient.Json) { Converters = { new JsonStringEnumConverter() } };

    public static Command Command()
    {
        var entity = new Argument<string>("ENTITY") { Description = $"Logical name of the table; {NoEntity} for a custom API that is bound to none." };
        var message = new Argument<string>("MESSAGE") { Description = "Name of the message: Create, Update, SetState, or a custom API." };
        var folders = new Argument<DirectoryInfo[]>("DIR") { Description = "Folders of packs; what they depend on is found beside them.", Arity = ArgumentArity.OneOrMore };
        folders.AcceptExistingOnly();
        var json = new Option<bool>("--json") { Description = "Print an object with the steps as JSON." };
        var command = new Command("explain", "Prints which steps run on a message, in their order, with filter, images, rights and limits.") { entity, message, folders, json };
        command.SetAction((parsed, ct) => Failure.CatchAsync(parsed, json, 1, async () =>
        {
            var plan = Plan(await SnapshotAsync(parsed.GetValue(folders)!, ct), parsed.GetValue(entity)!, parsed.GetValue(message)!);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(plan, Words));
            else Console.Write(Text(plan));
            return 0;
        }));
        return command;
    }

    private static async Task<MetadataSnapshot> SnapshotAsync(DirectoryInfo[] folders, CancellationToken ct)
    {
        var asked = folders.Select(folder => folder.FullName).ToList();
        var core = PackSet.FindCore(asked) ?? throw new CommandException("The base tables were not found.", "Folders of packs stand below the folder that has metadata/core.");
        var compilation = MetadataCompiler.Compile(await PackSet.ReadAsync(core, asked, ct), 1);
        return compilation.Snapshot ?? throw new CommandException($"The packs have {compilation.Errors.Length} errors.", "platform pack check lists them.");
    }

    private static MessagePlan Plan(MetadataSnapshot metadata, string entity, string message)
    {
        try
        {
            return MessagePlan.Of(metadata, entity == NoEntity ? "" : entity, message);
        }
        catch (PlatformException refused)
        {
            throw new CommandException(refused.Message, refused.Hint);
        }
    }

    private static string Text(MessagePlan plan)
    {
        using var text = new StringWriter();
        text.WriteLine(plan.Entity.Length > 0 ? $"{plan.Message} of {plan.Entity}" : plan.Message);
        text.WriteLine("  rights of the caller on the table");
        Stage(text, plan, PluginStage.PreValidation);
        text.WriteLine(plan.Writes ? "  begin; the row as it was, locked, with the rights on it" : "  begin, to read only");
        Stage(text, plan, PluginStage.PreOperation);
        text.WriteLine(plan.IsBuiltIn ? $"  30 {plan.Message}" : "  30 MainOperation");
        foreach (var step in plan.At(PluginStage.MainOperation)) Step(text, plan, step);
        Stage(text, plan, PluginStage.PostOperation);
        text.WriteLine(plan.Writes ? "  commit" : "  end");
        return text.ToString();
    }

    private static void Stage(StringWriter text, MessagePlan plan, PluginStage stage)
    {
        var steps = plan.At(stage).ToList();
        if (steps.Count == 0) return;
        text.WriteLine($"  {(int)stage} {stage}");
        foreach (var step in steps) Step(text, plan, step);
    }

    private static void Step(StringWriter text, MessagePlan plan, StepDefinition step)
    {
        var limits = step.Limits;
        text.WriteLine($"     {step.Rank,5}  {step.Name}  ({step.Script})");
        if (step.Message != plan.Message) text.WriteLine($"            as a step on {step.Message}, once for all rows");
        if (!step.FilteringAttributes.IsEmpty) text.WriteLine($"            when the request names {string.Join(" or ", step.FilteringAttributes)}");
        foreach (var image in step.Images) text.WriteLine($"            {image.Type.ToString().ToLowerInvariant()}-image {image.Alias}: {(image.Attributes.IsEmpty ? "all columns" : string.Join(", ", image.Attributes))}");
        text.WriteLine($"            as {step.RunAs.ToString().ToLowerInvariant()}; at most {limits.Milliseconds} ms, {limits.Megabytes} MB, {limits.ServiceCalls} service calls");
    }
}
