using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Four tables with columns and relationships of every kind, as a pack and as the plain evaluation knows them.</summary>
internal static class AgreementPack
{
    public static PlainTable Item { get; } = new(
        "cmp_item",
        [
            new("cmp_name", "string", PlainKind.Text), new("cmp_code", "string", PlainKind.Text), new("cmp_memo", "memo", PlainKind.Text),
            new("cmp_int", "integer", PlainKind.Number), new("cmp_other", "integer", PlainKind.Number), new("cmp_big", "bigint", PlainKind.Number), new("cmp_whole", "decimal", PlainKind.Number),
            new("cmp_price", "decimal", PlainKind.Number, 2), new("cmp_cost", "decimal", PlainKind.Number, 2), new("cmp_fine", "decimal", PlainKind.Number, 10), new("cmp_money", "money", PlainKind.Number, 4),
            new("cmp_real", "double", PlainKind.Number, 15), new("cmp_float", "double", PlainKind.Number, 15), new("cmp_flag", "boolean", PlainKind.Boolean),
            new("cmp_time", "dateTime", PlainKind.Time), new("cmp_until", "dateTime", PlainKind.Time), new("cmp_clock", "timeZoneIndependent", PlainKind.Time),
            new("cmp_day", "dateOnly", PlainKind.Day), new("cmp_end", "dateOnly", PlainKind.Day), new("cmp_choice", "choice", PlainKind.Number), new("cmp_many", "multiChoice", PlainKind.Choices),
            new("cmp_groupid", "lookup", PlainKind.Id) { Targets = ["cmp_group"] }, new("cmp_parentid", "lookup", PlainKind.Id) { Targets = ["cmp_item"] },
            new("cmp_relatedid", "lookup", PlainKind.Id) { Targets = ["cmp_group", "cmp_person"] },
            new("cmp_total", "decimal", PlainKind.Number, 2), new("cmp_label", "string", PlainKind.Text), new("cmp_late", "boolean", PlainKind.Boolean), new("cmp_next", "dateOnly", PlainKind.Day),
        ],
        [
            new("cmp_groupid", "cmp_group", "cmp_groupid", false), new("cmp_parentid", "cmp_item", "cmp_parentid", false), new("cmp_relatedid_cmp_group", "cmp_group", "cmp_relatedid", false),
            new("cmp_relatedid_cmp_person", "cmp_person", "cmp_relatedid", false), new("cmp_item_children", "cmp_item", "cmp_parentid", true), new("cmp_item_tags", "cmp_tag", "", true),
        ]);

    public static PlainTable Group { get; } = new(
        "cmp_group",
        [
            new("cmp_name", "string", PlainKind.Text), new("cmp_rank", "integer", PlainKind.Number), new("cmp_budget", "decimal", PlainKind.Number, 4), new("cmp_since", "dateOnly", PlainKind.Day),
            new("cmp_at", "dateTime", PlainKind.Time), new("cmp_open", "boolean", PlainKind.Boolean), new("cmp_leadid", "lookup", PlainKind.Id) { Targets = ["cmp_person"] },
            new("cmp_sum", "decimal", PlainKind.Number, 2), new("cmp_count", "integer", PlainKind.Number), new("cmp_last", "dateOnly", PlainKind.Day), new("cmp_mean", "decimal", PlainKind.Number, 4),
        ],
        [new("cmp_leadid", "cmp_person", "cmp_leadid", false), new("cmp_group_items", "cmp_item", "cmp_groupid", true), new("cmp_item_related_cmp_group", "cmp_item", "cmp_relatedid", true)]);

    public static PlainTable Person { get; } = new(
        "cmp_person",
        [
            new("cmp_name", "string", PlainKind.Text), new("cmp_born", "dateOnly", PlainKind.Day), new("cmp_score", "double", PlainKind.Number, 15), new("cmp_seen", "dateTime", PlainKind.Time),
            new("cmp_bossid", "lookup", PlainKind.Id) { Targets = ["cmp_person"] },
        ],
        [
            new("cmp_bossid", "cmp_person", "cmp_bossid", false), new("cmp_person_reports", "cmp_person", "cmp_bossid", true), new("cmp_person_groups", "cmp_group", "cmp_leadid", true),
            new("cmp_item_related_cmp_person", "cmp_item", "cmp_relatedid", true),
        ]);

    public static PlainTable Tag { get; } = new("cmp_tag", [new("cmp_name", "string", PlainKind.Text), new("cmp_weight", "integer", PlainKind.Number)], [new("cmp_item_tags", "cmp_item", "", true)]);

    /// <summary>The pairs of items and tags. The database makes their ids.</summary>
    public static PlainTable Pairs { get; } = new(
        "cmp_item_tag",
        [new("cmp_itemid", "lookup", PlainKind.Id) { Targets = ["cmp_item"] }, new("cmp_tagid", "lookup", PlainKind.Id) { Targets = ["cmp_tag"] }],
        []);

    public static ImmutableArray<PlainTable> Tables { get; } = [Item, Group, Person, Tag];

    /// <summary>Columns that are calculated at every read.</summary>
    public static ImmutableArray<string> Calculated { get; } = ["cmp_total", "cmp_label", "cmp_late", "cmp_next", "cmp_sum", "cmp_count", "cmp_last", "cmp_mean"];

    /// <summary>Columns that <c>$search</c> looks at.</summary>
    public static ImmutableArray<string> Searched { get; } = ["cmp_name", "cmp_memo"];

    public static PlainTable Table(string name) => Tables.First(table => table.Name == name);

