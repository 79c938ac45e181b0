using Microsoft.OData.UriParser;
using Microsoft.Spatial;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Model;
using Platform.Sdk;

namespace Platform.OData.Queries;

/// <summary><c>geo.distance(column,geography'SRID=4326;Point(126.978 37.5665)')</c> in a filter or an order: metres between a row's point and a fixed one.</summary>
internal static class GeoDistance
{
    public const string Name = "geo.distance";

    private const string Form = "Write geo.distance(column,geography'SRID=4326;Point(longitude latitude)').";

    /// <summary>The distance as an attribute to filter and sort by.</summary>
    /// <param name="bare">Takes conversions and parameter aliases off a node.</param>
    /// <exception cref="PlatformException">The arguments are no geo point column and a point (400).</exception>
    public static AttributeDefinition Read(SingleValueFunctionCallNode node, EntityDefinition entity, Func<QueryNode, QueryNode> bare)
    {
        QueryNode[] arguments = [.. node.Parameters.Select(bare)];
        if (arguments is [ConstantNode point, SingleValuePropertyAccessNode column]) arguments = [column, point];
        if (arguments is not [SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } access, ConstantNode { Value: GeographyPoint to }]
            || EntityNames.Of(entity).Find(access.Property.Name) is not { Attribute: { Kind: AttributeKind.GeoPoint } from })
            throw Errors.BadRequest("geo.distance takes a column of geo points and one point.", Form);
        return new DistanceColumn(from, Point(to)).ToAttribute();
    }

    private static GeoPoint Point(GeographyPoint point)
    {
        if (point.CoordinateSystem.EpsgId != CoordinateSystem.DefaultGeography.EpsgId) throw Errors.BadRequest($"A point has the coordinate system 4326 (WGS 84), not {point.CoordinateSystem.EpsgId}.", Form);
        if (point.IsEmpty || point.Z is not null || point.M is not null) throw Errors.BadRequest("A point has a longitude and a latitude, and nothing else.", Form);
        if (Math.Abs(point.Latitude) > 90 || Math.Abs(point.Longitude) > 180) throw Errors.BadRequest("A longitude is -180 to 180 degrees, a latitude -90 to 90.", Form);
        return new GeoPoint((decimal)point.Latitude, (decimal)point.Longitude);
    }
}
