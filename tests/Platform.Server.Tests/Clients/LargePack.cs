using System.Text.Json.Nodes;

namespace Platform.Server.Tests.Clients;

/// <summary>Writes a pack of many tables, each with columns of every kind, lookups to others and to itself, keys, and N:N relationships between them.</summary>
internal static class LargePack
{
    public const int Tables = 100;

    public static void WriteTo(string folder)
    {
        Write("pack.json", """{ "id": "large", "version": "1.0.0", "publisher": { "prefix": "big", "name": "Tests" }, "title": "Large", "dependencies": { "core": ">=1.0.0" } }""");
        Write("choices/big_colour.json", """{ "title": "Colour", "values": [ { "value": 1, "label": "Red" }, { "value": 2, "label": "Blue" } ] }""");
        for (var table = 0; table < Tables; table++)
        {
            Write($"entities/{Name(table)}/entity.json", Entity(table).ToJsonString());
            if (table % 4 == 0) Write($"relationships/{Name(table)}_peers.json", $$"""{ "title": "Peers", "entities": ["{{Name(table)}}", "{{Name(table + 1)}}"] }""");
            if (table % 20 == 0) Write($"relationships/{Name(table)}_order.json", $$"""{ "title": "Order", "entities": ["{{Name(table)}}", "{{Name(table)}}"], "navigation": ["{{Name(table)}}_after", "{{Name(table)}}_before"] }""");
        }

        void Write(string file, string text)
        {
            var path = Path.Combine(folder, "large", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    private static string Name(int table) => $"big_table{table % Tables:d3}";

    private static JsonNode Entity(int table) => JsonNode.Parse($$"""
        { "title": "Table {{table}}", "description": "Table number {{table}} <of> \"many\" & more.", "type": "object",
          "x-entity": { "logicalName": "{{Name(table)}}", "schemaName": "big_Table{{table:d3}}", "entitySetName": "{{Name(table)}}s", "ownership": "{{(table % 3 == 0 ? "organization" : "user")}}", "primaryNameAttribute": "big_name" },
          "properties": {
            "big_name": { "type": "string", "title": "Name", "maxLength": {{100 + table}} },
            "big_memo": { "type": "string", "x-kind": "memo", "title": "Memo" },
            "big_whole": { "type": "integer", "title": "Whole" },
            "big_long": { "type": "integer", "x-kind": "bigint", "title": "Long" },
            "big_exact": { "type": "number", "x-precision": {{table % 5}}, "title": "Exact" },
            "big_float": { "type": "number", "x-kind": "double", "title": "Float" },
            "big_price": { "type": "number", "x-kind": "money", "title": "Price" },
            "big_flag": { "type": "boolean", "title": "Flag" },
            "big_day": { "type": "string", "format": "date", "title": "Day" },
            "big_moment": { "type": "string", "format": "date-time", "title": "Moment" },
            "big_kind": { "type": "integer", "x-choice": [ { "value": 1, "label": "Small" }, { "value": 2, "label": "Big" } ], "title": "Kind" },
            "big_colour": { "type": "integer", "x-choice": "big_colour", "title": "Colour" },
            "big_colours": { "type": "array", "items": { "type": "integer" }, "x-choice": "big_colour", "title": "Colours" },
            "big_place": { "type": "object", "x-kind": "geoPoint", "title": "Place" },
            "big_paper": { "type": "string", "x-kind": "file", "title": "Paper" },
            "big_photo": { "type": "string", "x-kind": "image", "title": "Photo" },
            "big_number": { "type": "string", "title": "Number", "x-autoNumber": { "format": "N-{SEQNUM:4}" } },
            "big_twice": { "type": "number", "x-precision": 2, "title": "Twice", "x-formula": "big_whole mul 2" },
            "big_nextid": { "x-lookup": { "targets": ["{{Name(table + 1)}}"], "relationship": "{{Name(table)}}_next", "onDelete": "restrict" }, "title": "Next", "x-schemaName": "big_NextId" },
            "big_farid": { "x-lookup": { "targets": ["{{Name(table + 37)}}", "account", "contact"], "relationship": "{{Name(table)}}_far" }, "title": "Far" },
            "big_parentid": { "x-lookup": { "targets": ["{{Name(table)}}"], "relationship": "{{Name(table)}}_parent", "hierarchical": true }, "title": "Parent" } },
          "required": ["big_name"],
          "x-keys": [ { "name": "big_key{{table:d3}}", "title": "Key", "attributes": ["big_number", "big_whole"] } ] }
        """)!;
}
