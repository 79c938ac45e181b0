using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Server.Start;

namespace Platform.Server.Tests.Definitions;

/// <summary>Core and a pack with everything that definitions can tell of: one column of each kind, a shared choice, a key, statuses that follow each other, an N:N relationship.</summary>
internal static class ShopMetadata
{
    /// <summary>A column of <see cref="Order"/>, as its file has it.</summary>
    public const string Weight = "\"shp_weight\": { \"type\": \"number\", \"x-kind\": \"double\", \"title\": \"Weight\" },";

    public const string Order = """
        { "title": "Order", "description": "What somebody wants.", "type": "object",
          "x-entity": { "logicalName": "shp_order", "schemaName": "shp_Order", "entitySetName": "shp_orders", "collectionTitle": "Orders", "ownership": "user", "primaryNameAttribute": "shp_number", "changeTracking": true },
          "properties": {
            "shp_number": { "type": "string", "maxLength": 20, "title": "Number", "x-autoNumber": { "format": "O-{SEQNUM:5}-{RANDSTRING:2}" }, "x-searchable": true },
            "shp_mail": { "type": "string", "format": "email", "title": "Mail", "maxLength": 80 },
            "shp_text": { "type": "string", "x-kind": "memo", "maxLength": 500, "title": "Text" },
            "shp_pieces": { "type": "integer", "minimum": 1, "maximum": 99, "default": 1, "title": "Pieces" },
            "shp_price": { "type": "number", "x-precision": 3, "minimum": 0, "title": "Price" },
            "shp_weight": { "type": "number", "x-kind": "double", "title": "Weight" },
            "shp_total": { "type": "number", "x-kind": "money", "title": "Total" },
            "shp_gift": { "type": "boolean", "default": true, "title": "Gift", "x-labels": { "true": "Wrapped", "false": "Plain" } },
            "shp_due": { "type": "string", "format": "date", "title": "Due" },
            "shp_sent": { "type": "string", "format": "date-time", "x-dateBehavior": "timeZoneIndependent", "title": "Sent" },
            "shp_size": { "type": "integer", "title": "Size", "default": 2, "x-choice": [ { "value": 1, "label": "Small", "color": "green" }, { "value": 2, "label": "Large" } ] },
            "shp_region": { "type": "integer", "title": "Region", "x-choice": "shp_region" },
            "shp_extras": { "type": "array", "items": { "type": "integer" }, "title": "Extras", "x-choice": [ { "value": 1, "label": "Card" } ] },
            "shp_customerid": { "title": "Customer", "x-lookup": { "targets": ["account", "contact"], "relationship": "shp_customer_orders", "onDelete": "restrict" } },
            "shp_parentid": { "title": "Parent", "x-lookup": { "targets": ["shp_order"], "relationship": "shp_order_parts", "hierarchical": true, "cascade": { "assign": "cascade" } } },
            "shp_outside": { "type": "string", "format": "uuid", "title": "Outside id" },
            "shp_double": { "type": "integer", "title": "Twice", "x-formula": "shp_pieces mul 2" },
            "shp_locked": { "type": "integer", "title": "Locked", "x-readOnly": true }
          },
          "required": ["shp_customerid"],
          "x-states": [ { "value": 0, "label": "Open", "statuses": [ { "value": 1, "label": "New", "transitions": [2] }, { "value": 2, "label": "Paid" } ] }, { "value": 1, "label": "Done", "statuses": [ { "value": 3, "label": "Sent" } ] } ],
          "x-keys": [ { "name": "shp_number_key", "title": "By number", "attributes": ["shp_number"] } ] }
        """;

    private const string Tag = """
        { "title": "Tag", "type": "object", "x-entity": { "logicalName": "shp_tag", "entitySetName": "shp_tags", "ownership": "organization", "primaryNameAttribute": "shp_name" },
          "properties": { "shp_name": { "type": "string", "title": "Name" } } }
        """;

    private static readonly ImmutableSortedDictionary<string, string> Files = new Dictionary<string, string>
    {
        ["pack.json"] = """{ "id": "shop", "version": "1.0.0", "publisher": { "prefix": "shp", "name": "Tests" }, "title": "Shop", "dependencies": { "core": ">=1.0.0" } }""",
        ["entities/shp_order/entity.json"] = Order,
        ["entities/shp_tag/entity.json"] = Tag,
        ["choices/shp_region.json"] = """{ "title": "Region", "values": [ { "value": 1, "label": "North" }, { "value": 2, "label": "South" } ] }""",
        ["relationships/shp_order_tags.json"] = """{ "title": "Tags of orders", "entities": ["shp_order", "shp_tag"] }""",
        ["labels/ko.json"] = """
            { "pack": { "title": "가게" },
              "entities": { "shp_order": { "title": "주문", "attributes": { "shp_number": { "title": "번호" }, "shp_size": { "title": "크기", "choices": { "1": "작음" } } } } },
              "choices": { "shp_region": { "title": "지역", "choices": { "1": "북부" } } }, "relationships": { "shp_order_tags": "주문의 태그" } }
            """,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly Lazy<Task<MetadataSnapshot>> Made = new(() => CompileAsync(1, new PackFiles("shop", Files)));

    public static Task<MetadataSnapshot> SnapshotAsync() => Made.Value;

    /// <summary>The metadata with some files changed.</summary>
    /// <param name="changes">Text by path; <c>null</c> takes the file out.</param>
    public static Task<MetadataSnapshot> CompileAsync(long version, params (string Path, string? Text)[] changes) =>
        CompileAsync(version, new PackFiles("shop", changes.Aggregate(Files, (all, change) => change.Text is null ? all.Remove(change.Path) : all.SetItem(change.Path, change.Text))));

    /// <summary>The metadata with what an administrator laid over it.</summary>
    /// <param name="order">Text of the customization's file about the order.</param>
    public static Task<MetadataSnapshot> CustomizedAsync(string order) => CompileAsync(1, new PackFiles("shop", Files), new PackFiles(PackDefinition.Customization, new Dictionary<string, string>
    {
        ["pack.json"] = """{ "id": "customization", "version": "1.0.0", "publisher": { "prefix": "", "name": "Administrators" }, "title": "Customization" }""",
        ["entities/shp_order/entity.json"] = order,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal)));

    /// <summary>Writes the pack below a folder of packs.</summary>
    public static void WriteTo(string folder)
    {
        foreach (var (path, text) in Files)
        {
            var file = Path.Combine(folder, "shop", path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    private static async Task<MetadataSnapshot> CompileAsync(long version, params PackFiles[] packs)
    {
        var core = await PackReader.ReadAsync(PackFolders.Found().Core, CancellationToken.None);
        var compiled = MetadataCompiler.Compile([core, .. packs], version);
        Assert.True(compiled.Errors.IsEmpty, string.Join("\n", compiled.Errors));
        return compiled.Snapshot!;
    }
}
