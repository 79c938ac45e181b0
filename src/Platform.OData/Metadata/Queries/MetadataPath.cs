using System.Collections.Immutable;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.OData.Metadata.Model;

namespace Platform.OData.Metadata.Queries;

/// <summary>The path of a request for definitions: a set, and the way from it to what is asked for.</summary>
/// <param name="Steps">From the set on; <c>$count</c> and <c>$value</c> not among them.</param>
/// <param name="End">What the path ends with.</param>
internal sealed record MetadataPath(ImmutableArray<ODataPathSegment> Steps, MetadataPathEnd End)
{
    /// <summary>Type of what is addressed, or of its items; <c>null</c> for primitive values.</summary>
    public MetadataType? Type => Steps[^1].EdmType.AsElementType() is IEdmStructuredType type ? MetadataType.Named(((IEdmSchemaElement)type).Name) : null;

    /// <summary>The library's view of <see cref="Type"/>.</summary>
    public IEdmType EdmType => Steps[^1].EdmType.AsElementType();

    /// <summary>The set that what is addressed belongs to, as the library sees it.</summary>
    public IEdmNavigationSource? Source => Steps[^1] switch
    {
        EntitySetSegment set => set.EntitySet,
        KeySegment key => key.NavigationSource,
        NavigationPropertySegment navigation => navigation.NavigationSource,
        TypeSegment cast => cast.NavigationSource,
        _ => null,
    };

    /// <summary>Many are addressed.</summary>
    public bool IsCollection => Steps[^1].EdmType.TypeKind == EdmTypeKind.Collection;

    /// <summary>What is addressed is a value inside a definition.</summary>
    public bool IsProperty => Steps.Any(step => step is PropertySegment);

    /// <param name="text">Below the service's root, as it came over the wire.</param>
    /// <exception cref="PlatformException">Nothing is at the path (404), or a key in it cannot be read (400).</exception>
    public static MetadataPath Parse(string text)
    {
        ODataPath path;
        try
        {
            var parser = new ODataUriParser(MetadataModel.Shared, new Uri(text.TrimEnd('/'), UriKind.Relative)) { Resolver = new AlternateKeysODataUriResolver(MetadataModel.Shared) };
            path = parser.ParsePath();
        }
        catch (ODataUnrecognizedPathException failure)
        {
            throw Unknown(failure);
        }
        catch (ODataException failure)
        {
            throw Errors.BadRequest(
                $"The path '{text}' cannot be read: {failure.Message}",
                "A definition is named by its id or its name: EntityDefinitions(LogicalName='…'), Attributes(LogicalName='…'), RelationshipDefinitions(SchemaName='…'), GlobalOptionSetDefinitions(Name='…').");
        }
        var steps = path.ToImmutableArray();
        var end = steps[^1] switch
        {
            CountSegment => MetadataPathEnd.Count,
            ValueSegment => MetadataPathEnd.Value,
            _ => MetadataPathEnd.None,
        };
        if (end != MetadataPathEnd.None) steps = steps.RemoveAt(steps.Length - 1);
        if (steps.FirstOrDefault(step => step is not (EntitySetSegment or KeySegment or TypeSegment or NavigationPropertySegment or PropertySegment)) is { } other)
            throw Errors.NotOffered($"The path '{other.Identifier}' behind definitions");
        return new MetadataPath(steps, end);
    }

    /// <summary>The part of the context URL that says where the answer comes from.</summary>
    /// <param name="selection">In parentheses, or empty.</param>
    public string Context(string selection)
    {
        var text = new System.Text.StringBuilder();
        KeySegment? key = null;
        var afterKeyed = 0;
        foreach (var step in Steps)
        {
            if (step is KeySegment found)
            {
                (key, afterKeyed) = (found, text.Length);
                continue;
            }
            // The key of what the answer itself is about does not stand in its context; those on the way to it do.
            if (key is not null && step is not TypeSegment)
            {
                text.Insert(afterKeyed, $"({Text(key)})");
                key = null;
            }
            if (step is not EntitySetSegment) text.Append('/');
            text.Append(step is TypeSegment cast ? ((IEdmSchemaElement)cast.EdmType.AsElementType()).FullName() : step.Identifier);
        }
        text.Append(selection);
        if (!IsCollection && !IsProperty) text.Append("/$entity");
        return text.ToString();
    }

    private static string Text(KeySegment key) => string.Join(',', key.Keys.Select(part => part.Value is string text ? $"'{text}'" : $"{part.Value}"));

    private static PlatformException Unknown(ODataUnrecognizedPathException failure)
    {
        var parsed = failure.ParsedSegments?.LastOrDefault()?.EdmType?.AsElementType() as IEdmStructuredType;
        var names = parsed?.Properties().Select(property => property.Name) ?? MetadataModel.Sets;
        return failure.CurrentSegment is { } segment ? Errors.UnknownDefinitionPath(segment, names) : Errors.BadRequest(failure.Message);
    }
}

internal enum MetadataPathEnd
{
    None,

    /// <summary><c>/$count</c></summary>
    Count,

    /// <summary><c>/$value</c></summary>
    Value,
}
