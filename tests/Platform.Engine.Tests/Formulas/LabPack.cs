using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Formulas;

/// <summary>A table with a column of each kind that formulas calculate with, and whatever columns a test adds.</summary>
internal static class LabPack
{
    /// <param name="columns">Members of <c>properties</c>.</param>
    /// <param name="more">Members of the table's file, each with a comma before it.</param>
    public static PackFiles With(string columns, string more = "") => new("packs/lab", new Dictionary<string, string>
    {
        ["pack.json"] = """{ "id": "lab", "version": "1.0.0", "publisher": { "prefix": "lab", "name": "Lab" }, "title": "Lab", "dependencies": { "core": ">=1.0.0" } }""",
        ["entities/lab_row/entity.json"] = $$"""
            { "title": "Row", "type": "object",
              "x-entity": { "logicalName": "lab_row", "entitySetName": "lab_rows", "ownership": "user", "primaryNameAttribute": "lab_text" },
              "properties": {
                "lab_int": { "type": "integer", "title": "I" },
                "lab_big": { "type": "integer", "x-kind": "bigint", "title": "B" },
                "lab_choice": { "type": "integer", "title": "C", "x-choice": [ { "value": 1, "label": "One" }, { "value": 2, "label": "Two" }, { "value": 3, "label": "Three" } ] },
                "lab_price": { "type": "number", "title": "P" },
                "lab_fine": { "type": "number", "x-precision": 5, "title": "F" },
                "lab_money": { "type": "number", "x-kind": "money", "x-precision": 4, "title": "M" },
                "lab_real": { "type": "number", "x-kind": "double", "title": "R" },
                "lab_text": { "type": "string", "title": "T" },
                "lab_other": { "type": "string", "title": "O" },
                "lab_flag": { "type": "boolean", "title": "L" },
                "lab_time": { "type": "string", "format": "date-time", "title": "T" },
                "lab_until": { "type": "string", "format": "date-time", "title": "U" },
                "lab_day": { "type": "string", "format": "date", "title": "D" },
                "lab_end": { "type": "string", "format": "date", "title": "E" },
                "lab_parentid": { "x-lookup": { "targets": ["lab_row"], "relationship": "lab_row_children" }, "title": "Parent" },
                "lab_customerid": { "x-lookup": { "targets": ["account", "contact"], "relationship": "lab_row_customer" }, "title": "Customer" },
                {{columns}}
              }{{more}} }
            """,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal));
}
