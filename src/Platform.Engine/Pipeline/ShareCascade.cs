using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>
/// Hands on what somebody gains or loses on a row to the rows below it, by the rules of their relationships: a level of
/// rows at a time. Rows of a level are locked before their shares are read.
/// </summary>
internal static class ShareCascade
{
    private const int AtOnce = 250;

    /// <summary>A row was shared, or is shared no more: rules Share and Unshare.</summary>
    public static Task AfterSharingAsync(EntityDefinition entity, ChangedRow row, MessageScope scope, CancellationToken ct) =>
        HandOnAsync(entity, row, static rules => (rules.Share, rules.Unshare), scope, ct);

    /// <summary>
    /// A row has another owner, or stands below another row: rule Reparent for what is gained. What is lost is lost
    /// below, too, whatever the rule: nobody could take it back there.
    /// </summary>
    public static Task AfterReparentingAsync(EntityDefinition entity, ChangedRow row, MessageScope scope, CancellationToken ct) =>
        HandOnAsync(entity, row, static rules => (rules.Reparent, CascadeScope.Cascade), scope, ct);

    /// <summary>A row follows the row above it.</summary>
    /// <param name="isActive">It is in the first state of its table.</param>
    /// <param name="above">Owner of the row above.</param>
    public static bool Follows(CascadeScope rule, bool isActive, EntityReference? owner, EntityReference? above) => rule switch
    {
        CascadeScope.Cascade => true,
        CascadeScope.Active => isActive,
        CascadeScope.UserOwned => owner is not null && owner == above,
        _ => false,
    };

    private static async Task HandOnAsync(EntityDefinition entity, ChangedRow row, Func<CascadeRules, (CascadeScope Gain, CascadeScope Loss)> ruleOf, MessageScope scope, CancellationToken ct)
    {
        if (row.Changes.Count == 0 || ShareTable.Of(scope.Metadata) is not { } shares) return;
        // In a circle nothing comes back to a row: it would inherit from itself, and keep that for ever.
        var reached = new HashSet<(string Entity, Guid Id)> { (entity.LogicalName, row.Id) };
        var level = new List<(EntityDefinition Entity, List<ChangedRow> Rows)> { (entity, [row]) };
        while (level.Count > 0)
        {
            var next = new List<(EntityDefinition Entity, List<ChangedRow> Rows)>();
            foreach (var (above, rows) in level)
            {
                foreach (var relationship in above.OneToMany.Where(relationship => relationship.Cascade.IsParental))
                {
                    var (gain, loss) = ruleOf(relationship.Cascade);
                    if (gain == CascadeScope.None && loss == CascadeScope.None) continue;
                    var step = new Step(relationship, scope.Metadata.Entity(relationship.ReferencingEntity), gain, loss, shares, reached);
                    var changed = new List<ChangedRow>();
                    foreach (var some in rows.Chunk(AtOnce)) changed.AddRange(await step.RunAsync(some, scope, ct));
                    if (changed.Count > 0) next.Add((step.Below, changed));
                }
            }
            level = next;
        }
    }

    /// <summary>From rows to the rows below them by one relationship.</summary>
    private sealed record Step(RelationshipDefinition Relationship, EntityDefinition Below, CascadeScope Gain, CascadeScope Loss, ShareTable Table, HashSet<(string Entity, Guid Id)> Reached)
    {
        public async Task<List<ChangedRow>> RunAsync(ChangedRow[] rows, MessageScope scope, CancellationToken ct)
        {
            var above = rows.ToDictionary(row => row.Id);
            var below = (await FindAsync([.. above.Keys], scope, ct)).Where(row => Reached.Add((Below.LogicalName, row.Id))).ToList();
            var principals = rows.SelectMany(row => row.Changes).Select(change => change.Principal.Id).ToHashSet();
            var stored = (await Table.FindAsync(scope.InTransaction, Below.LogicalName, [.. below.Select(row => row.Id)], principals, ct)).ToDictionary(share => (share.Row, share.Principal.Id));
            var written = new List<Share>();
            var changed = new List<ChangedRow>();
            foreach (var row in below)
            {
                var changes = Follow(row, above[row.Above], stored, written);
                if (changes.Count > 0) changed.Add(new ChangedRow(row.Id, row.Owner, row.Owner, changes));
            }
            await Table.StoreAsync(Below.LogicalName, written, scope, ct);
            return changed;
        }

