using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Layers;

/// <summary>A pack "stock" with a component of every kind that a customization can change, each with a Korean label, of which single ones can be left out.</summary>
public sealed class StockPack
{
    private readonly SortedDictionary<string, JsonObject> files = new(StringComparer.Ordinal)
    {
        ["entities/tst_item/entity.json"] = Json("""
            { "title": "Item", "type": "object",
              "x-entity": { "logicalName": "tst_item", "entitySetName": "tst_items", "ownership": "user", "primaryNameAttribute": "tst_name" },
              "properties": {
                "tst_name": { "type": "string", "title": "Name" },
                "tst_code": { "type": "string", "title": "Code" },
                "tst_size": { "type": "integer", "title": "Size" },
                "tst_depth": { "type": "integer", "title": "Depth" },
                "tst_region": { "type": "integer", "x-choice": "tst_region", "title": "Region" } },
              "required": ["tst_name"],
              "x-keys": [ { "name": "tst_code_key", "title": "Code", "attributes": ["tst_code"] } ],
              "x-indexes": [ { "name": "tst_size_index", "attributes": ["tst_depth"] } ] }
            """),
        ["entities/tst_item/forms/main.json"] = Json("""{ "title": "Main", "tabs": [ { "name": "general", "title": "General", "sections": [ { "name": "all", "title": "All", "fields": ["tst_name", "tst_region"] } ] } ] }"""),
        ["entities/tst_item/views/all.json"] = Json("""{ "title": "All", "columns": [ { "attribute": "tst_name" }, { "attribute": "tst_region" } ], "filter": "tst_region eq 1" }"""),
        ["entities/tst_item/steps.json"] = Json("""{ "steps": [ { "name": "note", "script": "note.js", "message": "Create", "stage": "PreOperation" } ] }"""),
        ["entities/tst_tag/entity.json"] = Json("""
            { "title": "Tag", "type": "object",
              "x-entity": { "logicalName": "tst_tag", "entitySetName": "tst_tags", "ownership": "user", "primaryNameAttribute": "tst_name" },
              "properties": { "tst_name": { "type": "string", "title": "Name" } } }
            """),
        ["entities/account/entity.json"] = Json("""{ "x-extends": "account", "type": "object", "properties": { "tst_rank": { "type": "integer", "title": "Rank" }, "tst_spare": { "type": "integer", "title": "Spare" } } }"""),
        ["choices/tst_region.json"] = Json("""{ "title": "Region", "values": [ { "value": 1, "label": "North" } ] }"""),
        ["roles/keeper.json"] = Json("""{ "id": "5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e55", "title": "Keeper", "privileges": { "tst_item": { "read": "user" }, "account": { "read": "user" } } }"""),
        ["relationships/tst_item_tags.json"] = Json("""{ "title": "Tags", "entities": ["tst_item", "tst_tag"], "intersect": "tst_item_tag" }"""),
        ["app/sitemap.json"] = Json("""{ "name": "stock", "title": "Stock", "groups": [ { "name": "all", "title": "All", "items": [ { "entity": "tst_item" }, { "entity": "account" } ] } ] }"""),
    };

    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal) { ["entities/tst_item/note.js"] = "context.trace('made');" };

    public StockPack() => texts["pack.json"] = Manifest("1.0.0");

    public static Guid Keeper { get; } = new("5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e55");

    public JsonObject Labels { get; } = Json("""
        { "entities": {
            "tst_item": { "title": "라벨", "attributes": { "tst_size": { "title": "라벨" } }, "keys": { "tst_code_key": "라벨" },
                          "forms": { "main": { "title": "라벨", "tabs": { "general": "일반" } } }, "views": { "all": "라벨" } },
            "account": { "attributes": { "tst_rank": { "title": "라벨" } } } },
          "choices": { "tst_region": { "title": "라벨", "choices": { "1": "북부" } } }, "roles": { "keeper": "라벨" }, "relationships": { "tst_item_tags": "라벨" },
          "app": { "title": "라벨", "groups": { "all": "모두" } } }
        """);

    public PackFiles Files => new("packs/stock", files.Select(file => KeyValuePair.Create(file.Key, file.Value.ToJsonString()))
        .Append(KeyValuePair.Create("labels/ko.json", Labels.ToJsonString())).Concat(texts).ToImmutableSortedDictionary(StringComparer.Ordinal));

    public string Manifest(string version) => $$"""{ "id": "stock", "version": "{{version}}", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Stock", "dependencies": { "core": ">=1.0.0" } }""";

    public StockPack Write(string file, string text)
    {
        texts[file] = text;
        return this;
    }

    /// <summary>Version 1.1.0, which no longer has a component, nor what the pack itself has built on it.</summary>
    public PackFiles Without(string component)
    {
        Write("pack.json", Manifest("1.1.0"));
        var item = files.GetValueOrDefault("entities/tst_item/entity.json") ?? [];
        switch (component)
        {
            case "entity/tst_item":
                foreach (var file in files.Keys.Concat(texts.Keys).Where(file => file.StartsWith("entities/tst_item/", StringComparison.Ordinal)).ToList()) (_, _) = (files.Remove(file), texts.Remove(file));
                Without("relationship/tst_item_tags");
                files["roles/keeper.json"]["privileges"]!.AsObject().Remove("tst_item");
                files["app/sitemap.json"]["groups"]![0]!["items"]!.AsArray().RemoveAt(0);
                Labels["entities"]!.AsObject().Remove("tst_item");
                break;
            case "attribute/tst_item/tst_size":
                item["properties"]!.AsObject().Remove("tst_size");
                Labels["entities"]!["tst_item"]!.AsObject().Remove("attributes");
                break;
            case "attribute/account/tst_rank":
                files["entities/account/entity.json"]["properties"]!.AsObject().Remove("tst_rank");
                Labels["entities"]!.AsObject().Remove("account");
                break;
            case "key/tst_item/tst_code_key":
                // The column goes as well.
                item.Remove("x-keys");
                item["properties"]!.AsObject().Remove("tst_code");
                Labels["entities"]!["tst_item"]!.AsObject().Remove("keys");
                break;
            case "index/tst_item/tst_size_index":
                item.Remove("x-indexes");
                break;
            case "form/tst_item/main":
                files.Remove("entities/tst_item/forms/main.json");
                Labels["entities"]!["tst_item"]!.AsObject().Remove("forms");
                break;
            case "view/tst_item/all":
                files.Remove("entities/tst_item/views/all.json");
                Labels["entities"]!["tst_item"]!.AsObject().Remove("views");
                break;
            case "choice/tst_region":
                files.Remove("choices/tst_region.json");
                item["properties"]!.AsObject().Remove("tst_region");
                files["entities/tst_item/forms/main.json"]["tabs"]![0]!["sections"]![0]!["fields"]!.AsArray().RemoveAt(1);
                files["entities/tst_item/views/all.json"]["columns"]!.AsArray().RemoveAt(1);
                files["entities/tst_item/views/all.json"].Remove("filter");
                Labels.Remove("choices");
                break;
            case "role/keeper":
                files.Remove("roles/keeper.json");
                Labels.Remove("roles");
                break;
            case "relationship/tst_item_tags":
                files.Remove("relationships/tst_item_tags.json");
                Labels.Remove("relationships");
                break;
            case "app/stock":
                files.Remove("app/sitemap.json");
                Labels.Remove("app");
                break;
            default:
                throw new ArgumentException($"No component {component}.", nameof(component));
        }

        return Files;
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
