using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What a merge means for the rows tied to the row that goes: they are tied to the one that stays, each through the pipeline.</summary>
internal sealed class MergeCascade(Lazy<MessagePipeline> pipeline, RowLinks links)
{
    /// <param name="subordinate">The row that goes, with its lookups.</param>
    public async Task FollowAsync(EntityDefinition entity, EntityRecord subordinate, EntityReference target, MessageScope scope, CancellationToken ct)
    {
        foreach (var relationship in entity.OneToMany.Where(relationship => relationship.Cascade.Merge))
        {
            var child = scope.Metadata.Entity(relationship.ReferencingEntity);
            if (!child.EngineOwned && !child.IsIntersect) await MoveRowsAsync(child, relationship.ReferencingAttribute, subordinate, target, scope, ct);
        }
        foreach (var pairs in entity.ManyToMany.SelectMany(relationship => Ends(entity, relationship)))
            await MovePairsAsync(pairs, subordinate.ToReference(), target, scope, ct);
    }

    private async Task MoveRowsAsync(EntityDefinition child, string lookup, EntityRecord subordinate, EntityReference target, MessageScope scope, CancellationToken ct)
    {
        var pointing = new Compare(child.Attribute(lookup), Comparison.Equal, subordinate.ToReference());
        foreach (var id in await RecordStore.FindAsync(scope.Metadata, scope.InTransaction, child, pointing, int.MaxValue, ct))
        {
            var isTarget = id == target.Id && child.LogicalName == target.LogicalName;
            var change = new EntityRecord(child.LogicalName, id) { [lookup] = isTarget ? Above(lookup, subordinate, target) : target };
            await pipeline.Value.RunNestedAsync(new Update(change), scope.ForCascade(), ct);
        }
    }

    // The row that stays was below the one that goes: it moves up, and not below itself.
    private static EntityReference? Above(string lookup, EntityRecord subordinate, EntityReference target) =>
        subordinate.GetLookup(lookup) is { } above && above != target ? above : null;

    private async Task MovePairsAsync(PairsNavigation pairs, EntityReference subordinate, EntityReference target, MessageScope scope, CancellationToken ct)
    {
        var intersect = scope.Metadata.Entity(pairs.Relationship.IntersectEntity);
        var (near, far) = (intersect.Attribute(pairs.Near.IntersectAttribute), intersect.Attribute(pairs.Far.IntersectAttribute));
        foreach (var id in await RecordStore.FindAsync(scope.Metadata, scope.InTransaction, intersect, new Compare(near, Comparison.Equal, subordinate), int.MaxValue, ct))
        {
            var pair = await RecordStore.PeekAsync(scope.Metadata, scope.InTransaction, intersect, id, [far], ct);
            if (pair?.GetLookup(far.LogicalName) is not { } related) continue;
            await links.RemoveAsync(pairs, subordinate, related, scope, ct);
            if (related != target) await links.AddAsync(pairs, target, related, scope, ct);
        }
    }

    private static IEnumerable<PairsNavigation> Ends(EntityDefinition entity, ManyToManyDefinition relationship) =>
        new[] { relationship.First, relationship.Second }
            .Where(end => end.Entity == entity.LogicalName)
            .Select(end => (PairsNavigation)Navigation.Find(entity, end.Navigation)!);
}
