using Platform.Engine.Metadata;
using Platform.Engine.Packs;

namespace Platform.Engine.Tests.Metadata;

/// <summary>Core and the loyalty pack with two packs above them, which use what ties tables together: formulas and rollups over several tables, N:N relationships, hierarchies, global choices, layers.</summary>
internal static class ManyPacks
{
    public static async Task<IReadOnlyList<PackFiles>> ReadAsync() =>
    [
        await PackReader.ReadAsync(RepositoryRoot.At("metadata", "core"), CancellationToken.None),
        await PackReader.ReadAsync(RepositoryRoot.At("plugins", "loyalty"), CancellationToken.None),
        .. Above().Files.Where(pack => pack.Origin is "packs/trip" or "packs/customization"),
    ];

    private static SmallPacks Above() => new SmallPacks()
        .Write("trip", "pack.json", """{ "id": "trip", "version": "1.0.0", "publisher": { "prefix": "trp", "name": "Trips" }, "title": "Trips", "dependencies": { "core": ">=1.0.0", "loyalty": ">=0.1.0" } }""")
        .Write("trip", "choices/trp_class.json", """{ "title": "Class", "values": [ { "value": 1, "label": "First" }, { "value": 2, "label": "Second" } ] }""")
        .Write("trip", "relationships/trp_trip_contact.json", """{ "title": "Travellers", "entities": ["trp_trip", "contact"] }""")
        .Write("trip", "entities/trp_trip/entity.json", """
            { "title": "Trip", "type": "object",
              "x-entity": { "logicalName": "trp_trip", "entitySetName": "trp_trips", "ownership": "user", "primaryNameAttribute": "trp_name" },
              "properties": {
                "trp_name": { "type": "string", "title": "Name" },
                "trp_class": { "type": "integer", "x-choice": "trp_class", "title": "Class" },
                "trp_accountid": { "x-lookup": { "targets": ["account"], "cascade": { "assign": "cascade", "share": "cascade", "unshare": "cascade", "reparent": "cascade" } }, "title": "Account" },
                "trp_beforeid": { "x-lookup": { "targets": ["trp_trip"], "hierarchical": true }, "title": "Trip before" },
                "trp_budget": { "type": "number", "x-kind": "money", "title": "Budget" },
                "trp_legs": { "type": "integer", "x-rollup": { "relationship": "trp_leg_trp_tripid", "function": "count", "filter": "trp_distance gt 10" }, "title": "Legs" },
                "trp_distance": { "type": "number", "x-precision": 3, "x-rollup": { "relationship": "trp_leg_trp_tripid", "function": "sum", "attribute": "trp_doubled" }, "title": "Distance" } } }
            """)
        .Write("trip", "entities/trp_trip/views/far.json", """{ "title": "Far", "default": true, "columns": [ { "attribute": "trp_name" }, { "attribute": "trp_distance" } ], "filter": "trp_distance gt 100 and trp_accountid/name ne null", "orderby": "trp_name" }""")
        .Write("trip", "entities/trp_leg/entity.json", """
            { "title": "Leg", "type": "object",
              "x-entity": { "logicalName": "trp_leg", "entitySetName": "trp_legs", "ownership": "user", "primaryNameAttribute": "trp_name" },
              "properties": {
                "trp_name": { "type": "string", "title": "Name" },
                "trp_tripid": { "x-lookup": { "targets": ["trp_trip"], "onDelete": "cascade" }, "title": "Trip" },
                "trp_distance": { "type": "number", "x-precision": 3, "title": "Distance" },
                "trp_doubled": { "type": "number", "x-precision": 3, "x-formula": "trp_distance mul 2", "title": "Doubled" },
                "trp_share": { "type": "number", "x-precision": 3, "x-formula": "trp_distance div trp_tripid/trp_distance", "title": "Share" } } }
            """)
        .Write("trip", "entities/account/entity.json", """
            { "type": "object", "x-extends": "account",
              "properties": { "trp_trips": { "type": "integer", "x-rollup": { "relationship": "trp_trip_trp_accountid", "function": "count" }, "title": "Trips" } } }
            """)
        .Write("trip", "data/10-trp_trip.json", """
            { "entity": "trp_trip", "key": ["trp_name"], "demo": true,
              "rows": [ { "trp_name": "Jeju", "trp_class": 1, "trp_budget": 100, "trp_accountid": { "entity": "account", "key": { "name": "Hana" } } } ] }
            """)
        .Write("trip", "roles/guide.json", """{ "id": "7a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10", "title": "Guide", "privileges": { "trp_trip": { "read": "organization", "assign": "user" }, "trp_leg": { "read": "organization" }, "account": { "read": "user" } } }""")
        .Write("trip", "labels/ko.json", """
            { "pack": { "title": "여행" }, "choices": { "trp_class": { "choices": { "1": "일등" } } },
              "entities": { "trp_trip": { "title": "여행", "attributes": { "trp_name": { "title": "이름" } }, "views": { "far": "먼 여행" } }, "account": { "attributes": { "trp_trips": { "title": "여행" } } } } }
            """)
        .Write("customization", "pack.json", """{ "id": "customization", "version": "1.0.0", "publisher": { "prefix": "", "name": "Customization" }, "title": "Customization" }""")
        .Write("customization", "entities/trp_leg/entity.json", """{ "type": "object", "x-extends": "trp_leg", "title": "Stage", "properties": { "trp_distance": { "title": "Kilometres" }, "new_note": { "type": "string", "title": "Note" } } }""")
        .Write("customization", "entities/trp_trip/views/far.json", """{ "x-extends": "far", "title": "Very far" }""")
        .Write("customization", "labels/ko.json", """{ "entities": { "trp_leg": { "title": "구간" }, "contact": { "title": "사람" } } }""");
}