        private List<AccessChange> Follow(RowBelow row, ChangedRow above, Dictionary<(Guid, Guid), Share> stored, List<Share> written)
        {
            var (gains, loses) = (Follows(Gain, row.IsActive, row.Owner, above.OwnerBefore), Follows(Loss, row.IsActive, row.Owner, above.OwnerBefore));
            var changes = new List<AccessChange>();
            foreach (var change in above.Changes)
            {
                // Both rows are theirs: there is nothing to hand on as long as that is so. It is made up for when the upper one is given away.
                var isTheirs = change.Principal == above.Owner && change.Principal == row.Owner;
                var handedOn = change.Principal == above.OwnerBefore && change.Principal != above.Owner ? change.After : change.Gained;
                var gained = gains && !isTheirs ? handedOn : AccessRights.None;
                var lost = loses ? change.Lost : AccessRights.None;
                var share = stored.GetValueOrDefault((row.Id, change.Principal.Id)) ?? Share.None(row.Id, change.Principal);
                var inherited = (share.Inherited | gained) & ~lost;
                if (inherited == share.Inherited) continue;
                var now = share with { Inherited = inherited };
                written.Add(now);
                if (change.Principal != row.Owner && now.Rights != share.Rights) changes.Add(new AccessChange(change.Principal, share.Rights, now.Rights));
            }
            return changes;
        }

        private async Task<List<RowBelow>> FindAsync(IReadOnlyList<Guid> above, MessageScope scope, CancellationToken ct)
        {
            var dialect = scope.InTransaction.Dialect;
            var sql = new SqlText(AttributeSql.Of(scope.Metadata, dialect));
            var row = new RowScope(sql, Below, QueryRights.Everything);
            var (lookup, owner) = (Below.Attribute(Relationship.ReferencingAttribute), Below.Attribute(SystemAttributes.OwnerId));
            var state = Below.HasState ? row.Column(Below.Attribute(SystemAttributes.StateCode)) : "0";
            sql.Append($"SELECT {row.Column(Below.PrimaryId)}, {row.Column(lookup)}, {row.Column(owner)}, {row.TypeColumn(owner)}, {state} FROM {row.Table} WHERE ");
            FilterCompiler.Write(new OneOf(lookup, [.. above.Cast<object>()]), row, sql);
            if (lookup.IsPolymorphic) sql.Append($" AND {row.TypeColumn(lookup)} = '{Relationship.ReferencedEntity}'");
            // In one order, so that two cascades over the same rows do not wait for each other.
            sql.Append($" ORDER BY {row.Column(Below.PrimaryId)}{dialect.LockRow}");
            var found = new RowsBelow(Below);
            await scope.InTransaction.QueryAsync(sql.ToStatement(), found, ct);
            return found.List;
        }
    }

    private sealed record RowBelow(Guid Id, Guid Above, EntityReference? Owner, bool IsActive);

    private sealed class RowsBelow(EntityDefinition entity) : IRowReceiver
    {
        private readonly int? active = entity.HasState ? entity.Attribute(SystemAttributes.StateCode).Options[0].Value : null;

        public List<RowBelow> List { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            var owner = row.IsNull(2) ? null : new EntityReference(row.GetString(3), row.GetGuid(2));
            List.Add(new RowBelow(row.GetGuid(0), row.GetGuid(1), owner, active is null || row.GetInt64(4) == active));
            return ValueTask.FromResult(true);
        }
    }
}
