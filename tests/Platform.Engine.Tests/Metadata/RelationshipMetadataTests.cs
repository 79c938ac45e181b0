using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Metadata;

/// <summary>N:N relationships, cascades and hierarchies in the files of packs.</summary>
public sealed class RelationshipMetadataTests
{
    private const string File = "relationships/shp_contacts.json";
    private const string Order = "entities/shp_order/entity.json";

    private const string Pair = """
        { "title": "Pair", "type": "object",
          "x-entity": { "logicalName": "shp_pair", "entitySetName": "shp_pairs", "ownership": "none" },
          "properties": { "shp_a": { "x-lookup": { "targets": ["contact"], "onDelete": "cascade" }, "title": "A" },
                          "shp_b": { "x-lookup": { "targets": ["shp_order"], "onDelete": "cascade" }, "title": "B" },
                          "shp_rank": { "type": "integer", "title": "Rank" } },
          "required": ["shp_a", "shp_b"],
          "x-keys": [ { "name": "shp_pair_key", "title": "Pair", "attributes": ["shp_a", "shp_b"] } ] }
        """;

    [Fact]
    public void A_relationship_makes_the_table_of_its_pairs_and_a_navigation_property_at_each_end()
    {
        var snapshot = new SmallPacks().Write("shop", File, """{ "title": "Contacts of orders", "entities": ["shp_order", "contact"], "intersect": "shp_order_contact" }""").Snapshot();

        var pairs = snapshot.Entity("shp_order_contact");
        Assert.True(pairs.IsIntersect);
        Assert.Equal(("shp_order_contactset", Ownership.None, false), (pairs.EntitySetName, pairs.Ownership, pairs.Audited));
        Assert.Equal(["shp_orderid", "contactid"], Assert.Single(pairs.Keys).Attributes.AsEnumerable());
        Assert.All(pairs.ManyToOne.Where(relationship => relationship.ReferencedEntity is "shp_order" or "contact"), relationship => Assert.Equal(DeleteBehavior.Cascade, relationship.OnDelete));
        var there = Assert.IsType<PairsNavigation>(Navigation.Find(snapshot.Entity("shp_order"), "shp_contacts"));
        var back = Assert.IsType<PairsNavigation>(Navigation.Find(snapshot.Entity("contact"), "shp_contacts"));
        Assert.Equal(("contact", "shp_orderid", "contactid"), (there.Target, there.Near.IntersectAttribute, there.Far.IntersectAttribute));
        Assert.Equal(("shp_order", there.Near, there.Far), (back.Target, back.Far, back.Near));
    }

    [Fact]
    public void A_table_that_the_pack_declares_holds_the_pairs_with_columns_of_its_own()
    {
        var snapshot = new SmallPacks()
            .Write("shop", "entities/shp_pair/entity.json", Pair)
            .Write("shop", File, """{ "title": "Contacts of orders", "entities": ["shp_order", "contact"], "intersect": "shp_pair" }""").Snapshot();

        var definition = Assert.Single(snapshot.Entity("contact").ManyToMany);
        Assert.Equal(("shp_b", "shp_a"), (definition.First.IntersectAttribute, definition.Second.IntersectAttribute));
        Assert.True(snapshot.Entity("shp_pair").IsIntersect);
    }

