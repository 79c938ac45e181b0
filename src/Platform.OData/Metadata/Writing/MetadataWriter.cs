using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Types;
using Platform.OData.Model;
using Platform.OData.Writing;

namespace Platform.OData.Metadata.Writing;

/// <summary>Writes definitions as JSON.</summary>
/// <param name="languages">Languages that labels are cut down to; empty: all.</param>
/// <param name="asValues">Answers of functions: there, definitions are values of the complex twins of their types, and say whether they have changed.</param>
internal sealed class MetadataWriter(Utf8JsonWriter json, ImmutableArray<int> languages, bool asValues = false)
{
    private static readonly JsonEncodedText TypeName = JsonText.Encode("@odata.type");

    /// <summary>Writes a definition or complex value as an object.</summary>
    /// <param name="declared">Type that the reader expects here; another one is named.</param>
    public void WriteObject(object value, MetadataType declared, Selection selection)
    {
        json.WriteStartObject();
        WriteMembers(value, declared, selection);
        json.WriteEndObject();
    }

    /// <summary>Writes what stands between the braces.</summary>
    public void WriteMembers(object value, MetadataType declared, Selection selection)
    {
        if (value is Label label) value = Cut(label);
        var type = MetadataType.Of(value);
        if (type != declared) json.WriteString(TypeName, $"#{EdmModelBuilder.Namespace}.{(asValues && type.IsDefinition ? MetadataFunctionModel.Twin : "")}{type.Name}");
        foreach (var property in type.Properties)
        {
            if (property.IsNavigation) continue;
            if (selection.Within(property) is { } within) WriteProperty(property, value, within);
            // The id always comes along, also where it was not selected.
            else if (type.IsEntity && (property.IsKey || (asValues && property.Name == nameof(MetadataBase.HasChanged)))) WriteProperty(property, value, Selection.Everything);
        }
        foreach (var expansion in selection.Expansions)
            if (type.Is(expansion.Owner)) WriteExpansion(expansion, value);
    }

    /// <summary>Writes a value of any type.</summary>
    /// <param name="declared">.NET type that the reader expects.</param>
    public void WriteValue(object? value, Type declared, Selection selection)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number: json.WriteNumberValue(number); break;
            case Guid id: json.WriteStringValue(id); break;
            case DateTimeOffset point: json.WriteStringValue(point.UtcDateTime); break;
            case Enum member: json.WriteStringValue(member.ToString()); break;
            case IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items) WriteValue(item, declared, selection);
                json.WriteEndArray();
                break;
            default: WriteObject(value, MetadataType.Of(declared), selection); break;
        }
    }

    private void WriteProperty(MetadataProperty property, object owner, Selection within)
    {
        json.WritePropertyName(property.Json);
        WriteValue(property.Of(owner), property.ItemType, within);
    }

    private void WriteExpansion(Expansion expansion, object owner)
    {
        var items = expansion.Of(owner);
        if (expansion.Count) json.WriteNumber($"{expansion.Property.Name}@odata.count", items.Count);
        json.WritePropertyName(expansion.Property.Json);
        if (!expansion.Property.IsCollection)
        {
            if (items.Count == 0) json.WriteNullValue();
            else WriteObject(items[0], expansion.Item, expansion.Selection);
            return;
        }
        json.WriteStartArray();
        foreach (var item in items) WriteObject(item, expansion.Item, expansion.Selection);
        json.WriteEndArray();
    }

    private Label Cut(Label label)
    {
        if (languages.IsEmpty) return label;
        ImmutableArray<LocalizedLabel> kept = [.. label.LocalizedLabels.Where(text => languages.Contains(text.LanguageCode))];
        return new Label(kept, label.UserLocalizedLabel is { } own && kept.Contains(own) ? own : kept.FirstOrDefault());
    }
}
