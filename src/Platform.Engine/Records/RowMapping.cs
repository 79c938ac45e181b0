using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>What a new row takes over from the row that it is made from: columns of the same name and type, and the lookup back to that row.</summary>
internal static class RowMapping
{
    /// <param name="row">With all its attributes.</param>
    /// <param name="target">Entity of the new row.</param>
    public static EntityRecord Map(EntityDefinition source, EntityRecord row, EntityDefinition target)
    {
        var made = new EntityRecord(target.LogicalName);
        foreach (var attribute in target.Attributes)
        {
            if (IsTaken(target, attribute) && source.Find(attribute.LogicalName) is { } from && row[from.LogicalName] is { } value && Fits(from, attribute, value))
                made[attribute.LogicalName] = value;
        }
        if (WayBack(source, target) is { } back) made[back.ReferencingAttribute] = row.ToReference();
        return made;
    }

    // Owner and state are what a new row begins with; numbers and content belong to one row.
    private static bool IsTaken(EntityDefinition target, AttributeDefinition attribute) =>
        attribute is { Origin: not AttributeOrigin.Engine, ReadOnly: false, IsComputed: false, IsFile: false, AutoNumber: null, Kind: not (AttributeKind.State or AttributeKind.Status) }
        && attribute.LogicalName is not (SystemAttributes.OwnerId or SystemAttributes.OverriddenCreatedOn or SystemAttributes.ImportSequenceNumber)
        && attribute != target.PrimaryId;

    private static bool Fits(AttributeDefinition from, AttributeDefinition to, object value) => from.Kind == to.Kind && value switch
    {
        string text => text.Length <= to.MaxLength,
        EntityReference reference => to.Lookup!.Targets.Contains(reference.LogicalName),
        int option when to.IsOption => to.OptionOf(option) is not null,
        ChoiceValues options => options.All(option => to.OptionOf(option) is not null),
        _ => true,
    };

    /// <summary>The parental relationship, else the first one that clients may set.</summary>
    private static RelationshipDefinition? WayBack(EntityDefinition source, EntityDefinition target)
    {
        var ways = target.ManyToOne.Where(way => way.ReferencedEntity == source.LogicalName
            && target.Attribute(way.ReferencingAttribute) is { Origin: not AttributeOrigin.Engine, LogicalName: not SystemAttributes.OwnerId }).ToList();
        return ways.Find(way => way.Cascade.IsParental || way.IsHierarchical) ?? ways.FirstOrDefault();
    }
}
