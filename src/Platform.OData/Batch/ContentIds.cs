using System.Buffers;
using System.Text.Json;
using Platform.Engine;

namespace Platform.OData.Batch;

/// <summary>What the requests of a batch so far have made or changed, by their Content-IDs: <c>$1</c> stands for it in URLs and in links.</summary>
/// <param name="outer">Those of before the change set; <c>null</c> outside of one.</param>
internal sealed class ContentIds(ContentIds? outer = null)
{
    /// <summary>Segments of the protocol that begin with a dollar sign, too.</summary>
    private static readonly string[] Reserved = ["$metadata", "$batch", "$all", "$entity", "$crossjoin"];

    private readonly Dictionary<string, string> paths = new(StringComparer.Ordinal);

    /// <param name="path">Below the service's root: <c>accounts(id)</c>.</param>
    public void Add(string id, string path) => paths[id] = path;

    /// <summary>Takes over those of a change set that was committed.</summary>
    public void Take(ContentIds committed)
    {
        foreach (var (id, path) in committed.paths) paths[id] = path;
    }

    /// <summary>Puts the path in place of a reference with which a path begins.</summary>
    /// <param name="path">Below the service's root: <c>$1/contact_customer_accounts/$ref</c>.</param>
    /// <exception cref="PlatformException">There is no such reference (400).</exception>
    public string Expand(string path)
    {
        if (!path.StartsWith('$')) return path;
        var end = path.AsSpan().IndexOfAny('/', '?', '(');
        var reference = end < 0 ? path : path[..end];
        return Find(reference) is { } found ? found + path[reference.Length..]
            : Reserved.Contains(reference) ? path
            : throw Errors.UnknownContentId(reference);
    }

    /// <summary>Puts the path in place of a reference that <c>?$id=$1</c> names.</summary>
    public string ExpandQuery(string query)
    {
        if (!query.Contains("$id=", StringComparison.Ordinal)) return query;
        var options = query.Split('&');
        for (var at = 0; at < options.Length; at++)
        {
            var value = options[at].TrimStart('?');
            if (value.StartsWith("$id=$", StringComparison.Ordinal)) options[at] = options[at].Replace(value, "$id=" + Uri.EscapeDataString(Link(value["$id=".Length..])), StringComparison.Ordinal);
        }
        return string.Join('&', options);
    }

    /// <summary>Puts links in place of the references that <c>@odata.bind</c> and <c>@odata.id</c> hold. What is no JSON stays as it is, for its reader to refuse.</summary>
    public ReadOnlyMemory<byte> ExpandBody(ReadOnlyMemory<byte> body)
    {
        if (body.Span.IndexOf("\"$"u8) < 0) return body;
        try
        {
            return ExpandLinks(body);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return body;
        }
    }

    private ReadOnlyMemory<byte> ExpandLinks(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        ArrayBufferWriter<byte>? written = null;
        var copied = 0;
        var isLink = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    isLink = reader.ValueSpan.EndsWith("@odata.bind"u8) || reader.ValueSpan.SequenceEqual("@odata.id"u8);
                    break;
                case JsonTokenType.String when isLink && reader.ValueSpan.StartsWith("$"u8):
                    var link = JsonSerializer.SerializeToUtf8Bytes(Link(reader.GetString()!));
                    written ??= new ArrayBufferWriter<byte>(body.Length + link.Length);
                    written.Write(body.Span[copied..(int)reader.TokenStartIndex]);
                    written.Write(link);
                    copied = (int)reader.BytesConsumed;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.EndObject or JsonTokenType.EndArray:
                    isLink = false;
                    break;
            }
        }
        if (written is null) return body;
        written.Write(body.Span[copied..]);
        return written.WrittenMemory;
    }

    private string Link(string reference) => "/" + (Find(reference) ?? throw Errors.UnknownContentId(reference));

    private string? Find(string reference) => paths.GetValueOrDefault(reference[1..]) ?? outer?.Find(reference);
}
