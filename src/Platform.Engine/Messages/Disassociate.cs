using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Unties rows from a row. What is not tied stays so.</summary>
/// <param name="Relationship">Navigation property of the target's entity, or the schema name of the relationship.</param>
/// <param name="Related">Rows at the other end; may be empty where <paramref name="Relationship"/> is a lookup of the target, which is then emptied whatever it points to.</param>
public sealed record Disassociate(EntityReference Target, string Relationship, ImmutableArray<EntityReference> Related) : Message
{
    public override string Name => nameof(Disassociate);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => new(Target.LogicalName, Target.Id);

    internal override PluginParameters StepInput => StepParameters.Links(Relationship, Related);
}

internal sealed class DisassociateHandler(RowLinks links) : MessageHandler<Disassociate>
{
    public override bool Writes => true;

    public override bool Waits(Message message, StepList plan) => true;

    protected override Disassociate Admit(Disassociate message, MessageScope scope)
    {
        RowLinks.Admit(message.Target, message.Relationship, message.Related, Privilege.Delete, scope);
        return message;
    }

    protected override Task ReadBeforeAsync(Disassociate message, MessageScope scope, StepList plan, CancellationToken ct) =>
        NavigationOf(message, scope) is PairsNavigation ? RowLinks.LockAsync(message.Target, message.Related, scope, ct) : Task.CompletedTask;

    protected override async Task<MessageResult> HandleAsync(Disassociate message, MessageScope scope, CancellationToken ct)
    {
        switch (NavigationOf(message, scope))
        {
            case PairsNavigation pairs:
                foreach (var related in message.Related) await links.RemoveAsync(pairs, message.Target, related, scope, ct);
                break;
            case RowsNavigation rows:
                foreach (var related in message.Related) await ClearAsync(related, rows.Attribute, value => value == message.Target, scope, ct);
                break;
            case LookupNavigation lookup:
                await ClearAsync(message.Target, lookup.Lookup.LogicalName, value => IsMeant(value, lookup, message), scope, ct);
                break;
        }
        return new MessageResult { Id = message.Target.Id };
    }

    private static bool IsMeant(EntityReference value, LookupNavigation lookup, Disassociate message) =>
        (lookup.Target is null || lookup.Target == value.LogicalName) && (message.Related.IsEmpty || message.Related.Contains(value));

    private async Task ClearAsync(EntityReference row, string lookup, Func<EntityReference, bool> isMeant, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(row.LogicalName);
        var before = await ExistingRow.LockAsync(row, [entity.Attribute(lookup), .. RowOwner.Attributes(entity).Where(attribute => attribute.LogicalName != lookup)], Privilege.Write, scope, ct);
        if (before.GetLookup(lookup) is { } value && isMeant(value)) await links.SetAsync(row, lookup, null, scope, ct);
    }

    private static Navigation NavigationOf(Disassociate message, MessageScope scope) => Navigation.Find(scope.Metadata.Entity(message.EntityName), message.Relationship)!;
}
