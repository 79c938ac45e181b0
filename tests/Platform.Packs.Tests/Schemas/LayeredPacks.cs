using Platform.Engine.Tests.Metadata;

namespace Platform.Packs.Tests.Schemas;

/// <summary>The small packs with a layer above them that says something about components of every kind.</summary>
internal static class LayeredPacks
{
    public const string Customization = "customization";

    public static SmallPacks Make() => new SmallPacks()
        .Write("core", "relationships/contact_peers.json", """{ "title": "Peers", "entities": ["contact", "account"] }""")
        .Write(Customization, "pack.json", """{ "id": "customization", "version": "1.0.0", "publisher": { "prefix": "", "name": "Administrators" }, "title": "Customization", "dependencies": { "core": ">= 1.0.0", "shop": ">=1.0.0" } }""")
        .Write(Customization, "entities/shp_order/entity.json", """
            { "$schema": "../../../metadata/schema/entity.schema.json", "x-extends": "shp_order", "title": "Purchase", "description": null,
              "x-entity": { "collectionTitle": "Purchases", "audit": false, "icon": "cart" },
              "x-states": [ { "value": 0, "label": "Open", "statuses": [ { "value": 1, "label": "Placed", "transitions": [2] }, { "value": 2, "label": "Packed" } ] } ],
              "properties": {
                "shp_number": { "title": "Order no.", "maxLength": 30, "pattern": null, "x-required": false },
                "shp_note": { "description": "What the customer says.", "maxLength": 9000 },
                "shp_pieces": { "default": null, "minimum": 0 },
                "shp_due": { "x-required": true },
                "shp_express": { "x-labels": { "true": "Fast" } },
                "shp_status": { "default": 3, "x-choice": [ { "value": 2, "label": "Settled", "color": "green" }, { "value": 1, "x-removed": true }, { "value": 3, "label": "Draft", "x-after": null } ] },
                "shp_customerid": { "x-lookup": { "targets": { "x-add": ["shp_order"] }, "onDelete": null, "cascade": { "assign": "cascade" } } },
                "new_colour": { "type": "string", "title": "Colour", "x-autoNumber": { "format": "C-{SEQNUM:4}", "seed": 1 } },
                "new_at": { "type": "string", "format": "date-time", "title": "At", "default": "2026-01-31T09:30:00Z" },
                "new_tags": { "type": "array", "items": { "type": "integer" }, "x-choice": "shp_region", "title": "Tags", "default": [1, 2] },
                "new_agentid": { "title": "Agent", "x-lookup": { "targets": ["contact"] } } },
              "required": ["new_colour"],
              "x-keys": [ { "name": "shp_number_key", "title": "Order no.", "attributes": { "x-add": ["shp_due"] } }, { "name": "new_colour_key", "attributes": ["new_colour"] } ],
              "x-indexes": [ { "name": "shp_order_due", "attributes": { "x-remove": ["statecode"] } } ] }
            """)
        .Write(Customization, "entities/shp_order/forms/main.json", """
            { "x-extends": "main", "title": "Purchase", "header": { "x-add": ["shp_status"], "x-remove": ["ownerid"] },
              "tabs": [ { "name": "general", "sections": [ { "name": "order", "columns": null, "fields": { "x-add": ["shp_note"], "x-remove": ["shp_number"] } },
                                                           { "name": "colours", "title": "Colours", "fields": ["new_colour"], "x-after": "order" } ] },
                        { "name": "more", "title": "More", "x-after": null, "sections": [ { "name": "dates", "title": "Dates", "fields": ["shp_due"] } ] } ] }
            """)
        .Write(Customization, "entities/shp_order/views/active.json", """
            { "x-extends": "active", "orderby": null, "filter": "statecode eq 1", "columns": [ { "attribute": "createdon", "x-removed": true }, { "attribute": "shp_total", "width": 90, "x-after": "shp_number" } ] }
            """)
        .Write(Customization, "roles/clerk.json", """{ "x-extends": "clerk", "title": "Clerks", "privileges": { "shp_order": { "delete": "user", "create": null }, "*": null } }""")
        .Write(Customization, "choices/shp_region.json", """{ "x-extends": "shp_region", "values": [ { "value": 3, "label": "West", "x-after": 1 }, { "value": 1, "color": null } ] }""")
        .Write(Customization, "app/shop.json", """{ "x-extends": "shop", "icon": null, "groups": [ { "name": "sales", "items": [ { "entity": "contact", "x-after": null } ] } ] }""")
        .Write(Customization, "relationships/contact_peers.json", """{ "x-extends": "contact_peers", "title": "Friends" }""")
        .Write(Customization, "labels/ko.json", """
            { "entities": { "shp_order": { "title": "구매", "attributes": { "new_colour": { "title": "색" } } } }, "relationships": { "contact_peers": "친구" },
              "apps": { "shop": { "title": "상점", "groups": { "sales": "판매" } } }, "choices": { "shp_region": { "choices": { "3": "서부" } } }, "roles": { "clerk": "직원" } }
            """)
        // Rows and labels of the pack speak of what the layer takes away.
        .Remove("shop", "data/20-shp_order.json")
        .Remove("shop", "labels/ko.json");
}
