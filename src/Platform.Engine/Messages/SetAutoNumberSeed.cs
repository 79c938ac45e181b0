using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;

namespace Platform.Engine.Messages;

/// <summary>Lets a numbered attribute go on at another number (Dataverse's action). Only system administrators may; numbers that rows have already are given again when it is set back.</summary>
/// <param name="Attribute">Logical name.</param>
/// <param name="Value">Number of the next row, from 0 to <see cref="AutoNumber.LargestSeed"/>.</param>
public sealed record SetAutoNumberSeed(string Entity, string Attribute, long Value) : Message
{
    public override string Name => nameof(SetAutoNumberSeed);

    public override string EntityName => Entity;
}

internal sealed class SetAutoNumberSeedHandler : MessageHandler<SetAutoNumberSeed>
{
    public override bool Writes => true;

    protected override SetAutoNumberSeed Admit(SetAutoNumberSeed message, MessageScope scope)
    {
        AccessPolicy.DemandAdministrator(scope.Metadata, scope.Caller, message.Name);
        GetNextAutoNumberValueHandler.Sequence(message.Entity, message.Attribute, scope);
        return message.Value is >= 0 and <= AutoNumber.LargestSeed ? message : throw Errors.OutOfRange(message.Entity, message.Attribute, 0, AutoNumber.LargestSeed);
    }

    protected override async Task<MessageResult> HandleAsync(SetAutoNumberSeed message, MessageScope scope, CancellationToken ct)
    {
        await GetNextAutoNumberValueHandler.Sequence(message.Entity, message.Attribute, scope).SetAsync(message.Value, scope.InTransaction, ct);
        return new MessageResult { Number = message.Value };
    }
}
