using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Engine.Metadata.Compiling;

namespace Platform.Engine.Metadata.Layers;

/// <summary>A JSON value put together from the files of several layers; every part knows the place where it was written.</summary>
internal sealed class LayeredValue
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    private readonly List<KeyValuePair<string, LayeredValue>> members = [];
    private readonly List<LayeredValue> items = [];

    private LayeredValue(JsonNode place, JsonValueKind kind)
    {
        (Place, Kind) = (place, kind);
    }

    /// <summary>Where it was written; for an object or array that several layers fill, where the lowest one opens it.</summary>
    public JsonNode Place { get; }

    public JsonValueKind Kind { get; }

    public IReadOnlyList<KeyValuePair<string, LayeredValue>> Members => members;

    public IReadOnlyList<LayeredValue> Items => items;

    /// <summary>A value as one file has it.</summary>
    public static LayeredValue Of(JsonNode node)
    {
        var value = new LayeredValue(node, node.Value.ValueKind);
        if (value.Kind == JsonValueKind.Object)
        {
            foreach (var member in node.Members()) value.members.Add(new(member.Name, Of(member)));
        }
        else if (value.Kind == JsonValueKind.Array)
        {
            foreach (var item in node.Items()) value.items.Add(Of(item));
        }

        return value;
    }

    /// <summary>An object or array without content that stands where another one does.</summary>
    public static LayeredValue Empty(JsonNode place, JsonValueKind kind) => new(place, kind);

    public LayeredValue? Find(string name)
    {
        foreach (var (known, value) in members)
        {
            if (known == name) return value;
        }

        return null;
    }

    /// <summary>Sets a member; a new one comes last.</summary>
    public void Set(string name, LayeredValue value)
    {
        var at = members.FindIndex(member => member.Key == name);
        if (at < 0) members.Add(new(name, value));
        else members[at] = new(name, value);
    }

    public bool Remove(string name) => members.RemoveAll(member => member.Key == name) > 0;

    public void Add(LayeredValue item) => items.Add(item);

    public void Insert(int at, LayeredValue item) => items.Insert(at, item);

    public bool Remove(LayeredValue item) => items.Remove(item);

    public int IndexOf(Predicate<LayeredValue> match) => items.FindIndex(match);

    /// <summary>The text, when it is one.</summary>
    public string? Text => Kind == JsonValueKind.String ? Place.Value.GetString() : null;

    /// <summary>JSON, indented by two.</summary>
    public string ToText()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Written)) Write(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The value as the readers of metadata take it: errors name the place where the part in question was written.</summary>
    public JsonNode ToNode(JsonFile file) => new(file, null, "", JsonElement.Parse(ToText()), this);

    private void Write(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    writer.WritePropertyName(name);
                    value.Write(writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in items) item.Write(writer);
                writer.WriteEndArray();
                break;
            default:
                Place.Value.WriteTo(writer);
                break;
        }
    }
}
