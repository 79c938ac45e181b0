using System.Buffers;
using System.Text.Json;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads the members of one object. Whoever has read it calls <see cref="Close"/>: what nobody asked for is an unknown key.</summary>
internal sealed class JsonObject
{
    private static readonly string[] Annotations = ["$schema", "$id", "$comment", "examples", "deprecated"];

    // Objects are small: looking through a list is faster than hashing, and most of what is read are objects.
    private readonly JsonNode[] members;
    private readonly bool[] isKnown;
    private string[] asked = ArrayPool<string>.Shared.Rent(32);
    private int askedCount;
    private bool askedAll;

    private JsonObject(JsonNode node)
    {
        Node = node;
        members = node.Members();
        isKnown = new bool[members.Length];
    }

    public JsonNode Node { get; }

    /// <summary>Opens an object; reports anything else and returns <c>null</c>.</summary>
    public static JsonObject? Open(JsonNode? node)
    {
        if (node is null) return null;
        if (node.Value.ValueKind == JsonValueKind.Object) return new JsonObject(node);
        node.Fail($"An object is expected here, found {node.Found}.", "Write { … }.");
        return null;
    }

    public bool Has(string key) => Array.Exists(members, member => member.Name == key);

    public JsonNode? Find(string key)
    {
        if (askedCount == asked.Length) Grow();
        asked[askedCount++] = key;
        for (var at = 0; at < members.Length; at++)
        {
            if (members[at].Name != key) continue;
            isKnown[at] = true;
            return members[at];
        }

        return null;
    }

    /// <summary>A member that must be there; reports its absence.</summary>
    public JsonNode? Demand(string key, string why)
    {
        var node = Find(key);
        if (node is null) Node.Fail($"The key '{key}' is missing.", why);
        return node;
    }

    public string? Text(string key) => Find(key)?.AsText();

    public string? DemandText(string key, string why) => Demand(key, why)?.AsText();

    public bool Flag(string key, bool otherwise) => Find(key)?.AsFlag() ?? otherwise;

    public int Integer(string key, int least, int most, int otherwise) => Find(key)?.AsInteger(least, most) ?? otherwise;

    public JsonObject? Object(string key) => Open(Find(key));

    /// <summary>The items of an array; empty when the key is absent or holds something else, which is reported.</summary>
    public IReadOnlyList<JsonNode> Items(string key)
    {
        if (Find(key) is not { } node) return [];
        if (node.IsArray) return node.Items();
        node.Fail($"An array is expected here, found {node.Found}.", "Write [ … ].");
        return [];
    }

    /// <summary>The objects of an array.</summary>
    public IEnumerable<JsonObject> Objects(string key) => Items(key).Select(Open).OfType<JsonObject>();

    /// <summary>The texts of an array, each once; other items and repetitions are reported.</summary>
    public IReadOnlyList<JsonNode> Texts(string key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var texts = new List<JsonNode>();
        foreach (var item in Items(key))
        {
            if (item.AsText() is not { } text) continue;
            if (seen.Add(text)) texts.Add(item);
            else item.Fail($"'{text}' stands twice in this list.", "Keep one of the two.");
        }

        return texts;
    }

    /// <summary>All members, for objects whose keys are names.</summary>
    public IReadOnlyList<JsonNode> All()
    {
        askedAll = true;
        return members;
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void Close()
    {
        for (var at = 0; at < members.Length && !askedAll; at++)
        {
            var member = members[at];
            // A key that stands twice is reported as such.
            if (isKnown[at] || Annotations.Contains(member.Name) || asked.AsSpan(0, askedCount).Contains(member.Name)) continue;
            member.Fail($"The key '{member.Name}' is unknown here.", Spelling.Hint(member.Name, asked.Take(askedCount), "Take it out."));
        }

        ArrayPool<string>.Shared.Return(asked, clearArray: true);
        (asked, askedCount) = ([], 0);
    }

    private void Grow()
    {
        var more = ArrayPool<string>.Shared.Rent(Math.Max(32, 2 * asked.Length));
        asked.AsSpan(0, askedCount).CopyTo(more);
        ArrayPool<string>.Shared.Return(asked, clearArray: true);
        asked = more;
    }
}
