using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>A call of a custom API. Result: <see cref="MessageResult.Output"/>, its response properties.</summary>
/// <param name="Api">Its definition, of any version of the metadata: the current one holds.</param>
/// <param name="Input">Request parameters by name, with <c>Target</c> (<see cref="EntityReference"/>) when it is bound to a row.</param>
public abstract record CustomApiRequest(CustomApiDefinition Api, PluginParameters Input) : Message
{
    /// <summary>The input that holds the row on which an API is called; Dataverse's name.</summary>
    public const string Target = "Target";

    public override string Name => Api.Name;

    public override string EntityName => Api.BoundEntity ?? "";

    internal override EntityRecord? StepTarget => Input[Target] is EntityReference row && Api.Binding == ApiBinding.Entity ? new EntityRecord(row.LogicalName, row.Id) : null;

    internal override PluginParameters StepInput => Input;

    // The row that was called on stays the one, whose rights were asked.
    internal override Message? WithInput(PluginParameters input, MessageScope scope)
    {
        var changed = new PluginParameters(input.Values);
        if (Api.Binding == ApiBinding.Entity) changed[Target] = Input[Target];
        return this with { Input = CustomApiValues.CheckRequest(Api, changed, scope.Metadata) };
    }

    /// <summary>The message that calls an API.</summary>
    public static CustomApiRequest Of(CustomApiDefinition api, PluginParameters input) => api.IsFunction ? new CustomFunction(api, input) : new CustomAction(api, input);
}

/// <summary>A call of a custom API that may write.</summary>
public sealed record CustomAction(CustomApiDefinition Api, PluginParameters Input) : CustomApiRequest(Api, Input);

/// <summary>A call of a custom API that only reads: what its steps try to write is refused.</summary>
public sealed record CustomFunction(CustomApiDefinition Api, PluginParameters Input) : CustomApiRequest(Api, Input);

internal sealed class CustomApiHandler<TRequest>(StepRunner steps, Lazy<MessagePipeline> pipeline) : MessageHandler<TRequest>
    where TRequest : CustomApiRequest
{
    public override bool Writes => typeof(TRequest) == typeof(CustomAction);

    public override bool Waits(Message message, StepList plan) => true;

    protected override TRequest Admit(TRequest message, MessageScope scope)
    {
        var api = scope.Metadata.FindApi(message.Api.Name) ?? throw Errors.UnknownApi(message.Api.Name);
        if (api.IsFunction == Writes) throw Errors.OtherSortOfApi(api.Name, api.IsFunction);
        if (api.ExecutePrivilege is { } needed) AccessPolicy.Demand(scope.Metadata, scope.Caller, scope.Metadata.Entity(needed.Entity), needed.Privilege);
        return message with { Api = api, Input = CustomApiValues.CheckRequest(api, message.Input, scope.Metadata) };
    }

    // The row is there, and the caller sees it: what an API is called on is not guessed.
    protected override Task ReadBeforeAsync(TRequest message, MessageScope scope, StepList plan, CancellationToken ct) =>
        message.StepTarget is { } row ? pipeline.Value.RunNestedAsync(new Retrieve(row.ToReference(), [scope.Metadata.Entity(row.LogicalName).PrimaryIdAttribute], new RecordList()), scope.ForPart(), ct) : Task.CompletedTask;

    protected override async Task<MessageResult> HandleAsync(TRequest message, MessageScope scope, CancellationToken ct)
    {
        await steps.RunAsync(StepTable.Of(scope.Metadata).For(message.EntityName, message.Name), PluginStage.MainOperation, message, scope, ct);
        return new MessageResult();
    }

    // Steps after the operation may have changed the answer.
    protected override ValueTask<MessageResult> CompleteAsync(TRequest message, MessageResult result, MessageScope scope, CancellationToken ct) =>
        ValueTask.FromResult(result with { Output = CustomApiValues.CheckResponse(message.Api, scope.Output, scope.Metadata) });
}
