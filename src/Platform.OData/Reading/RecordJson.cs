using System.Buffers;
using System.Text.Json;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Model;
using Platform.OData.Routing;
using Platform.Sdk;

namespace Platform.OData.Reading;

/// <summary>
/// Reads a JSON object as a record of an entity. Checked here is what concerns the text: JSON itself, names, types,
/// links. Lengths, ranges, options and required columns are the engine's matter, whatever door a record comes through.
/// </summary>
/// <param name="nested">Set where rows may be created together with the record.</param>
internal sealed class RecordJson(MetadataSnapshot metadata, EntityDefinition entity, NestedRows? nested = null)
{
    private const int MaxDepth = 32;
    private const int LongestName = 512;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly EntityNames names = EntityNames.Of(entity);
    private readonly List<KeyLink> links = [];
    private readonly List<RelatedBody> related = [];

    /// <summary>Lookups of the record read that name their row by an alternate key; they are not set yet.</summary>
    public IReadOnlyList<KeyLink> Links => links;

    /// <summary>Rows to be created or tied together with the record read.</summary>
    public IReadOnlyList<RelatedBody> Related => related;

    /// <summary>The record's <c>@odata.type</c>; <c>null</c> where it has none.</summary>
    public string? TypeName { get; private set; }

    /// <summary>The record's <c>@odata.id</c>; <c>null</c> where it has none.</summary>
    public string? Address { get; private set; }

