using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Metadata;

/// <summary>A small core and a pack "shop" that uses every part of the format; tests change one thing and look what happens.</summary>
internal sealed class SmallPacks
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> packs = new(StringComparer.Ordinal)
    {
        ["core"] = new(StringComparer.Ordinal)
        {
            ["pack.json"] = """{ "id": "core", "version": "1.2.0", "publisher": { "prefix": "", "name": "Platform" }, "title": "Base" }""",
            ["entities/systemuser/entity.json"] = Table("systemuser", "systemusers", "none", """ "fullname": { "type": "string", "title": "Full name" } """, "fullname"),
            ["entities/team/entity.json"] = Table("team", "teams", "none", """ "name": { "type": "string", "title": "Name" } """, "name"),
            ["entities/businessunit/entity.json"] = Table("businessunit", "businessunits", "none", """ "name": { "type": "string", "title": "Name" } """, "name"),
            ["entities/transactioncurrency/entity.json"] = Table("transactioncurrency", "transactioncurrencies", "organization", """ "currencyname": { "type": "string", "title": "Name" } """, "currencyname"),
            ["entities/account/entity.json"] = Table("account", "accounts", "user", """ "name": { "type": "string", "title": "Name" } """, "name"),
            ["entities/contact/entity.json"] = Table("contact", "contacts", "user", """ "fullname": { "type": "string", "title": "Full name" }, "emailaddress1": { "type": "string", "format": "email", "title": "Email" } """, "fullname"),
            ["labels/ko.json"] = """{ "entities": { "*": { "attributes": { "createdon": { "title": "만든 날짜" } }, "states": { "0": "활성" }, "statuses": { "1": "활성" } }, "contact": { "title": "연락처" } } }""",
        },
        ["shop"] = new(StringComparer.Ordinal)
        {
            ["pack.json"] = """
                { "id": "shop", "version": "1.0.0", "publisher": { "prefix": "shp", "name": "Shop" }, "title": "Shop",
                  "dependencies": { "core": ">=1.0.0" }, "capabilities": { "hosts": ["https://api.example.com"], "secrets": ["shp_key"] } }
                """,
            ["choices/shp_region.json"] = """{ "title": "Region", "values": [ { "value": 1, "label": "North", "color": "blue" }, { "value": 2, "label": "South" } ] }""",
            ["entities/contact/entity.json"] = """{ "type": "object", "x-extends": "contact", "properties": { "shp_vip": { "type": "boolean", "title": "VIP" } } }""",
            ["entities/shp_order/entity.json"] = Order,
            ["entities/shp_order/forms/main.json"] = """
                { "title": "Order", "header": ["ownerid"],
                  "tabs": [ { "name": "general", "title": "General", "sections": [ { "name": "order", "title": "Order", "columns": 2, "fields": ["shp_number", "shp_customerid"] } ] } ] }
                """,
            ["entities/shp_order/views/active.json"] = """
                { "title": "Open orders", "default": true, "columns": [ { "attribute": "shp_number", "width": 160 }, { "attribute": "createdon" } ],
                  "filter": "statecode eq 0", "orderby": "shp_number asc" }
                """,
            ["entities/shp_order/steps.json"] = """
                { "steps": [ { "name": "check", "script": "check.js", "message": "Update", "stage": "PreOperation", "rank": 10,
                    "filteringAttributes": ["shp_total"], "images": [ { "type": "pre", "alias": "before", "attributes": ["shp_total"] } ],
                    "config": { "floor": 0 }, "limits": { "milliseconds": 500 } } ] }
                """,
            ["entities/shp_order/check.js"] = "context.reject('No.', 'shp_too_much');",
            ["apis/shp_Pay/api.json"] = """
                { "title": "Pay an order", "description": "Takes the money.", "bindingType": "entity", "boundEntity": "shp_order", "executePrivilege": "prvWriteshp_Order", "allowedStepType": "syncAndAsync",
                  "requestParameters": { "Amount": { "type": "money", "title": "Amount" }, "Payer": { "type": "entityReference", "entity": "contact", "title": "Payer", "isOptional": true } },
                  "responseProperties": { "Left": { "type": "money", "title": "Left", "description": "What is left to pay." } } }
                """,
            ["apis/shp_Pay/steps.json"] = """{ "steps": [ { "name": "pay", "script": "pay.js", "stage": "MainOperation", "limits": { "milliseconds": 500 } } ] }""",
            ["apis/shp_Pay/pay.js"] = "context.output.set('Left', 0);",
            ["apis/shp_List/api.json"] = """
                { "title": "List orders", "isFunction": true, "isPrivate": true, "requestParameters": { "Region": { "type": "choice", "title": "Region" } },
                  "responseProperties": { "Orders": { "type": "entityCollection", "entity": "shp_order", "title": "Orders" } } }
                """,
            ["apis/shp_List/steps.json"] = """{ "steps": [ { "name": "list", "script": "list.js", "message": "shp_List", "stage": "MainOperation", "config": { "most": 5 } } ] }""",
            ["apis/shp_List/list.js"] = "context.output.set('Orders', []);",
            ["roles/clerk.json"] = """
                { "id": "6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10", "title": "Clerk",
                  "privileges": { "shp_order": { "create": "user", "read": "organization" }, "*": { "read": "user" } } }
                """,
            ["app/sitemap.json"] = """{ "name": "shop", "title": "Shop", "icon": "cart", "groups": [ { "name": "sales", "title": "Sales", "items": [ { "entity": "shp_order" } ] } ] }""",
            ["data/10-contact.json"] = """{ "entity": "contact", "key": ["emailaddress1"], "demo": true, "rows": [ { "emailaddress1": "anna@example.com", "fullname": "Anna" } ] }""",
            ["data/20-shp_order.json"] = """
                { "entity": "shp_order", "key": ["shp_number"],
                  "rows": [ { "shp_number": "A-1", "shp_total": 12.5, "shp_placed": "2026-01-31T09:30:00+09:00", "shp_due": "2026-02-28", "shp_status": 2,
                              "shp_customerid": { "entity": "contact", "key": { "emailaddress1": "anna@example.com" } } } ] }
                """,
            ["labels/ko.json"] = """
                { "pack": { "title": "가게" },
                  "entities": { "shp_order": { "title": "주문", "collectionTitle": "주문", "attributes": { "shp_number": { "title": "번호" }, "shp_status": { "choices": { "1": "새로움" } } },
                      "forms": { "main": { "title": "정보", "tabs": { "general": "일반" }, "sections": { "order": "주문" } } }, "views": { "active": "진행 중" }, "keys": { "shp_number_key": "번호" } } },
                  "choices": { "shp_region": { "title": "지역", "choices": { "1": "북부" } } }, "roles": { "clerk": "점원" }, "apis": { "shp_Pay": { "title": "결제", "requestParameters": { "Amount": { "title": "금액" } } } },
                  "app": { "title": "가게", "groups": { "sales": "판매" } }, "messages": { "shp_too_much": "너무 많습니다." } }
                """,
        },
    };

    private const string Order = """
        { "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Order", "description": "What a customer buys.", "type": "object",
          "x-entity": { "logicalName": "shp_order", "schemaName": "shp_Order", "entitySetName": "shp_orders", "collectionTitle": "Orders", "ownership": "user", "primaryNameAttribute": "shp_number", "changeTracking": true },
          "properties": {
            "shp_number": { "type": "string", "maxLength": 20, "title": "Number", "pattern": "^[A-Z]-[0-9]+$", "x-searchable": true },
            "shp_note": { "type": "string", "x-kind": "memo", "title": "Note" },
            "shp_pieces": { "type": "integer", "minimum": 1, "maximum": 99, "default": 1, "title": "Pieces" },
            "shp_total": { "type": "number", "x-kind": "money", "title": "Total" },
            "shp_weight": { "type": "number", "x-precision": 3, "title": "Weight" },
            "shp_express": { "type": "boolean", "x-labels": { "true": "Express", "false": "Normal" }, "default": false, "title": "Express" },
            "shp_placed": { "type": "string", "format": "date-time", "title": "Placed" },
            "shp_due": { "type": "string", "format": "date", "title": "Due" },
            "shp_status": { "type": "integer", "x-choice": [ { "value": 1, "label": "New" }, { "value": 2, "label": "Paid" } ], "default": 1, "title": "Status" },
            "shp_region": { "type": "integer", "x-choice": "shp_region", "title": "Region" },
            "shp_customerid": { "x-lookup": { "targets": ["contact", "account"], "relationship": "shp_customer_orders", "onDelete": "restrict" }, "title": "Customer" },
            "shp_parentid": { "x-lookup": { "targets": ["shp_order"] }, "title": "Parent" },
            "shp_external": { "type": "string", "format": "uuid", "title": "External id" } },
          "required": ["shp_number"],
          "x-keys": [ { "name": "shp_number_key", "title": "Number", "attributes": ["shp_number"] } ],
          "x-indexes": [ { "name": "shp_order_due", "attributes": ["shp_due", "statecode"] } ] }
        """;

    /// <summary>Replaces a piece of a file, which must stand there once.</summary>
    public SmallPacks Replace(string pack, string file, string from, string to)
    {
        var text = packs[pack][file];
        Assert.Equal(2, text.Split(from).Length);
        packs[pack][file] = text.Replace(from, to, StringComparison.Ordinal);
        return this;
    }

    public SmallPacks Write(string pack, string file, string text)
    {
        if (!packs.TryGetValue(pack, out var files)) packs[pack] = files = new(StringComparer.Ordinal);
        files[file] = text;
        return this;
    }

    public SmallPacks Remove(string pack, string file)
    {
        Assert.True(packs[pack].Remove(file));
        return this;
    }

    public IReadOnlyList<PackFiles> Files => [.. packs.Select(pack => new PackFiles($"packs/{pack.Key}", pack.Value.ToImmutableSortedDictionary(StringComparer.Ordinal)))];

    public MetadataCompilation Compile() => MetadataCompiler.Compile(Files, 7);

    /// <summary>Compiles without errors.</summary>
    public MetadataSnapshot Snapshot()
    {
        var compilation = Compile();
        Assert.Empty(compilation.Errors);
        return compilation.Snapshot!;
    }

    public static string Table(string name, string set, string ownership, string columns, string primaryName) =>
        $$"""
        { "title": "{{name}}", "type": "object",
          "x-entity": { "logicalName": "{{name}}", "entitySetName": "{{set}}", "ownership": "{{ownership}}", "primaryNameAttribute": "{{primaryName}}" },
          "properties": { {{columns}} } }
        """;
}
