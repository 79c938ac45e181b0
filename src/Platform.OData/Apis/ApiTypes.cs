using Microsoft.OData.Edm;
using Platform.Engine.Metadata;
using Platform.OData.Model;

namespace Platform.OData.Apis;

/// <summary>The types of custom APIs' values in OData's words.</summary>
internal static class ApiTypes
{
    /// <summary>The type as errors name it.</summary>
    public static string Name(ApiParameter parameter) => parameter.Kind switch
    {
        ApiValueKind.StringArray => "Collection(Edm.String)",
        ApiValueKind.EntityReference or ApiValueKind.Entity => $"{EdmModelBuilder.Namespace}.{parameter.Entity ?? "crmbaseentity"}",
        ApiValueKind.EntityCollection => $"Collection({EdmModelBuilder.Namespace}.{parameter.Entity ?? "crmbaseentity"})",
        _ => $"Edm.{Primitive(parameter.Kind)}",
    };

    /// <summary>The type of a value that is no row and no list.</summary>
    public static EdmPrimitiveTypeKind Primitive(ApiValueKind kind) => kind switch
    {
        ApiValueKind.Boolean => EdmPrimitiveTypeKind.Boolean,
        ApiValueKind.DateTime => EdmPrimitiveTypeKind.DateTimeOffset,
        ApiValueKind.Decimal or ApiValueKind.Money => EdmPrimitiveTypeKind.Decimal,
        ApiValueKind.Double => EdmPrimitiveTypeKind.Double,
        ApiValueKind.Integer or ApiValueKind.Choice => EdmPrimitiveTypeKind.Int32,
        ApiValueKind.BigInt => EdmPrimitiveTypeKind.Int64,
        ApiValueKind.String => EdmPrimitiveTypeKind.String,
        ApiValueKind.UniqueIdentifier => EdmPrimitiveTypeKind.Guid,
        _ => throw new InvalidOperationException($"{kind} is no primitive type."),
    };
}
