using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Platform.Engine.Metadata;

namespace Platform.OData.OpenApi;

/// <summary>The rows of tables as JSON Schemas: what is read, and what is written.</summary>
/// <param name="language">Two letters; that of titles and descriptions.</param>
internal sealed class RowSchemas(OpenApiDocument document, MetadataSnapshot metadata, string language)
{
    /// <summary>Name of the schema of what is written.</summary>
    public static string WrittenName(EntityDefinition entity) => $"{entity.LogicalName}_write";

    /// <summary>What a row shows.</summary>
    public OpenApiSchema Read(EntityDefinition entity)
    {
        var properties = new Dictionary<string, IOpenApiSchema> { ["@odata.etag"] = new OpenApiSchema { Type = JsonSchemaType.String, ReadOnly = true } };
        foreach (var attribute in entity.Attributes) properties[attribute.WebApiName] = Column(attribute);
        foreach (var relationship in entity.ManyToOne) properties[relationship.ReferencingNavigation] = Row(relationship.ReferencedEntity);
        foreach (var relationship in entity.OneToMany) properties[relationship.Name] = Rows(relationship.ReferencingEntity);
        foreach (var (near, far) in entity.ManyToMany.SelectMany(relationship => new[] { (relationship.First, relationship.Second), (relationship.Second, relationship.First) }))
            if (near.Entity == entity.LogicalName) properties[near.Navigation] = Rows(far.Entity);
        return new OpenApiSchema { Type = JsonSchemaType.Object, Title = entity.Title.For(language), Description = entity.Description?.For(language), Properties = properties };
    }

    /// <summary>What a request may write of a row.</summary>
    public OpenApiSchema Written(EntityDefinition entity)
    {
        var properties = new Dictionary<string, IOpenApiSchema>();
        foreach (var attribute in entity.Attributes.Where(attribute => IsWritten(entity, attribute))) properties[attribute.LogicalName] = Column(attribute);
        foreach (var relationship in entity.ManyToOne.Where(relationship => entity.Attribute(relationship.ReferencingAttribute) is { Origin: not AttributeOrigin.Engine }))
            properties[$"{relationship.ReferencingNavigation}@odata.bind"] = Link(relationship.ReferencedEntity);
        foreach (var relationship in entity.OneToMany) properties[$"{relationship.Name}@odata.bind"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Link(relationship.ReferencingEntity) };
        return new OpenApiSchema { Type = JsonSchemaType.Object, Title = entity.Title.For(language), Properties = properties };
    }

    private static bool IsWritten(EntityDefinition entity, AttributeDefinition attribute) =>
        attribute.Kind is not (AttributeKind.Lookup or AttributeKind.File) && attribute.Computed is null && !attribute.ReadOnly && (attribute.Origin != AttributeOrigin.Engine || attribute == entity.PrimaryId);

    private OpenApiSchemaReference Row(string entity) => new(entity, document);

    private OpenApiSchema Rows(string entity) => new() { Type = JsonSchemaType.Array, Items = Row(entity) };

    private OpenApiSchema Link(string entity) => new()
    {
        Type = JsonSchemaType.String | JsonSchemaType.Null,
        WriteOnly = true,
        Description = $"/{metadata.Entity(entity).EntitySetName}(id)",
    };

    private OpenApiSchema Column(AttributeDefinition attribute)
    {
        var schema = Typed(attribute);
        if (!attribute.Required) schema.Type |= JsonSchemaType.Null;
        schema.Title = attribute.Title.For(language);
        schema.Description = attribute.Description?.For(language);
        schema.ReadOnly = attribute.Computed is not null || attribute.ReadOnly || attribute.Origin == AttributeOrigin.Engine || attribute.Kind is AttributeKind.Lookup or AttributeKind.File;
        if (attribute.Options.IsEmpty) return schema;
        var options = string.Join(", ", attribute.Options.Select(option => string.Create(CultureInfo.InvariantCulture, $"{option.Value} {option.Label.For(language)}")));
        schema.Description = schema.Description is { Length: > 0 } text ? $"{text} ({options})" : options;
        if (attribute.Kind is AttributeKind.Choice or AttributeKind.State or AttributeKind.Status)
        {
            schema.Enum = [.. attribute.Options.Select(option => (JsonNode)option.Value)];
            if (!attribute.Required) schema.Enum.Add(JsonNullSentinel.JsonNull);
        }
        return schema;
    }

    private static OpenApiSchema Typed(AttributeDefinition attribute) => attribute.Kind switch
    {
        AttributeKind.String or AttributeKind.Memo => new() { Type = JsonSchemaType.String, MaxLength = attribute.MaxLength },
        AttributeKind.MultiChoice => new() { Type = JsonSchemaType.String },
        AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => new() { Type = JsonSchemaType.Integer, Format = "int32" },
        AttributeKind.BigInt => new() { Type = JsonSchemaType.Integer, Format = "int64" },
        AttributeKind.Decimal or AttributeKind.Money => new() { Type = JsonSchemaType.Number, Format = "decimal" },
        AttributeKind.Double => new() { Type = JsonSchemaType.Number, Format = "double" },
        AttributeKind.Boolean => new() { Type = JsonSchemaType.Boolean },
        AttributeKind.DateTime => new() { Type = JsonSchemaType.String, Format = "date-time" },
        AttributeKind.DateOnly => new() { Type = JsonSchemaType.String, Format = "date" },
        AttributeKind.Image => new() { Type = JsonSchemaType.String, Format = "byte" },
        AttributeKind.GeoPoint => new() { Type = JsonSchemaType.Object, Description = "GeoJSON" },
        _ => new() { Type = JsonSchemaType.String, Format = "uuid" },
    };
}
