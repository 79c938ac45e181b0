using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Queries;

/// <summary>Distance of a geo point attribute to a fixed point; part of a query, never of the metadata.</summary>
public sealed record DistanceColumn(AttributeDefinition From, GeoPoint To) : ComputedColumn
{
    /// <summary>An attribute to filter and sort by: metres over the surface of the earth, exact to a millimetre; empty where the row has no point.</summary>
    public AttributeDefinition ToAttribute() => new()
    {
        LogicalName = $"geo.distance({From.LogicalName}, {To})",
        SchemaName = From.SchemaName,
        Kind = AttributeKind.Decimal,
        Title = From.Title,
        Pack = From.Pack,
        Origin = AttributeOrigin.Engine,
        Precision = 3,
        Computed = this,
    };
}
