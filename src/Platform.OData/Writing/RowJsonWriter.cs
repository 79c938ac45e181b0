using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.OData.Headers;
using Platform.OData.Reading;
using Platform.Sdk;

namespace Platform.OData.Writing;

/// <summary>Writes the current row of a cursor as the properties of a JSON object, straight from the database's bytes.</summary>
internal sealed class RowJsonWriter
{
    private const int LongestTag = 26;
    private static readonly JsonEncodedText TagName = JsonText.Encode("@odata.etag");

    private readonly ResultShape shape;
    private readonly EntityJson names;
    private readonly AnnotationSet annotations;
    private readonly FormattedValues? formats;
    private readonly bool idSelected;
    private readonly ImmutableArray<ExpansionJson> expansions;
    private readonly AttributeJson[]? texts;
    private readonly ImmutableArray<RowJsonWriter> links;

    public RowJsonWriter(ResultShape shape, AnnotationSet annotations, Caller caller, CurrencyTable? currencies = null)
    {
        this.shape = shape;
        this.annotations = annotations;
        names = EntityJson.Of(shape.Entity);
        formats = annotations.HasFlag(AnnotationSet.FormattedValue) ? new FormattedValues(caller, shape, currencies) : null;
        foreach (var column in shape.Columns)
        {
            if (column.Attribute == shape.Entity.PrimaryId && column.Name is null) idSelected = true;
            if (column.Name is not null) texts ??= NamedJson.Of(shape);
        }
        links = [.. shape.Links.Where(link => !link.Shape.Columns.IsEmpty).Select(link => new RowJsonWriter(link.Shape, annotations, caller, currencies))];
        expansions = [.. shape.Expansions.Select(expansion => new ExpansionJson(expansion, annotations, caller, currencies))];
    }

    public void Write(Utf8JsonWriter json, RowCursor row)
    {
        // Groups have neither version nor key.
        if (shape.IdOrdinal < 0)
        {
            WriteColumns(json, row);
            foreach (var expansion in expansions) expansion.Write(json, row);
            return;
        }
        Span<byte> tag = stackalloc byte[LongestTag];
        json.WriteString(TagName, tag[..EntityTag.Format(row.GetInt64(shape.VersionOrdinal), tag)]);
        WriteColumns(json, row);
        // The key always comes along, also where it was not selected.
        if (!idSelected) json.WriteString(names.PrimaryId, row.GetGuid(shape.IdOrdinal));
        foreach (var link in links) link.WriteColumns(json, row);
        foreach (var expansion in expansions) expansion.Write(json, row);
    }

    private void WriteColumns(Utf8JsonWriter json, RowCursor row)
    {
        for (var at = 0; at < shape.Columns.Length; at++)
        {
            var column = shape.Columns[at];
            var text = texts is null ? names[column.Attribute] : texts[at];
            if (row.IsNull(column.Ordinal))
            {
                json.WriteNull(text.Name);
                continue;
            }
            if (annotations != AnnotationSet.None) WriteAnnotations(json, row, column, text);
            WriteValue(json, row, column, text.Name);
        }
    }

    /// <summary>Writes one column of the current row, which has a value there.</summary>
    internal static void WriteValue(Utf8JsonWriter json, RowCursor row, ResultColumn column, JsonEncodedText name)
    {
        var at = column.Ordinal;
        switch (column.Attribute.Kind)
        {
            case AttributeKind.String or AttributeKind.Memo or AttributeKind.MultiChoice:
                json.WriteString(name, row.GetUtf8(at));
                break;
            case AttributeKind.Integer or AttributeKind.BigInt or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status:
                json.WriteNumber(name, row.GetInt64(at));
                break;
            case AttributeKind.Decimal or AttributeKind.Money:
                json.WriteNumber(name, row.GetDecimal(at, column.Attribute.StoredScale));
                break;
            case AttributeKind.Double:
                json.WriteNumber(name, row.GetDouble(at));
                break;
            case AttributeKind.Boolean:
                json.WriteBoolean(name, row.GetBoolean(at));
                break;
            case AttributeKind.DateTime:
                // Whole seconds, kind UTC: the writer's own format is yyyy-MM-ddTHH:mm:ssZ then.
                json.WriteString(name, row.GetDateTime(at));
                break;
            case AttributeKind.DateOnly:
                Span<byte> day = stackalloc byte[10];
                row.GetDate(at).TryFormat(day, out _, "O", CultureInfo.InvariantCulture);
                json.WriteString(name, day);
                break;
            case AttributeKind.GeoPoint:
                GeoJson.Write(json, name, (GeoPoint)RecordReader.Value(column, row)!);
                break;
            case AttributeKind.Image when column.ThumbnailOrdinal < 0 || row.IsNull(column.ThumbnailOrdinal):
                json.WriteNull(name);
                break;
            case AttributeKind.Image:
                json.WriteBase64String(name, row.GetBytes(column.ThumbnailOrdinal));
                break;
            case AttributeKind.Lookup or AttributeKind.UniqueIdentifier or AttributeKind.File:
                json.WriteString(name, row.GetGuid(at));
                break;
            default:
                throw new InvalidOperationException($"Attribute kind {column.Attribute.Kind} has no JSON form.");
        }
    }

    private void WriteAnnotations(Utf8JsonWriter json, RowCursor row, ResultColumn column, AttributeJson text)
    {
        formats?.Write(json, row, column, text);
        if (column.Attribute.Kind != AttributeKind.Lookup) return;
        if ((annotations & (AnnotationSet.LookupLogicalName | AnnotationSet.AssociatedNavigation)) == 0) return;
        if (Target(row, column, text) is not { } target) return;
        // A column under another name is written by no navigation property.
        if (column.Name is null && annotations.HasFlag(AnnotationSet.AssociatedNavigation)) json.WriteString(text.AssociatedNavigation, target.Navigation);
        if (annotations.HasFlag(AnnotationSet.LookupLogicalName)) json.WriteString(text.LookupLogicalName, target.LogicalName);
    }

    private static LookupTargetJson? Target(RowCursor row, ResultColumn column, AttributeJson text)
    {
        if (column.TypeOrdinal < 0) return text.Targets[0];
        var name = row.GetUtf8(column.TypeOrdinal);
        foreach (var target in text.Targets)
            if (name.SequenceEqual(target.Utf8)) return target;
        return null; // an entity that is no target any more
    }
}
