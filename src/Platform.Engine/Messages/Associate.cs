using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Ties rows to a row. What is tied already stays so.</summary>
/// <param name="Relationship">Navigation property of the target's entity, or the schema name of the relationship.</param>
/// <param name="Related">Rows at the other end; exactly one where <paramref name="Relationship"/> is a lookup of the target.</param>
public sealed record Associate(EntityReference Target, string Relationship, ImmutableArray<EntityReference> Related) : Message
{
    public override string Name => nameof(Associate);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => new(Target.LogicalName, Target.Id);

    internal override PluginParameters StepInput => StepParameters.Links(Relationship, Related);
}

internal sealed class AssociateHandler(RowLinks links) : MessageHandler<Associate>
{
    public override bool Writes => true;

    // The steps of the rows written hold the transaction just as its own do.
    public override bool Waits(Message message, StepList plan) => true;

    protected override Associate Admit(Associate message, MessageScope scope)
    {
        var navigation = RowLinks.Admit(message.Target, message.Relationship, message.Related, Privilege.Create, scope);
        if (!navigation.IsCollection && message.Related.Length != 1) throw Errors.BadRequest($"'{message.Relationship}' of '{message.EntityName}' leads to one row: name exactly one.");
        return message;
    }

    protected override Task ReadBeforeAsync(Associate message, MessageScope scope, StepList plan, CancellationToken ct) =>
        NavigationOf(message, scope) is PairsNavigation ? RowLinks.LockAsync(message.Target, message.Related, scope, ct) : Task.CompletedTask;

    protected override async Task<MessageResult> HandleAsync(Associate message, MessageScope scope, CancellationToken ct)
    {
        var navigation = NavigationOf(message, scope);
        foreach (var related in message.Related)
        {
            await (navigation switch
            {
                PairsNavigation pairs => links.AddAsync(pairs, message.Target, related, scope, ct),
                RowsNavigation rows => links.SetAsync(related, rows.Attribute, message.Target, scope, ct),
                LookupNavigation lookup => links.SetAsync(message.Target, lookup.Lookup.LogicalName, related, scope, ct),
                _ => throw new InvalidOperationException($"{navigation.GetType().Name} cannot be associated."),
            });
        }
        return new MessageResult { Id = message.Target.Id };
    }

    private static Navigation NavigationOf(Associate message, MessageScope scope) => Navigation.Find(scope.Metadata.Entity(message.EntityName), message.Relationship)!;
}
