using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata.Compiling;
using Platform.OData.Metadata.Model;

namespace Platform.OData.Metadata.Changing;

/// <summary>A definition as a client writes it, and the values inside it. Members that nobody asks for say nothing: clients send back what they read.</summary>
internal sealed class DefinitionBody(JsonObject json, string path = "")
{
    private const string TypeName = "@odata.type";
    private const string Namespace = "Microsoft.Dynamics.CRM.";

    public JsonObject Json => json;

    /// <summary>Name of the type without its namespace; empty when the body does not say.</summary>
    public string Type => Text(TypeName)?.TrimStart('#') is { } name ? name.StartsWith(Namespace, StringComparison.Ordinal) ? name[Namespace.Length..] : name : "";

    /// <summary>
    /// Refuses members whose names are one slip away from a property's. Others that there are not in this system say nothing:
    /// Dataverse has more of them.
    /// </summary>
    /// <param name="expected">Type of the definition; what the body says of it counts first.</param>
    /// <exception cref="PlatformException">A name is written wrong.</exception>
    public void CheckSpelling(MetadataType expected)
    {
        var type = MetadataType.Named(Type) is { } named && named.Is(expected) ? named : expected;
        foreach (var (name, value) in json)
        {
            if (type.Find(name) is { } property)
            {
                if (!MetadataType.IsStructure(property.ItemType)) continue;
                foreach (var part in value is JsonArray items ? [.. items] : new[] { value })
                    if (part is JsonObject members) new DefinitionBody(members, Path(name)).CheckSpelling(MetadataType.Of(property.ItemType));
            }
            else if (!name.Contains('@', StringComparison.Ordinal) && type.Properties.Any(known => Spelling.IsSlip(name, known.Name)))
            {
                throw Errors.UnknownMetadataProperty(type.Name, name, type.Properties.Select(known => known.Name));
            }
        }
    }

    public bool Has(string name) => json[name] is not null;

    /// <summary>What the body speaks of.</summary>
    public IEnumerable<string> Names => json.Select(member => member.Key);

    /// <summary>The body has this value.</summary>
    /// <param name="value">Text, id, number, true or false; <c>null</c>.</param>
    public bool Says(string name, object? value) => (json[name], value) switch
    {
        (null, null) => true,
        (JsonValue found, { } known) => string.Equals(found.ToString(), Convert.ToString(known, System.Globalization.CultureInfo.InvariantCulture), known is string ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <exception cref="PlatformException">It is no text.</exception>
    public string? Text(string name) => json[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw Wrong(name, "a text"),
    };

    /// <exception cref="PlatformException">It is missing, empty or no text.</exception>
    public string DemandText(string name) => Text(name) is { Length: > 0 } text ? text : throw Missing(name);

    public bool? Flag(string name) => json[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw Wrong(name, "true or false"),
    };

    public int? Integer(string name) => json[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) => number,
        _ => throw Wrong(name, "a whole number"),
    };

    /// <summary>A number as it is written.</summary>
    public decimal? Number(string name) => json[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Wrong(name, "a number"),
    };

    public DefinitionBody? Object(string name) => json[name] switch
    {
        null => null,
        JsonObject members => new DefinitionBody(members, Path(name)),
        _ => throw Wrong(name, "an object"),
    };

    public IReadOnlyList<DefinitionBody> Objects(string name) => json[name] switch
    {
        null => [],
        JsonArray items => [.. items.Select((item, at) => item is JsonObject members ? new DefinitionBody(members, $"{Path(name)}/{at}") : throw Wrong(name, "a list of objects"))],
        _ => throw Wrong(name, "a list of objects"),
    };

    public IReadOnlyList<string> Texts(string name) => json[name] is JsonArray items && items.All(item => item is JsonValue value && value.TryGetValue<string>(out _))
        ? [.. items.Select(item => item!.GetValue<string>())]
        : json[name] is null ? [] : throw Wrong(name, "a list of texts");

    /// <summary>The value of a managed property, which comes as <c>{ "Value": … }</c> or bare.</summary>
    public bool? Setting(string name) => json[name] is JsonObject ? Object(name)!.Flag("Value") : Flag(name);

    /// <summary>A label with its languages; <c>null</c> when the body leaves it alone.</summary>
    public LabelBody? Label(string name) => Object(name) is { } label ? LabelBody.Of(label) : null;

    public PlatformException Missing(string name) => Errors.BadRequest($"The property '{Path(name)}' is required and has no value.");

    public PlatformException Wrong(string name, string expected) => Errors.BadJson($"the property '{Path(name)}' is not {expected}.");

    private string Path(string name) => path.Length == 0 ? name : $"{path}/{name}";
}
