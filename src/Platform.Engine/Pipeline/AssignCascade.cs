using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What a new owner of a row means for the rows that point to it: they follow by the rules of their relationships, each through the pipeline.</summary>
internal sealed class AssignCascade(Lazy<MessagePipeline> pipeline)
{
    /// <param name="before">The row with the owner that it had.</param>
    public async Task FollowAsync(EntityDefinition entity, EntityRecord before, EntityReference owner, MessageScope scope, CancellationToken ct)
    {
        foreach (var relationship in entity.OneToMany.Where(relationship => relationship.Cascade.Assign != CascadeScope.None))
        {
            var child = scope.Metadata.Entity(relationship.ReferencingEntity);
            foreach (var id in await RecordStore.FindAsync(scope.Metadata, scope.InTransaction, child, Following(relationship, child, before, owner), int.MaxValue, ct))
            {
                var change = new EntityRecord(child.LogicalName, id) { [SystemAttributes.OwnerId] = owner };
                await pipeline.Value.RunNestedAsync(new Update(change), scope.ForCascade(), ct);
            }
        }
    }

    // Rows that have the owner already are left alone, which is also what ends the walk round a circle.
    private static AllOf Following(RelationshipDefinition relationship, EntityDefinition child, EntityRecord before, EntityReference owner)
    {
        var ownerId = child.Attribute(SystemAttributes.OwnerId);
        FilterNode pointing = new Compare(child.Attribute(relationship.ReferencingAttribute), Comparison.Equal, before.ToReference());
        FilterNode otherwiseOwned = new Compare(ownerId, Comparison.NotEqual, owner);
        return relationship.Cascade.Assign switch
        {
            CascadeScope.Active => new AllOf([pointing, otherwiseOwned, new Compare(child.Attribute(SystemAttributes.StateCode), Comparison.Equal, child.Attribute(SystemAttributes.StateCode).Options[0].Value)]),
            CascadeScope.UserOwned => new AllOf([pointing, otherwiseOwned, new Compare(ownerId, Comparison.Equal, before.GetLookup(SystemAttributes.OwnerId))]),
            _ => new AllOf([pointing, otherwiseOwned]),
        };
    }
}
