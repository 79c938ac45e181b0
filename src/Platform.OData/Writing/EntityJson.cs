using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.OData.Headers;

namespace Platform.OData.Writing;

/// <summary>The property names of an entity's rows, encoded once per definition.</summary>
internal sealed class EntityJson
{
    private static readonly ConditionalWeakTable<EntityDefinition, EntityJson> Made = [];

    private readonly AttributeJson[] attributes;

    private EntityJson(EntityDefinition entity)
    {
        attributes = new AttributeJson[entity.Attributes.Length];
        foreach (var attribute in entity.Attributes) attributes[attribute.Ordinal] = new AttributeJson(entity, attribute);
        PrimaryId = this[entity.PrimaryId].Name;
    }

    public JsonEncodedText PrimaryId { get; }

    public AttributeJson this[AttributeDefinition attribute] => attributes[attribute.Ordinal];

    public static EntityJson Of(EntityDefinition entity) => Made.GetValue(entity, static entity => new EntityJson(entity));
}

/// <summary>The names of the columns of a result, where some have other names than their attributes. Made once per result of a plan.</summary>
internal static class NamedJson
{
    private static readonly ConditionalWeakTable<ResultShape, AttributeJson[]> Made = [];

    public static AttributeJson[] Of(ResultShape shape) => Made.GetValue(shape, static shape =>
        [.. shape.Columns.Select(column => column.Name is null ? EntityJson.Of(shape.Entity)[column.Attribute] : new AttributeJson(shape.Entity, column.Attribute, column.Name))]);
}

/// <summary>What is written for one column.</summary>
internal sealed class AttributeJson
{
    public AttributeJson(EntityDefinition entity, AttributeDefinition attribute)
        : this(entity, attribute, attribute.WebApiName)
    {
    }

    /// <param name="name">Name in the answer.</param>
    public AttributeJson(EntityDefinition entity, AttributeDefinition attribute, string name)
    {
        Name = JsonText.Encode(name);
        FormattedValue = JsonText.Encode($"{name}@{AnnotationNames.FormattedValue}");
        LookupLogicalName = JsonText.Encode($"{name}@{AnnotationNames.LookupLogicalName}");
        AssociatedNavigation = JsonText.Encode($"{name}@{AnnotationNames.AssociatedNavigation}");
        Options = attribute.Options.ToFrozenDictionary(option => option.Value, option => option.Label);
        Targets = [.. (attribute.Lookup?.Targets ?? []).Select(target => new LookupTargetJson(entity, attribute, target))];
    }

    public JsonEncodedText Name { get; }

    public JsonEncodedText FormattedValue { get; }

    public JsonEncodedText LookupLogicalName { get; }

    public JsonEncodedText AssociatedNavigation { get; }

    /// <summary>Labels of options by value; of a boolean under 0 and 1.</summary>
    public FrozenDictionary<int, Label> Options { get; }

    public ImmutableArray<LookupTargetJson> Targets { get; }
}

/// <summary>One entity that a lookup may point to.</summary>
internal sealed class LookupTargetJson(EntityDefinition entity, AttributeDefinition attribute, string target)
{
    /// <summary>Logical name as the database's row holds it.</summary>
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(target);

    public JsonEncodedText LogicalName { get; } = JsonText.Encode(target);

    public JsonEncodedText Navigation { get; } = JsonText.Encode(
        entity.ManyToOne.FirstOrDefault(relationship => relationship.ReferencingAttribute == attribute.LogicalName && relationship.ReferencedEntity == target)
            ?.ReferencingNavigation ?? attribute.LogicalName);
}
