using System.Text.Json.Nodes;
using Microsoft.OData.Edm;

namespace Platform.OData.Model;

/// <summary>Puts right what the library's writer of CSDL JSON leaves out or adds: its JSON then says what its XML says.</summary>
internal static class CsdlJson
{
    private const string Kind = "$Kind";
    private const string Nullable = "$Nullable";

    /// <param name="document">As the library wrote it.</param>
    public static void PutRight(JsonObject document, IEdmModel model)
    {
        foreach (var (schema, members) in Objects(document))
        {
            foreach (var (name, member) in Objects(members))
            {
                if ((string?)member[Kind] == "EntityContainer") DropKinds(member);
                else if (model.FindDeclaredType($"{schema}.{name}") is IEdmStructuredType type) SayNullable(member, type);
            }
        }
    }

    /// <summary>An import is told by what it imports: it has no kind.</summary>
    private static void DropKinds(JsonObject container)
    {
        foreach (var (_, child) in Objects(container))
            if ((string?)child[Kind] is "ActionImport" or "FunctionImport") child.Remove(Kind);
    }

    /// <summary>In XML a navigation property is nullable unless it says otherwise, in JSON the other way round.</summary>
    private static void SayNullable(JsonObject json, IEdmStructuredType type)
    {
        foreach (var (name, property) in Objects(json))
        {
            if ((string?)property[Kind] == "NavigationProperty" && type.FindProperty(name) is IEdmNavigationProperty { Type.IsNullable: true } navigation && navigation.TargetMultiplicity() != EdmMultiplicity.Many)
                property[Nullable] = true;
        }
    }

    private static IEnumerable<(string Name, JsonObject Value)> Objects(JsonObject json) =>
        [.. json.Where(member => member.Value is JsonObject).Select(member => (member.Key, (JsonObject)member.Value!))];
}