    [Fact]
    public void Tables_of_pairs_and_of_the_engine_take_no_columns_and_keys_of_other_packs_and_no_lookup_points_to_pairs()
    {
        const string Members = """
            { "title": "Membership", "type": "object", "x-entity": { "logicalName": "teammembership", "entitySetName": "teammemberships", "ownership": "none" },
              "properties": { "teamid": { "x-lookup": { "targets": ["team"], "onDelete": "cascade" }, "title": "Team" }, "systemuserid": { "x-lookup": { "targets": ["systemuser"], "onDelete": "cascade" }, "title": "User" } },
              "required": ["teamid", "systemuserid"], "x-keys": [ { "name": "teammembership_key", "title": "Both", "attributes": ["teamid", "systemuserid"] } ] }
            """;
        const string Columns = """
            "properties": { "shp_note": { "type": "string", "title": "Note" }, "shp_accountid": { "x-lookup": { "targets": ["account"] }, "title": "Account" },
                            "shp_twice": { "type": "string", "x-formula": "'a'", "title": "Twice" }, "shp_orders": { "type": "integer", "x-rollup": { "relationship": "shp_pairs", "function": "count" }, "title": "Orders" } }
            """;
        var errors = new SmallPacks()
            .Write("core", "entities/teammembership/entity.json", Members)
            .Write("core", "relationships/teammembership_association.json", """{ "title": "Members", "entities": ["team", "systemuser"], "intersect": "teammembership" }""")
            .Write("core", "entities/trail/entity.json", SmallPacks.Table("trail", "trails", "none", """ "name": { "type": "string", "title": "Name" } """, "name").Replace("\"ownership\"", "\"engineOwned\": true, \"ownership\"", StringComparison.Ordinal))
            .Write("shop", "entities/teammembership/entity.json", $$"""{ "type": "object", "x-extends": "teammembership", {{Columns}}, "x-keys": [ { "name": "shp_team_key", "title": "Team", "attributes": ["teamid"] } ] }""")
            .Write("shop", "entities/trail/entity.json", $$"""{ "type": "object", "x-extends": "trail", "properties": { "shp_note": { "type": "string", "title": "Note" } } }""")
            .Write("shop", "entities/contact/entity.json", """{ "type": "object", "x-extends": "contact", "properties": { "shp_vip": { "type": "boolean", "title": "VIP" }, "shp_memberid": { "x-lookup": { "targets": ["account", "teammembership"] }, "title": "Member" } } }""")
            .Compile().Errors;

        Assert.Equal(
            [
                ("contact", "/properties/shp_memberid/x-lookup/targets/1", "'teammembership' holds the pairs of an N:N relationship, to which no lookup points."),
                .. new[] { "shp_accountid", "shp_note", "shp_orders", "shp_twice" }.Select(column => ("teammembership", $"/properties/{column}", "'teammembership' holds the pairs of an N:N relationship and takes no column of another pack.")),
                ("teammembership", "/x-keys/0", "'teammembership' holds the pairs of an N:N relationship and takes no key of another pack."),
                ("trail", "/properties/shp_note", "'trail' is written by the platform only and takes no column of another pack."),
            ],
            errors.Where(error => error.Reason.Contains("pack.", StringComparison.Ordinal) || error.Reason.Contains("points", StringComparison.Ordinal))
                .Select(error => (error.File.Split('/')[^2], error.Pointer, error.Reason)).OrderBy(error => error.Item1, StringComparer.Ordinal).ThenBy(error => error.Pointer, StringComparer.Ordinal));
        Assert.DoesNotContain(errors, error => error.File.Contains("/core/", StringComparison.Ordinal));
    }

    public static TheoryData<string, string, string> Relationships => new()
    {
        { """{ "entities": ["shp_order", "contact"] }""", "", "'title' is missing" },
        { """{ "title": "x" }""", "", "'entities' is missing" },
        { """{ "title": "x", "entities": ["shp_order"] }""", "/entities", "names 1 tables" },
        { """{ "title": "x", "entities": ["shp_order", "nothing"] }""", "/entities/1", "no entity 'nothing'" },
        { """{ "title": "x", "entities": ["shp_order", "contact"], "intersect": "pairs" }""", "/intersect", "prefix" },
        { """{ "title": "x", "entities": ["shp_order", "contact"], "intersect": "shp_order" }""", "", "no key over one lookup" },
        { """{ "title": "x", "entities": ["shp_order", "shp_order"] }""", "", "two names" },
        { """{ "title": "x", "entities": ["shp_order", "shp_order"], "navigation": ["shp_a", "shp_a"] }""", "/navigation", "Two navigation properties" },
        { """{ "title": "x", "entities": ["shp_order", "contact"], "navigation": ["shp_total", "shp_a"] }""", "", "'shp_total' already" },
        { """{ "title": "x", "entities": ["shp_order", "contact"], "navigation": ["shp_a", "lk_contact_createdby"], "onDelete": "x" }""", "/onDelete", "unknown" },
    };

