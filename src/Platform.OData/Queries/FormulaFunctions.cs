using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace Platform.OData.Queries;

/// <summary>Makes functions known to the URL parser that formulas have and it has not: <c>coalesce</c> for up to four values of one type or all numbers, <c>round</c> with digits, <c>totimezone</c>.</summary>
internal static class FormulaFunctions
{
    private const int MostArguments = 4;

    private static readonly EdmPrimitiveTypeKind[] Kinds = [EdmPrimitiveTypeKind.String, EdmPrimitiveTypeKind.Boolean, EdmPrimitiveTypeKind.DateTimeOffset, EdmPrimitiveTypeKind.Date, EdmPrimitiveTypeKind.Guid];

    private static readonly EdmPrimitiveTypeKind[] Numbers = [EdmPrimitiveTypeKind.Int32, EdmPrimitiveTypeKind.Int64, EdmPrimitiveTypeKind.Decimal, EdmPrimitiveTypeKind.Double];

    /// <summary>To be called once: the library keeps functions for the whole process.</summary>
    public static void Register()
    {
        for (var count = 2; count <= MostArguments; count++)
        {
            foreach (var kind in Kinds) Add("coalesce", kind, [.. Enumerable.Repeat(kind, count)]);
            foreach (var kinds in Mixed(count)) Add("coalesce", Common(kinds), kinds);
        }
        Add("totimezone", EdmPrimitiveTypeKind.DateTimeOffset, [EdmPrimitiveTypeKind.DateTimeOffset, EdmPrimitiveTypeKind.String]);
        foreach (var kind in Numbers) Add("round", kind is EdmPrimitiveTypeKind.Double ? kind : EdmPrimitiveTypeKind.Decimal, [kind, EdmPrimitiveTypeKind.Int32]);
    }

    /// <summary>Every series of numbers: the library would not let exact and floating-point ones stand beside each other.</summary>
    private static IEnumerable<EdmPrimitiveTypeKind[]> Mixed(int count) =>
        count == 0 ? [[]] : Mixed(count - 1).SelectMany(_ => Numbers, (kinds, next) => (EdmPrimitiveTypeKind[])[.. kinds, next]);

    private static EdmPrimitiveTypeKind Common(EdmPrimitiveTypeKind[] kinds) =>
        kinds.Contains(EdmPrimitiveTypeKind.Decimal) ? EdmPrimitiveTypeKind.Decimal : Numbers[kinds.Max(kind => Array.IndexOf(Numbers, kind))];

    private static void Add(string name, EdmPrimitiveTypeKind result, EdmPrimitiveTypeKind[] arguments) =>
        CustomUriFunctions.AddCustomUriFunction(name, new FunctionSignatureWithReturnType(Type(result), [.. arguments.Select(Type)]));

    private static IEdmTypeReference Type(EdmPrimitiveTypeKind kind) => EdmCoreModel.Instance.GetPrimitive(kind, isNullable: true);
}