    /// <param name="id">The row's id where the URL gives it; else empty.</param>
    /// <exception cref="PlatformException">The text is no such record; the message says where and why.</exception>
    public EntityRecord Read(ReadOnlySequence<byte> json, Guid id)
    {
        if (StartsWithByteOrderMark(json)) json = json.Slice(ByteOrderMark.Length);
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            return ReadObject(ref reader, id);
        }
        catch (JsonException failure)
        {
            // The reader counts from zero, editors from one.
            throw Errors.BadJson($"{Sentence(failure)} (line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}).");
        }
    }

    private EntityRecord ReadObject(ref Utf8JsonReader reader, Guid id)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Errors.BadJson("the body is not a JSON object.");
        var record = ReadMembers(ref reader, id);
        reader.Read(); // demands that nothing follows
        return record;
    }

    /// <summary>What an annotation says of the row itself.</summary>
    private void ReadAnnotation(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> name)
    {
        if (reader.TokenType != JsonTokenType.String) reader.Skip();
        else if (name is "@odata.type") TypeName = JsonValue.Text(ref reader, entity, entity.PrimaryId);
        else if (name is "@odata.id") Address = JsonValue.Text(ref reader, entity, entity.PrimaryId);
    }

    /// <summary>Reads from the brace that opens the object to the one that closes it.</summary>
    internal EntityRecord ReadMembers(ref Utf8JsonReader reader, Guid id)
    {
        var record = new EntityRecord(entity.LogicalName, id);
        Span<char> buffer = stackalloc char[LongestName];
        Span<ulong> seen = stackalloc ulong[(entity.Attributes.Length + 63) / 64];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<char> full = buffer[..CopyName(ref reader, buffer)];
            reader.Read();
            var at = full.IndexOf('@');
            if (at == 0)
            {
                ReadAnnotation(ref reader, full);
                continue;
            }
            if (at >= 0 && !full[(at + 1)..].SequenceEqual("odata.bind"))
            {
                reader.Skip(); // annotations that clients read and send back
                continue;
            }
            var name = at < 0 ? full : full[..at];
            var found = names.Find(name) ?? throw Errors.UnknownAttribute(entity.LogicalName, name.ToString());
            DemandOnce(found, name, seen);
            if (at >= 0) ReadBind(ref reader, record, found, name);
            else ReadProperty(ref reader, record, found, name);
        }
        return record;
    }

    private void ReadProperty(ref Utf8JsonReader reader, EntityRecord record, EntityName found, scoped ReadOnlySpan<char> name)
    {
        var attribute = found.Attribute;
        switch (found.Kind)
        {
            case NameKind.LookupValue:
                reader.Skip(); // what a lookup shows when read; clients send back what they read
                break;
            case NameKind.Collection:
                ReadRows(ref reader, found, name.ToString());
                break;
            case NameKind.Navigation when attribute.Origin == AttributeOrigin.Engine:
                reader.Skip();
                break;
            case NameKind.Navigation when reader.TokenType == JsonTokenType.Null:
                record[attribute.LogicalName] = null;
                break;
            case NameKind.Navigation when reader.TokenType == JsonTokenType.StartObject:
                ReadRow(ref reader, found, name.ToString());
                break;
            case NameKind.Navigation:
                throw Errors.WrongType(entity.LogicalName, attribute.LogicalName, $"\"{name}@odata.bind\": \"/set(id)\"", JsonValue.Words(reader.TokenType));
            case NameKind.Attribute when attribute.LogicalName == entity.PrimaryIdAttribute:
                ReadId(ref reader, record, attribute);
                break;
            case NameKind.Attribute when attribute.Origin == AttributeOrigin.Engine || attribute.Kind == AttributeKind.File:
                reader.Skip(); // a file is uploaded by its own address
                break;
            default:
                record[attribute.LogicalName] = JsonValue.Read(ref reader, entity, attribute);
                break;
        }
    }

    /// <summary>The row that a lookup leads to, to be created with this one.</summary>
    private void ReadRow(ref Utf8JsonReader reader, EntityName found, string name)
    {
        if (nested is null) throw Errors.NotOffered($"Creating the row of '{name}' together with a row that is there");
        var target = found.Target ?? (found.Attribute.Lookup!.Targets is [var only] ? only : throw Errors.BadRequest($"'{name}' of '{entity.LogicalName}' leads to more than one table: the row in it could be of any.", "Use the navigation property of the table that is meant."));
        RelatedOf(name).Rows.Add(ReadNested(ref reader, target, name));
    }

    /// <summary>Rows that lead to this one or are paired with it, to be created with it.</summary>
    private void ReadRows(ref Utf8JsonReader reader, EntityName found, string name)
    {
        if (nested is null) throw Errors.NotOffered($"Creating rows of '{name}' together with a row that is there");
        if (reader.TokenType != JsonTokenType.StartArray) throw Errors.WrongType(entity.LogicalName, name, "a list of rows", JsonValue.Words(reader.TokenType));
        var rows = RelatedOf(name);
        if (rows.Rows.Count > 0) throw Errors.BadJson($"'{name}' of '{entity.LogicalName}' stands there a second time.");
        var back = (rows.Navigation as RowsNavigation)?.Attribute;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var place = $"{name}[{rows.Rows.Count}]";
            if (reader.TokenType != JsonTokenType.StartObject) throw Errors.At(place, Errors.WrongType(entity.LogicalName, name, "a row", JsonValue.Words(reader.TokenType)));
            var row = ReadNested(ref reader, found.Target!, place);
            if (back is not null && (row.Record.Contains(back) || row.Links.Any(link => link.Attribute.LogicalName == back)))
                throw Errors.At(place, Errors.BadRequest($"'{back}' leads to the row that this one is created with.", $"Leave '{back}' out."));
            rows.Rows.Add(row);
        }
    }

    private RecordBody ReadNested(ref Utf8JsonReader reader, string target, string place)
    {
        try
        {
            nested!.Enter();
            var json = new RecordJson(metadata, metadata.Entity(target), nested);
            var record = json.ReadMembers(ref reader, Guid.Empty);
            nested.Leave();
            return new RecordBody(record, json.Links, json.Related);
        }
        catch (PlatformException refused)
        {
            throw Errors.At(place, refused);
        }
    }

    /// <summary>Links to rows that are to lead to this one or be paired with it.</summary>
    private void ReadBinds(ref Utf8JsonReader reader, EntityName found, string name)
    {
        if (nested is null) throw Errors.NotOffered($"Binding rows to the collection '{name}' of a row that is there");
        const string form = "a list of links such as \"/contacts(01234567-89ab-cdef-0123-456789abcdef)\"";
        if (reader.TokenType != JsonTokenType.StartArray) throw Errors.WrongType(entity.LogicalName, name, form, JsonValue.Words(reader.TokenType));
        var rows = RelatedOf(name);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String) throw Errors.WrongType(entity.LogicalName, name, form, JsonValue.Words(reader.TokenType));
            var link = RowLink.Parse(JsonValue.Text(ref reader, entity, found.Attribute), metadata, name);
            if (link.Entity.LogicalName != found.Target) throw Errors.WrongLookupTarget(entity.LogicalName, name, link.Entity.LogicalName, [found.Target!]);
            rows.Links.Add(link);
        }
    }

    private RelatedBody RelatedOf(string name)
    {
        if (related.Find(rows => rows.Navigation.Name == name) is { } known) return known;
        var navigation = Navigation.Find(entity, name)!;
        if (navigation is RowsNavigation rows && metadata.Entity(rows.Target!).Attribute(rows.Attribute).Origin == AttributeOrigin.Engine)
            throw Errors.BadRequest($"'{name}' of '{entity.LogicalName}' is set by the platform only.");
        related.Add(new RelatedBody(navigation));
        return related[^1];
    }

    private void ReadId(ref Utf8JsonReader reader, EntityRecord record, AttributeDefinition attribute)
    {
        if (JsonValue.Read(ref reader, entity, attribute) is not Guid id) return;
        if (record.Id != Guid.Empty && record.Id != id)
            throw Errors.BadRequest($"The body names the row {id:D}, the URL the row {record.Id:D}.", "A row keeps its id.");
        record.Id = id;
    }

    private void ReadBind(ref Utf8JsonReader reader, EntityRecord record, EntityName found, scoped ReadOnlySpan<char> name)
    {
        var attribute = found.Attribute;
        if (found.Kind == NameKind.Collection)
        {
            ReadBinds(ref reader, found, name.ToString());
            return;
        }
        if (found.Kind != NameKind.Navigation)
            throw Errors.BadRequest($"'{name}' of '{entity.LogicalName}' is no navigation property: @odata.bind cannot set it.");
        if (attribute.Origin == AttributeOrigin.Engine)
        {
            reader.Skip();
            return;
        }
        if (reader.TokenType == JsonTokenType.Null)
        {
            record[attribute.LogicalName] = null;
            return;
        }
        if (reader.TokenType != JsonTokenType.String)
            throw Errors.WrongType(entity.LogicalName, attribute.LogicalName, "a link such as \"/contacts(01234567-89ab-cdef-0123-456789abcdef)\"", JsonValue.Words(reader.TokenType));
        var link = RowLink.Parse(JsonValue.Text(ref reader, entity, attribute), metadata, attribute.LogicalName);
        var target = link.Entity.LogicalName;
        if (!attribute.Lookup!.Targets.Contains(target))
            throw Errors.WrongLookupTarget(entity.LogicalName, attribute.LogicalName, target, attribute.Lookup.Targets);
        if (found.Target is not null && found.Target != target)
            throw Errors.WrongLookupTarget(entity.LogicalName, name.ToString(), target, [found.Target]);
        if (link.Key.Alternate is { } key) links.Add(new KeyLink(attribute, key));
        else record[attribute.LogicalName] = new EntityReference(target, link.Key.Id);
    }

    private void DemandOnce(EntityName found, ReadOnlySpan<char> name, Span<ulong> seen)
    {
        // `_x_value` beside `x@odata.bind` is what a client sends that changes a lookup of a row it has read.
        if (found.Kind is NameKind.LookupValue or NameKind.Collection) return;
        ref var bits = ref seen[found.Attribute.Ordinal / 64];
        var bit = 1UL << (found.Attribute.Ordinal % 64);
        if ((bits & bit) != 0)
            throw Errors.BadJson($"'{name}' sets the attribute '{found.Attribute}' of '{entity.LogicalName}' a second time.");
        bits |= bit;
    }

    private static int CopyName(ref Utf8JsonReader reader, scoped Span<char> buffer)
    {
        var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (bytes > buffer.Length) throw Errors.BadJson($"the name of the property at byte {reader.TokenStartIndex + 1} is longer than {LongestName} bytes.");
        try
        {
            return reader.CopyString(buffer);
        }
        catch (InvalidOperationException)
        {
            throw Errors.BadJson($"the name of the property at byte {reader.TokenStartIndex + 1} is not valid Unicode.");
        }
    }

    private static bool StartsWithByteOrderMark(ReadOnlySequence<byte> json)
    {
        if (json.Length < ByteOrderMark.Length) return false;
        Span<byte> first = stackalloc byte[ByteOrderMark.Length];
        json.Slice(0, ByteOrderMark.Length).CopyTo(first);
        return first.SequenceEqual(ByteOrderMark);
    }

    /// <summary>The reader's message without the position it appends in its own format.</summary>
    private static string Sentence(JsonException failure)
    {
        var end = failure.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? failure.Message : failure.Message[..end]).TrimEnd('.');
    }
}