    [Theory]
    [MemberData(nameof(Relationships))]
    public void A_wrong_relationship_is_refused_where_it_is_wrong(string text, string pointer, string reason)
    {
        var errors = new SmallPacks().Write("shop", File, text).Compile().Errors;

        Assert.Contains(errors, error => error.Pointer == pointer && error.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_required_column_of_a_declared_table_of_pairs_is_refused_when_nothing_fills_it()
    {
        var errors = new SmallPacks()
            .Write("shop", "entities/shp_pair/entity.json", Pair.Replace("\"required\": [\"shp_a\"", "\"required\": [\"shp_rank\", \"shp_a\"", StringComparison.Ordinal))
            .Write("shop", File, """{ "title": "Contacts of orders", "entities": ["shp_order", "contact"], "intersect": "shp_pair" }""").Compile().Errors;

        Assert.Equal("/properties/shp_rank", Assert.Single(errors).Pointer);
    }

    [Fact]
    public void Cascades_and_the_hierarchy_of_a_lookup_are_in_the_metadata()
    {
        var snapshot = WithLookup("""{ "targets": ["shp_order"], "hierarchical": true, "cascade": { "assign": "userOwned", "share": "active", "unshare": "cascade", "reparent": "none", "delete": "restrict", "merge": "cascade" } }""").Snapshot();

        var relationship = snapshot.Entity("shp_order").ManyToOne.Single(relationship => relationship.ReferencingAttribute == "shp_parentid");
        Assert.Equal(new CascadeRules(CascadeScope.UserOwned, CascadeScope.Active, CascadeScope.Cascade, CascadeScope.None, Merge: true), relationship.Cascade);
        Assert.Equal((DeleteBehavior.Restrict, true, true), (relationship.OnDelete, relationship.IsHierarchical, relationship.Cascade.IsParental));
        Assert.Equal("shp_parentid", snapshot.Entity("shp_order").Hierarchy!.LogicalName);
    }

    [Theory]
    [InlineData("""{ "targets": ["shp_order"], "cascade": { "assign": "all" } }""", "/x-lookup/cascade/assign", "'all' is not possible")]
    [InlineData("""{ "targets": ["shp_order"], "cascade": { "merge": "active" } }""", "/x-lookup/cascade/merge", "'active' is not possible")]
    [InlineData("""{ "targets": ["shp_order"], "cascade": { "delete": "active" } }""", "/x-lookup/cascade/delete", "'active' is not possible")]
    [InlineData("""{ "targets": ["shp_order"], "cascade": { "asign": "none" } }""", "/x-lookup/cascade/asign", "unknown")]
    [InlineData("""{ "targets": ["shp_order"], "onDelete": "restrict", "cascade": { "delete": "cascade" } }""", "/x-lookup/onDelete", "said twice")]
    [InlineData("""{ "targets": ["team"], "cascade": { "share": "cascade" } }""", "", "Rows of 'team' have no owner")]
    [InlineData("""{ "targets": ["contact"], "hierarchical": true }""", "/x-lookup/hierarchical", "to its own table")]
    [InlineData("""{ "targets": ["shp_order"], "hierarchical": 1 }""", "/x-lookup/hierarchical", "true or false")]
    public void What_does_not_go_together_is_refused(string lookup, string pointer, string reason)
    {
        var errors = WithLookup(lookup).Compile().Errors;

        Assert.Contains(errors, error => error.Pointer == "/properties/shp_parentid" + pointer && error.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_table_has_one_parent()
    {
        var errors = WithLookup("""{ "targets": ["contact"], "cascade": { "assign": "cascade" } }""")
            .Replace("shop", Order, "\"relationship\": \"shp_customer_orders\", \"onDelete\": \"restrict\"", "\"relationship\": \"shp_customer_orders\", \"cascade\": { \"reparent\": \"active\" }")
            .Compile().Errors;

        Assert.Contains("parental relationship already, by 'shp_customerid'", Assert.Single(errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parents_do_not_go_round_in_a_circle()
    {
        var errors = WithLookup("""{ "targets": ["contact"], "cascade": { "assign": "cascade" } }""")
            .Replace("shop", "entities/contact/entity.json", "\"shp_vip\"", """ "shp_orderid": { "title": "Order", "x-lookup": { "targets": ["shp_order"], "cascade": { "assign": "cascade" } } }, "shp_vip" """)
            .Compile().Errors;

        Assert.Contains("contact → shp_order → contact", Assert.Single(errors).Reason, StringComparison.Ordinal);
    }

    private static SmallPacks WithLookup(string lookup) =>
        new SmallPacks().Replace("shop", Order, """ "shp_parentid": { "x-lookup": { "targets": ["shp_order"] }, """.Trim(), $$""" "shp_parentid": { "x-lookup": {{lookup}}, """.Trim());
}
