using System.Collections.Immutable;
using Platform.Engine.History;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What Associate and Disassociate have in common: the relationship, the rights on its ends, the rows of the intersect table.</summary>
internal sealed class RowLinks(Lazy<MessagePipeline> pipeline, AuditWriter audit)
{
    /// <summary>The relationship that a message names.</summary>
    /// <exception cref="PlatformException">The target's entity has none of that name, a related row is of another entity, or the roles do not grant it.</exception>
    public static Navigation Admit(EntityReference target, string relationship, ImmutableArray<EntityReference> related, Privilege onIntersect, MessageScope scope)
    {
        var entity = scope.Metadata.Entity(target.LogicalName);
        var navigation = Navigation.Find(entity, relationship) ?? throw Errors.UnknownRelationship(entity.LogicalName, relationship);
        if (navigation.Target is { } expected && related.FirstOrDefault(row => row.LogicalName != expected) is { } wrong)
            throw Errors.WrongLookupTarget(entity.LogicalName, relationship, wrong.LogicalName, [expected]);
        if (LookupOf(navigation, scope) is { Origin: AttributeOrigin.Engine }) throw Errors.BadRequest($"'{relationship}' of '{entity.LogicalName}' is set by the platform only.");
        if (navigation is PairsNavigation pairs && !scope.IsCascade) DemandOnEntities(entity, pairs, onIntersect, scope);
        return navigation;
    }

    /// <summary>Locks the rows at both ends of an N:N relationship and checks the caller's rights on them.</summary>
    public static async Task LockAsync(EntityReference target, ImmutableArray<EntityReference> related, MessageScope scope, CancellationToken ct)
    {
        // In one order whichever end the caller began at, so that two messages about the same pair do not wait for each other.
        var rows = related.Distinct().Select(row => (Row: row, Privilege: Privilege.AppendTo)).Prepend((Row: target, Privilege: Privilege.Append));
        foreach (var (row, privilege) in rows.OrderBy(row => row.Row.LogicalName, StringComparer.Ordinal).ThenBy(row => row.Row.Id))
        {
            var entity = scope.Metadata.Entity(row.LogicalName);
            await ExistingRow.LockAsync(row, RowOwner.Attributes(entity), privilege, scope, ct);
        }
    }

    /// <summary>Adds a pair; nothing happens when it is there.</summary>
    public async Task AddAsync(PairsNavigation pairs, EntityReference target, EntityReference related, MessageScope scope, CancellationToken ct)
    {
        if (await FindAsync(pairs, target, related, scope, ct) is not null) return;
        var pair = new EntityRecord(pairs.Relationship.IntersectEntity) { [pairs.Near.IntersectAttribute] = target, [pairs.Far.IntersectAttribute] = related };
        await pipeline.Value.RunNestedAsync(new Create(pair), scope.ForCascade(), ct);
        await RecordAsync(pairs, target, related, linked: true, scope, ct);
    }

    /// <summary>Removes a pair; nothing happens when it is not there.</summary>
    public async Task RemoveAsync(PairsNavigation pairs, EntityReference target, EntityReference related, MessageScope scope, CancellationToken ct)
    {
        if (await FindAsync(pairs, target, related, scope, ct) is not { } id) return;
        await pipeline.Value.RunNestedAsync(new Delete(new EntityReference(pairs.Relationship.IntersectEntity, id)), scope.ForCascade(), ct);
        await RecordAsync(pairs, target, related, linked: false, scope, ct);
    }

    /// <summary>Sets or clears a lookup as the caller: its rules are those of every update.</summary>
    public Task SetAsync(EntityReference row, string lookup, EntityReference? value, MessageScope scope, CancellationToken ct) =>
        pipeline.Value.RunNestedAsync(new Update(new EntityRecord(row.LogicalName, row.Id) { [lookup] = value }), scope.ForPart(), ct);

    private static AttributeDefinition? LookupOf(Navigation navigation, MessageScope scope) => navigation switch
    {
        LookupNavigation lookup => lookup.Lookup,
        RowsNavigation rows => scope.Metadata.Entity(rows.Target!).Attribute(rows.Attribute),
        _ => null,
    };

    // An intersect row is made and removed on the strength of the rights on its ends; where it decides what callers may do, on its own as well.
    private static void DemandOnEntities(EntityDefinition entity, PairsNavigation pairs, Privilege onIntersect, MessageScope scope)
    {
        var intersect = scope.Metadata.Entity(pairs.Relationship.IntersectEntity);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Append);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, scope.Metadata.Entity(pairs.Far.Entity), Privilege.AppendTo);
        if (WriteAdmission.DecidesRights(intersect))
            AccessPolicy.Demand(scope.Metadata, scope.Caller, intersect, onIntersect);
    }

    private static async Task<Guid?> FindAsync(PairsNavigation pairs, EntityReference target, EntityReference related, MessageScope scope, CancellationToken ct)
    {
        var intersect = scope.Metadata.Entity(pairs.Relationship.IntersectEntity);
        var pair = new AllOf([
            new Compare(intersect.Attribute(pairs.Near.IntersectAttribute), Comparison.Equal, target),
            new Compare(intersect.Attribute(pairs.Far.IntersectAttribute), Comparison.Equal, related)]);
        var found = await RecordStore.FindAsync(scope.Metadata, scope.InTransaction, intersect, pair, 1, ct);
        return found.Count == 0 ? null : found[0];
    }

    private async Task RecordAsync(PairsNavigation pairs, EntityReference target, EntityReference related, bool linked, MessageScope scope, CancellationToken ct)
    {
        await audit.LinkedAsync(target, pairs.Near.Navigation, related, linked, scope, ct);
        await audit.LinkedAsync(related, pairs.Far.Navigation, target, linked, scope, ct);
    }
}
