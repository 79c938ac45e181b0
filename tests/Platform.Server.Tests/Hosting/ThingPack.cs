namespace Platform.Server.Tests.Hosting;

/// <summary>A pack with a table that has a column of each kind, two alternate keys and every sort of relationship, and tags for its rows.</summary>
internal static class ThingPack
{
    /// <summary>Writes a pack with a column of each kind.</summary>
    public static void WriteTo(string folder)
    {
        Write("pack.json", """{ "id": "things", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Things", "dependencies": { "core": ">=1.0.0" } }""");
        Write("entities/tst_thing/entity.json", """
            { "title": "Thing", "type": "object",
              "x-entity": { "logicalName": "tst_thing", "entitySetName": "tst_things", "ownership": "user", "primaryNameAttribute": "tst_name", "changeTracking": true },
              "properties": {
                "tst_name": { "type": "string", "title": "Name", "x-searchable": true },
                "tst_code": { "type": "string", "title": "Code" },
                "tst_number": { "type": "string", "title": "Number", "x-autoNumber": { "format": "T-{SEQNUM:6}" } },
                "tst_memo": { "type": "string", "x-kind": "memo", "title": "Memo" },
                "tst_whole": { "type": "integer", "title": "Whole" },
                "tst_big": { "type": "integer", "x-kind": "bigint", "title": "Big" },
                "tst_exact": { "type": "number", "x-precision": 3, "title": "Exact" },
                "tst_float": { "type": "number", "x-kind": "double", "title": "Float" },
                "tst_price": { "type": "number", "x-kind": "money", "title": "Price" },
                "tst_flag": { "type": "boolean", "title": "Flag" },
                "tst_day": { "type": "string", "format": "date", "title": "Day" },
                "tst_moment": { "type": "string", "format": "date-time", "title": "Moment" },
                "tst_kind": { "type": "integer", "x-choice": [ { "value": 1, "label": "Small" }, { "value": 2, "label": "Big" } ], "title": "Kind" },
                "tst_perks": { "type": "array", "items": { "type": "integer" }, "title": "Perks", "x-choice": [ { "value": 1, "label": "Lounge" }, { "value": 2, "label": "Gift" } ] },
                "tst_place": { "type": "object", "x-kind": "geoPoint", "title": "Place" },
                "tst_paper": { "type": "string", "x-kind": "file", "title": "Paper", "x-maxSizeInKB": 64 },
                "tst_scan": { "type": "string", "x-kind": "file", "title": "Scan" },
                "tst_photo": { "type": "string", "x-kind": "image", "title": "Photo" },
                "tst_double": { "type": "number", "x-precision": 3, "title": "Double", "x-formula": "tst_exact mul tst_whole" },
                "tst_tagid": { "x-lookup": { "targets": ["tst_tag"], "relationship": "tst_tag_things" }, "title": "Tag" },
                "tst_parentid": { "x-lookup": { "targets": ["tst_thing"], "relationship": "tst_thing_things" }, "title": "Parent" } },
              "x-keys": [ { "name": "tst_code_key", "title": "Code", "attributes": ["tst_code"] }, { "name": "tst_pair_key", "title": "Pair", "attributes": ["tst_whole", "tst_day"] } ] }
            """);
        Write("entities/tst_tag/entity.json", """
            { "title": "Tag", "type": "object",
              "x-entity": { "logicalName": "tst_tag", "entitySetName": "tst_tags", "ownership": "organization", "primaryNameAttribute": "tst_name" },
              "properties": { "tst_name": { "type": "string", "title": "Name" },
                "tst_total": { "type": "number", "x-kind": "money", "title": "Total", "x-rollup": { "relationship": "tst_tag_things", "function": "sum", "attribute": "tst_price" } } } }
            """);
        Write("relationships/tst_thing_tags.json", """{ "title": "Tags of things", "entities": ["tst_thing", "tst_tag"], "intersect": "tst_thing_tag" }""");

        void Write(string file, string text)
        {
            var path = Path.Combine(folder, "things", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }
}
