using Platform.Engine.Metadata;

namespace Platform.OData.Model;

/// <summary>How errors name the type of an attribute, in bodies and in queries alike.</summary>
internal static class TypeWords
{
    public static string Expected(AttributeDefinition attribute) => attribute.Kind switch
    {
        AttributeKind.String or AttributeKind.Memo => "a text (Edm.String)",
        AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => "a whole number (Edm.Int32)",
        AttributeKind.MultiChoice => "values of its choice such as \"1,2\" (Edm.String)",
        AttributeKind.BigInt => "a whole number (Edm.Int64)",
        AttributeKind.Decimal or AttributeKind.Money => "a number (Edm.Decimal)",
        AttributeKind.Double => "a number (Edm.Double)",
        AttributeKind.Boolean => "true or false (Edm.Boolean)",
        AttributeKind.DateTime => "a point in time with its offset such as 2025-01-31T09:30:00Z (Edm.DateTimeOffset)",
        AttributeKind.DateOnly => "a date such as 2025-01-31 (Edm.Date)",
        AttributeKind.GeoPoint => "a point on the earth such as {\"type\":\"Point\",\"coordinates\":[126.978,37.5665]} with the longitude first (Edm.GeographyPoint)",
        AttributeKind.File => "the id of a file (Edm.Guid)",
        AttributeKind.Image => "an image as base64 text (Edm.Binary)",
        AttributeKind.UniqueIdentifier => "an id such as 01234567-89ab-cdef-0123-456789abcdef (Edm.Guid)",
        AttributeKind.Lookup => "the id of a row (Edm.Guid)",
        _ => attribute.Kind.ToString(),
    };
}
