using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Pipeline;

/// <summary>Answers a step's service calls: each is a message of its own, as the step's user, in the transaction of the step's message.</summary>
internal sealed class StepServices(MessagePipeline pipeline, IQueryTextParser parser, StepDefinition step, MessageScope scope) : IPluginServices
{
    public async Task<Guid> CreateAsync(EntityRecord record, CancellationToken ct) =>
        (await SendAsync(() => new Create(record), ct)).Id;

    public Task UpdateAsync(EntityRecord record, CancellationToken ct) => SendAsync(() => new Update(record), ct);

    public Task DeleteAsync(EntityReference reference, CancellationToken ct) => SendAsync(() => new Delete(reference), ct);

    public async Task<EntityRecord> RetrieveAsync(EntityReference reference, IReadOnlyList<string> attributes, CancellationToken ct)
    {
        var rows = new RecordList();
        await SendAsync(() => new Retrieve(reference, [.. attributes], rows), ct);
        return rows.Records[0];
    }

    public async Task<IReadOnlyList<EntityRecord>> RetrieveMultipleAsync(string logicalName, string query, CancellationToken ct)
    {
        var rows = new RecordList();
        await SendAsync(() => new RetrieveMultiple(parser.Parse(scope.Metadata, scope.Metadata.Entity(logicalName), query), rows), ct);
        return rows.Records;
    }

    public Task AssociateAsync(EntityReference target, string relationship, IReadOnlyList<EntityReference> related, CancellationToken ct) =>
        SendAsync(() => new Associate(target, relationship, [.. related]), ct);

    public Task DisassociateAsync(EntityReference target, string relationship, IReadOnlyList<EntityReference> related, CancellationToken ct) =>
        SendAsync(() => new Disassociate(target, relationship, [.. related]), ct);

    public async Task<PluginParameters> ExecuteAsync(string message, PluginParameters input, CancellationToken ct) =>
        (await SendAsync(() => StepMessages.Of(message, input, scope.Metadata), ct)).Output;

    // What the script may catch is our own refusal; anything else is a fault of the platform and ends the message.
    private async Task<MessageResult> SendAsync(Func<Message> message, CancellationToken ct)
    {
        try
        {
            return await pipeline.RunNestedAsync(message(), scope.ForCallOf(step), ct);
        }
        catch (PlatformException refused)
        {
            throw new ServiceCallException(refused.SubCode ?? refused.Code, refused.Message, refused);
        }
    }
}
