using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace Platform.OData.Queries;

/// <summary>Makes <c>coalesce</c>, which formulas have, known to the URL parser, for up to four values of one type.</summary>
internal static class CoalesceFunction
{
    private const int MostArguments = 4;

    private static readonly EdmPrimitiveTypeKind[] Kinds =
    [
        EdmPrimitiveTypeKind.Int32, EdmPrimitiveTypeKind.Int64, EdmPrimitiveTypeKind.Decimal, EdmPrimitiveTypeKind.Double, EdmPrimitiveTypeKind.String,
        EdmPrimitiveTypeKind.Boolean, EdmPrimitiveTypeKind.DateTimeOffset, EdmPrimitiveTypeKind.Date, EdmPrimitiveTypeKind.Guid,
    ];

    /// <summary>To be called once: the library keeps functions for the whole process.</summary>
    public static void Register()
    {
        foreach (var kind in Kinds)
        {
            var type = EdmCoreModel.Instance.GetPrimitive(kind, isNullable: true);
            for (var count = 2; count <= MostArguments; count++)
                CustomUriFunctions.AddCustomUriFunction("coalesce", new FunctionSignatureWithReturnType(type, [.. Enumerable.Repeat(type, count)]));
        }
    }
}
