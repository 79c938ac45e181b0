using System.Collections.Immutable;
using Microsoft.OData;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Model;
using Platform.OData.Queries;

namespace Platform.OData.Routing;

/// <summary>The text between the parentheses of <c>accounts(…)</c>: the id of a row, or the values of an alternate key.</summary>
/// <param name="Id">Empty where an alternate key names the row.</param>
/// <param name="Alternate"><c>null</c> where the id does.</param>
internal readonly record struct RowKey(Guid Id, AlternateKey? Alternate = null)
{
    /// <param name="text">Decoded.</param>
    /// <exception cref="PlatformException">Neither an id nor the attributes of a key that the entity declares, or a value of the wrong type (400).</exception>
    public static RowKey Parse(ReadOnlySpan<char> text, EntityDefinition entity)
    {
        if (Guid.TryParseExact(text, "D", out var id)) return new RowKey(id);
        var equals = text.IndexOf('=');
        if (equals < 0) throw NoId(text, entity);
        if (!text[..equals].Trim().SequenceEqual(entity.PrimaryIdAttribute)) return new RowKey(Guid.Empty, AlternateKey.Parse(text, entity));
        return Guid.TryParseExact(text[(equals + 1)..].Trim(), "D", out id) ? new RowKey(id) : throw NoId(text[(equals + 1)..], entity);
    }

    private static PlatformException NoId(ReadOnlySpan<char> text, EntityDefinition entity) =>
        Errors.BadRequest($"'{text}' is not the id of a row of '{entity.EntitySetName}'.", $"Write {entity.EntitySetName}(01234567-89ab-cdef-0123-456789abcdef), or the values of an alternate key.");
}

/// <summary>A row named by the values of one of its entity's keys: <c>contacts(firstname='Joe',_accountid_value=…)</c>.</summary>
/// <param name="Text">As the client wrote it, for messages.</param>
internal sealed record AlternateKey(EntityDefinition Entity, KeyDefinition Definition, ImmutableArray<(AttributeDefinition Attribute, object Value)> Parts, string Text)
{
    /// <summary>Holds for the row that is meant, and for no other.</summary>
    public FilterNode ToFilter() => new AllOf([.. Parts.Select(FilterNode (part) => new Compare(part.Attribute, Comparison.Equal, part.Value))]);

    /// <summary>The values as <c>Upsert</c> takes them.</summary>
    public ImmutableArray<KeyValuePair<string, object>> ForMessage() => [.. Parts.Select(part => KeyValuePair.Create(part.Attribute.LogicalName, part.Value))];

    public static AlternateKey Parse(ReadOnlySpan<char> text, EntityDefinition entity)
    {
        var written = text.ToString();
        var parts = ImmutableArray.CreateBuilder<(AttributeDefinition, object)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!text.IsEmpty)
        {
            var end = EndOfPart(text);
            var part = text[..end];
            text = end < text.Length ? text[(end + 1)..] : [];
            var equals = part.IndexOf('=');
            var attribute = equals < 0 ? null : Find(part[..equals].Trim(), entity);
            if (attribute is null || !names.Add(attribute.LogicalName)) throw NoKey(written, entity);
            parts.Add((attribute, Value(part[(equals + 1)..].Trim().ToString(), attribute, entity)));
        }
        var definition = entity.Keys.FirstOrDefault(key => names.SetEquals(key.Attributes)) ?? throw NoKey(written, entity);
        return new AlternateKey(entity, definition, parts.ToImmutable(), written);
    }

    /// <summary>How the attributes of a key are written in a URL.</summary>
    private static string Form(EntityDefinition entity, KeyDefinition key) =>
        string.Join(',', key.Attributes.Select(name => $"{entity.Attribute(name).WebApiName}=…"));

    // A lookup is written as it is read; its own name would be that of a navigation property, and still says what is meant.
    private static AttributeDefinition? Find(ReadOnlySpan<char> name, EntityDefinition entity) =>
        EntityNames.Of(entity).Find(name) is { Kind: not NameKind.Collection, Attribute: var attribute } ? attribute : null;

    private static object Value(string literal, AttributeDefinition attribute, EntityDefinition entity)
    {
        object? parsed;
        try
        {
            parsed = ODataUriUtils.ConvertFromUriLiteral(literal, ODataVersion.V4);
        }
        catch (ODataException)
        {
            throw Wrong(literal, attribute, entity);
        }
        var value = parsed is null or ODataNullValue ? null : Literal.ValueFor(attribute, entity, new ConstantNode(parsed, literal));
        // Rounded as a row stores it: the same address names the row that it has made.
        return value is decimal number && attribute.Kind == AttributeKind.Decimal
            ? decimal.Round(number, attribute.Precision, MidpointRounding.AwayFromZero)
            : value ?? throw Wrong(literal, attribute, entity);
    }

    /// <summary>Position of the comma that ends the first part; one inside a quoted text does not count.</summary>
    private static int EndOfPart(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\'') quoted = !quoted;
            else if (text[at] == ',' && !quoted) return at;
        }
        return text.Length;
    }

    private static PlatformException NoKey(string text, EntityDefinition entity) =>
        Errors.UnknownKey(entity.LogicalName, text, [.. entity.Keys.Select(key => $"{entity.EntitySetName}({Form(entity, key)})")]);

    private static PlatformException Wrong(string literal, AttributeDefinition attribute, EntityDefinition entity) =>
        Errors.WrongType(entity.LogicalName, attribute.WebApiName, TypeWords.Expected(attribute), literal);
}
