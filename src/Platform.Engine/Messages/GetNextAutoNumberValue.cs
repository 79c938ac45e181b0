using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;

namespace Platform.Engine.Messages;

/// <summary>The number that the next row will get in a numbered attribute. Result: <see cref="MessageResult.Number"/>. Only system administrators may ask.</summary>
/// <param name="Attribute">Logical name.</param>
public sealed record GetNextAutoNumberValue(string Entity, string Attribute) : Message
{
    public override string Name => nameof(GetNextAutoNumberValue);

    public override string EntityName => Entity;
}

internal sealed class GetNextAutoNumberValueHandler : MessageHandler<GetNextAutoNumberValue>
{
    public override bool Writes => false;

    protected override GetNextAutoNumberValue Admit(GetNextAutoNumberValue message, MessageScope scope)
    {
        AccessPolicy.DemandAdministrator(scope.Metadata, scope.Caller, message.Name);
        Sequence(message.Entity, message.Attribute, scope);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(GetNextAutoNumberValue message, MessageScope scope, CancellationToken ct) =>
        new() { Number = await Sequence(message.Entity, message.Attribute, scope).PeekAsync(scope.InTransaction, ct) };

    /// <exception cref="PlatformException">The attribute is not there or not numbered.</exception>
    internal static AutoNumberSequence Sequence(string entityName, string attributeName, MessageScope scope)
    {
        var entity = scope.Metadata.Entity(entityName);
        var attribute = entity.Attribute(attributeName);
        return attribute.AutoNumber is null ? throw Errors.NotNumbered(entityName, attributeName) : AutoNumberSequence.Of(entity, attribute);
    }
}
