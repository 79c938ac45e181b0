using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What a delete does to the rows that point to the row: refuses, empties their lookup, or deletes them too, each through the pipeline.</summary>
internal sealed class DeleteCascade(Lazy<MessagePipeline> pipeline)
{
    private const int AtOnce = 500;

    public async Task FollowAsync(EntityDefinition entity, EntityReference target, MessageScope scope, CancellationToken ct)
    {
        // All refusals before the first change: a delete that is refused has done no work.
        foreach (var relationship in Followed(entity, scope).Where(relationship => relationship.OnDelete == DeleteBehavior.Restrict))
        {
            var (referencing, lookup) = Side(relationship, scope);
            var ids = await RecordStore.ReferencingAsync(scope.Metadata, scope.InTransaction, referencing, lookup, target, 1, ct);
            if (ids.Count > 0) throw Errors.Referenced(entity.LogicalName, referencing.LogicalName, lookup.LogicalName);
        }
        foreach (var relationship in Followed(entity, scope).Where(relationship => relationship.OnDelete != DeleteBehavior.Restrict))
            await FollowAsync(relationship, target, scope, ct);
    }

    private async Task FollowAsync(RelationshipDefinition relationship, EntityReference target, MessageScope scope, CancellationToken ct)
    {
        var (referencing, lookup) = Side(relationship, scope);
        while (await RecordStore.ReferencingAsync(scope.Metadata, scope.InTransaction, referencing, lookup, target, AtOnce, ct) is { Count: > 0 } ids)
        {
            foreach (var id in ids)
            {
                var row = new EntityReference(referencing.LogicalName, id);
                var unlink = new EntityRecord(row.LogicalName, row.Id) { [lookup.LogicalName] = null };
                // In a circle the row is being deleted further up and only waits for this one.
                if (InProgress(row, scope)) await RecordStore.UpdateAsync(scope.InTransaction, referencing, unlink, ct);
                else if (relationship.OnDelete == DeleteBehavior.Cascade) await pipeline.Value.RunNestedAsync(new Delete(row), scope.ForCascade(), ct);
                else await pipeline.Value.RunNestedAsync(new Update(unlink), scope.ForCascade(), ct);
            }
        }
    }

    // createdby and the like keep the id of a user who is gone: they tell what was, not what is. So does the audit.
    private static IEnumerable<RelationshipDefinition> Followed(EntityDefinition entity, MessageScope scope) =>
        entity.OneToMany.Where(relationship => Side(relationship, scope) is var (referencing, lookup)
            && lookup.Origin != AttributeOrigin.Engine && (!referencing.EngineOwned || relationship.OnDelete == DeleteBehavior.Restrict));

    private static (EntityDefinition Entity, AttributeDefinition Lookup) Side(RelationshipDefinition relationship, MessageScope scope)
    {
        var entity = scope.Metadata.Entity(relationship.ReferencingEntity);
        return (entity, entity.Attribute(relationship.ReferencingAttribute));
    }

    private static bool InProgress(EntityReference row, MessageScope scope)
    {
        for (var up = scope; up is not null; up = up.Parent)
        {
            if (up.Before is { } before && before.Id == row.Id && before.LogicalName == row.LogicalName) return true;
        }
        return false;
    }
}
