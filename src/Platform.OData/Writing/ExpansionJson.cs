using System.Text.Json;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.OData.Headers;

namespace Platform.OData.Writing;

/// <summary>Writes what a row brings along: an object or <c>null</c> for one row, a list for many.</summary>
internal sealed class ExpansionJson
{
    private static readonly JsonEncodedText LinkName = JsonText.Encode("@odata.id");

    private readonly Expansion expansion;
    private readonly ResultShape? shape;
    private readonly JsonEncodedText name;
    private readonly JsonEncodedText count;
    private readonly Func<ResultShape, RowJsonWriter> writer;
    private RowJsonWriter? rows;

    public ExpansionJson(ResultExpansion result, AnnotationSet annotations, Caller caller, CurrencyTable? currencies)
    {
        (expansion, shape) = (result.Expansion, result.Shape);
        name = JsonText.Encode(expansion.Navigation.Name);
        count = JsonText.Encode($"{expansion.Navigation.Name}@odata.count");
        writer = shape => new RowJsonWriter(shape, annotations, caller, currencies);
        if (shape is not null) rows = writer(shape);
    }

    public void Write(Utf8JsonWriter json, RowCursor row)
    {
        if (shape is not null)
        {
            json.WritePropertyName(name);
            if (row.IsNull(shape.IdOrdinal)) json.WriteNullValue();
            else WriteRow(json, row, shape);
            return;
        }

        var related = row.Related(expansion);
        if (expansion.Rows.CountTotal) json.WriteNumber(count, related?.Total ?? 0);
        if (expansion.Form == ExpansionForm.Count) return;
        json.WritePropertyName(name);
        json.WriteStartArray();
        if (related is not null)
        {
            rows ??= writer(related.Shape);
            foreach (var one in related.Rows) WriteRow(json, one, related.Shape);
        }
        json.WriteEndArray();
    }

    private void WriteRow(Utf8JsonWriter json, RowCursor row, ResultShape shape)
    {
        json.WriteStartObject();
        // Relative to the context, which is the service's.
        if (expansion.Form == ExpansionForm.Links) json.WriteString(LinkName, $"{expansion.Rows.Entity.EntitySetName}({row.GetGuid(shape.IdOrdinal):D})");
        else rows!.Write(json, row);
        json.WriteEndObject();
    }
}