    public static PackFiles Files => new("packs/compare", new Dictionary<string, string>
    {
        ["pack.json"] = """{ "id": "compare", "version": "1.0.0", "publisher": { "prefix": "cmp", "name": "Compare" }, "title": "Compare", "dependencies": { "core": ">=1.0.0" } }""",
        ["entities/cmp_item/entity.json"] = Entity(Item, """
            "cmp_code": { "type": "string", "title": "Code" },
            "cmp_memo": { "type": "string", "x-kind": "memo", "title": "Memo", "x-searchable": true },
            "cmp_int": { "type": "integer", "title": "Int" },
            "cmp_other": { "type": "integer", "title": "Other" },
            "cmp_big": { "type": "integer", "x-kind": "bigint", "title": "Big" },
            "cmp_whole": { "type": "number", "x-precision": 0, "title": "Whole" },
            "cmp_price": { "type": "number", "title": "Price" },
            "cmp_cost": { "type": "number", "title": "Cost" },
            "cmp_fine": { "type": "number", "x-precision": 10, "title": "Fine" },
            "cmp_money": { "type": "number", "x-kind": "money", "x-precision": 4, "title": "Money" },
            "cmp_real": { "type": "number", "x-kind": "double", "title": "Real" },
            "cmp_float": { "type": "number", "x-kind": "double", "title": "Float" },
            "cmp_flag": { "type": "boolean", "title": "Flag" },
            "cmp_time": { "type": "string", "format": "date-time", "title": "Time" },
            "cmp_until": { "type": "string", "format": "date-time", "title": "Until" },
            "cmp_clock": { "type": "string", "format": "date-time", "x-dateBehavior": "timeZoneIndependent", "title": "Clock" },
            "cmp_day": { "type": "string", "format": "date", "title": "Day" },
            "cmp_end": { "type": "string", "format": "date", "title": "End" },
            "cmp_choice": { "type": "integer", "title": "Choice", "x-choice": [ { "value": 1, "label": "Zebra" }, { "value": 2, "label": "apple" }, { "value": 3, "label": "Mid" }, { "value": -7, "label": "Below" } ] },
            "cmp_many": { "type": "array", "items": { "type": "integer" }, "title": "Many", "x-choice": [ { "value": 1, "label": "One" }, { "value": 2, "label": "Two" }, { "value": 10, "label": "Ten" }, { "value": 11, "label": "Eleven" } ] },
            "cmp_groupid": { "x-lookup": { "targets": ["cmp_group"], "relationship": "cmp_group_items" }, "title": "Group" },
            "cmp_parentid": { "x-lookup": { "targets": ["cmp_item"], "relationship": "cmp_item_children", "hierarchical": true }, "title": "Parent" },
            "cmp_relatedid": { "x-lookup": { "targets": ["cmp_group", "cmp_person"], "relationship": "cmp_item_related" }, "title": "Related" },
            "cmp_total": { "type": "number", "x-formula": "cmp_int mul cmp_price", "title": "Total" },
            "cmp_label": { "type": "string", "maxLength": 12, "x-formula": "concat(cmp_name,'/',cmp_groupid/cmp_name)", "title": "Label" },
            "cmp_late": { "type": "boolean", "x-formula": "cmp_day lt 2024-03-10 and cmp_flag", "title": "Late" },
            "cmp_next": { "type": "string", "format": "date", "x-formula": "cmp_day add duration'P1D'", "title": "Next" }
            """),
        ["entities/cmp_group/entity.json"] = Entity(Group, """
            "cmp_rank": { "type": "integer", "title": "Rank" },
            "cmp_budget": { "type": "number", "x-precision": 4, "title": "Budget" },
            "cmp_since": { "type": "string", "format": "date", "title": "Since" },
            "cmp_at": { "type": "string", "format": "date-time", "title": "At" },
            "cmp_open": { "type": "boolean", "title": "Open" },
            "cmp_leadid": { "x-lookup": { "targets": ["cmp_person"], "relationship": "cmp_person_groups" }, "title": "Lead" },
            "cmp_sum": { "type": "number", "x-rollup": { "relationship": "cmp_group_items", "function": "sum", "attribute": "cmp_price" }, "title": "Sum" },
            "cmp_count": { "type": "integer", "x-rollup": { "relationship": "cmp_group_items", "function": "count", "filter": "cmp_flag eq true" }, "title": "Count" },
            "cmp_last": { "type": "string", "format": "date", "x-rollup": { "relationship": "cmp_group_items", "function": "max", "attribute": "cmp_day" }, "title": "Last" },
            "cmp_mean": { "type": "number", "x-precision": 4, "x-rollup": { "relationship": "cmp_group_items", "function": "avg", "attribute": "cmp_price" }, "title": "Mean" }
            """),
        ["entities/cmp_person/entity.json"] = Entity(Person, """
            "cmp_born": { "type": "string", "format": "date", "title": "Born" },
            "cmp_score": { "type": "number", "x-kind": "double", "title": "Score" },
            "cmp_seen": { "type": "string", "format": "date-time", "title": "Seen" },
            "cmp_bossid": { "x-lookup": { "targets": ["cmp_person"], "relationship": "cmp_person_reports", "hierarchical": true }, "title": "Boss" }
            """),
        ["entities/cmp_tag/entity.json"] = Entity(Tag, """ "cmp_weight": { "type": "integer", "title": "Weight" } """),
        ["relationships/cmp_item_tags.json"] = """{ "title": "Tags", "entities": ["cmp_item", "cmp_tag"], "intersect": "cmp_item_tag" }""",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private static string Entity(PlainTable table, string columns) => $$"""
        { "title": "{{table.Name}}", "type": "object",
          "x-entity": { "logicalName": "{{table.Name}}", "entitySetName": "{{table.Set}}", "ownership": "organization", "primaryNameAttribute": "cmp_name" },
          "properties": { "cmp_name": { "type": "string", "title": "Name" }, {{columns}} } }
        """;
}
