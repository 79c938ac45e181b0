using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Metadata;

/// <summary>Tables whose names have no prefix, because clients know them by these: what a pack may claim, and what not.</summary>
public sealed class StandardTableTests
{
    private const string Manifest = "pack.json";
    private const string Lead = "entities/lead/entity.json";

    private const string Columns = """
        "subject": { "type": "string", "title": "Topic" },
        "address1_city": { "type": "string", "title": "City" },
        "shp_score": { "type": "integer", "title": "Score" }
        """;

    [Fact]
    public void A_claimed_table_its_columns_and_its_set_have_no_prefix_and_others_add_to_it_with_theirs()
    {
        var snapshot = Claiming("\"lead\"")
            .Write("ring", Manifest, RingManifest("", ", \"dependencies\": { \"shop\": \">=1.0.0\" }"))
            .Write("ring", Lead, """{ "x-extends": "lead", "properties": { "rng_tier": { "type": "string", "title": "Tier" } } }""")
            .Snapshot();

        var lead = snapshot.Entity("lead");
        Assert.Equal(("shop", "leads", "leadid"), (lead.Pack, lead.EntitySetName, lead.PrimaryIdAttribute));
        var declared = new[] { "address1_city", "rng_tier", "shp_score", "subject" };
        Assert.Equal(["shop", "ring", "shop", "shop"], declared.Select(name => lead.Attribute(name).Pack));
    }

    public static TheoryData<string, string, string, string, string> Mistakes => new()
    {
        // What the manifest claims, the pack's table lead; the file, place and reason of the one error.
        { "", Table(columns: "\"shp_score\": { \"type\": \"integer\", \"title\": \"Score\" }", set: "shp_leads"), Lead, "", "'lead' does not begin with the prefix" },
        { "\"shp_lead\"", "", Manifest, "/standardTables/0", "not a name without a prefix" },
        { "\"Lead\"", "", Manifest, "/standardTables/0", "not a name without a prefix" },
        { "1", "", Manifest, "/standardTables/0", "A text is expected" },
        { "\"lead\", \"lead\"", Table(), Manifest, "/standardTables/1", "stands twice" },
        { "\"lead\"", "", Manifest, "/standardTables/0", "has no table 'lead'" },
        { "\"account\"", "", Manifest, "/standardTables/0", "'account' belongs to the pack 'core'" },
        { "\"contact\"", "", Manifest, "/standardTables/0", "'contact' belongs to the pack 'core'" },
        { "\"lead\"", Table(set: "ext_leads"), Lead, "/x-entity/entitySetName", "does not begin with the prefix" },
        { "\"lead\"", Table(set: "accounts"), Lead, "/x-entity/entitySetName", "also that of 'account'" },
        { "\"lead\"", Table("""{ "name": "lead_topic", "attributes": ["subject"] }"""), Lead, "/x-indexes/0/name", "does not begin with the prefix" },
        { "\"lead\"", Table(columns: "\"rng_tier\": { \"type\": \"string\", \"title\": \"Tier\" }"), Lead, "/properties/rng_tier", "the prefix of the pack 'ring'" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_a_prefix_guards_is_guarded_without_one(string names, string table, string file, string pointer, string reason)
    {
        var packs = names.Length == 0 ? new SmallPacks() : Claiming(names, declare: false);
        if (table.Length > 0) packs.Write("shop", Lead, table);
        packs.Write("ring", Manifest, RingManifest(""));

        var error = Assert.Single(packs.Compile().Errors);

        Assert.Equal(($"packs/shop/{file}", pointer), (error.File, error.Pointer));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint);
    }

    [Fact]
    public void Two_packs_that_claim_one_name_are_refused_with_the_one_that_has_it()
    {
        var packs = Claiming("\"lead\"")
            .Write("ring", Manifest, RingManifest(", \"standardTables\": [\"lead\"]"))
            .Write("ring", Lead, Table(columns: "\"subject\": { \"type\": \"string\", \"title\": \"Topic\" }"));

        var error = Assert.Single(packs.Compile().Errors);

        Assert.Equal(("packs/shop/pack.json", "/standardTables/0"), (error.File, error.Pointer));
        Assert.Equal("The table 'lead' belongs to the pack 'ring'.", error.Reason);
        Assert.Contains("x-extends", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("core")]
    [InlineData("customization")]
    public void A_pack_that_has_no_prefix_claims_nothing(string pack)
    {
        var packs = pack == "core"
            ? new SmallPacks().Replace("core", Manifest, "\"id\": \"core\",", "\"id\": \"core\", \"standardTables\": [\"account\"],")
            : new SmallPacks().Write(pack, Manifest, """{ "id": "customization", "version": "1.0.0", "publisher": { "prefix": "", "name": "Us" }, "title": "C", "standardTables": ["lead"] }""");

        Assert.Equal("/standardTables/0", Assert.Single(packs.Compile().Errors).Pointer);
    }

    [Fact]
    public void A_claim_that_is_taken_back_is_noticed_though_the_table_stands_as_it_stood()
    {
        var before = Claiming("\"lead\"").Compile();
        var after = Claiming("").Files;

        Assert.Empty(before.Errors);
        Assert.Contains(MetadataCompiler.Compile(after, 8, before.Compiled).Errors, error => error.File == $"packs/shop/{Lead}" && error.Pointer.Length == 0);
    }

    private static SmallPacks Claiming(string names, bool declare = true)
    {
        var packs = new SmallPacks().Replace("shop", Manifest, "\"title\": \"Shop\",", $"\"title\": \"Shop\", \"standardTables\": [{names}],");
        return declare ? packs.Write("shop", Lead, Table()) : packs;
    }

    private static string Table(string index = "", string columns = Columns, string set = "leads") => $$"""
        { "title": "Lead", "x-entity": { "logicalName": "lead", "schemaName": "Lead", "entitySetName": "{{set}}", "ownership": "user" },
          "properties": { {{columns}} }, "x-indexes": [ {{index}} ] }
        """;

    private static string RingManifest(string claim, string dependencies = "") =>
        $$"""{ "id": "ring", "version": "1.0.0", "publisher": { "prefix": "rng", "name": "R" }, "title": "R"{{claim}}{{dependencies}} }""";
}
