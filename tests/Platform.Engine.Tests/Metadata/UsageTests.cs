using Platform.Engine.Metadata.Usage;

namespace Platform.Engine.Tests.Metadata;

/// <summary>Who refers to which component.</summary>
public sealed class UsageTests
{
    private const string OrderFile = "entities/shp_order/entity.json";

    [Fact]
    public void A_column_is_used_by_everything_that_names_it_each_with_its_place()
    {
        Assert.Equal(
            [
                "entity/shp_order Column shop/entities/shp_order/entity.json#/x-entity/primaryNameAttribute",
                "entity/shp_order Column shop/entities/shp_order/entity.json#/required/0",
                "file/shop/data/20-shp_order.json SeedRow shop/data/20-shp_order.json#/key/0",
                "file/shop/data/20-shp_order.json SeedRow shop/data/20-shp_order.json#/rows/0/shp_number",
                "file/shop/labels/ko.json Label shop/labels/ko.json#/entities/shp_order/attributes/shp_number",
                "form/shp_order/main Shown shop/entities/shp_order/forms/main.json#/tabs/0/sections/0/fields/0",
                "key/shp_order/shp_number_key Key shop/entities/shp_order/entity.json#/x-keys/0/attributes/0",
                "view/shp_order/active Shown shop/entities/shp_order/views/active.json#/columns/0/attribute",
                "view/shp_order/active Expression shop/entities/shp_order/views/active.json#/orderby",
            ],
            Uses(new SmallPacks(), "attribute/shp_order/shp_number"));
    }

    [Theory]
    [InlineData("choice/shp_region", "attribute/shp_order/shp_region Values", "file/shop/labels/ko.json Label")]
    [InlineData("entity/contact", "attribute/shp_order/shp_customerid Lookup", "pack/shop Layer", "file/shop/data/10-contact.json SeedRow", "file/shop/data/20-shp_order.json SeedRow", "file/core/labels/ko.json Label")]
    [InlineData("entity/shp_order", "form/shp_order/main Part", "view/shp_order/active Part", "step/shp_order/check Part", "role/clerk Privilege", "app/shop Navigation", "attribute/shp_order/shp_parentid Lookup")]
    [InlineData("attribute/shp_order/shp_total", "step/shp_order/check Step")]
    [InlineData("attribute/shp_order/statecode", "view/shp_order/active Expression", "index/shp_order/shp_order_due Key")]
    [InlineData("attribute/contact/emailaddress1", "file/shop/data/10-contact.json SeedRow", "file/shop/data/20-shp_order.json SeedRow")]
    [InlineData("script/shp_order/check.js", "step/shp_order/check Step")]
    [InlineData("role/clerk", "file/shop/labels/ko.json Label")]
    [InlineData("form/shp_order/main", "file/shop/labels/ko.json Label")]
    [InlineData("pack/core", "pack/shop Layer")]
    public void Every_kind_of_file_is_looked_into(string component, params string[] expected)
    {
        var found = Uses(new SmallPacks(), component).Select(use => use[..use.LastIndexOf(' ')]).ToHashSet();

        Assert.Empty(expected.Except(found));
    }

    [Fact]
    public void Formulas_rollups_and_paths_are_understood()
    {
        var packs = new SmallPacks()
            .Replace("shop", OrderFile, "\"shp_external\":", """
                "shp_double": { "type": "number", "title": "Twice", "x-formula": "shp_weight mul 2" },
                "shp_mail": { "type": "string", "title": "Mail", "x-formula": "concat(shp_customerid_contact/emailaddress1, 'shp_note')" },
                "shp_external":
                """)
            .Replace("shop", "entities/contact/entity.json", "\"properties\": {", """
                "properties": { "shp_sum": { "type": "number", "title": "Sum", "x-rollup": { "relationship": "shp_customer_orders_contact", "function": "sum", "attribute": "shp_weight", "filter": "shp_express" } },
                """);

        Assert.Equal(
            ["attribute/contact/shp_sum Rollup", "attribute/shp_order/shp_double Formula"],
            Uses(packs, "attribute/shp_order/shp_weight").Select(use => use[..use.LastIndexOf(' ')]));
        Assert.Contains("attribute/shp_order/shp_mail Formula", Uses(packs, "attribute/contact/emailaddress1").Select(use => use[..use.LastIndexOf(' ')]));
        Assert.Equal(["attribute/contact/shp_sum Rollup"], Uses(packs, "attribute/shp_order/shp_express").Select(use => use[..use.LastIndexOf(' ')]));
        Assert.Equal(["attribute/contact/shp_sum Rollup"], Uses(packs, "relationship/shp_customer_orders_contact").Select(use => use[..use.LastIndexOf(' ')]));
        // A text of a formula is no name.
        Assert.Empty(Uses(packs, "attribute/shp_order/shp_note"));
    }

    [Fact]
    public void What_a_script_has_in_its_texts_is_mentioned_with_its_line_and_certain_uses_come_first()
    {
        var packs = new SmallPacks().Write("shop", "entities/shp_order/check.js", """
            var total = context.target.get("shp_total");
            var people = context.service.retrieveMultiple("contact", "?$select=emailaddress1&$top=1");
            // shp_note is spoken of here only
            """);
        var index = Index(packs);

        Assert.Equal("script/shp_order/check.js (shop/entities/shp_order/check.js:1)", Assert.Single(index.Of("attribute/shp_order/shp_total"), use => !use.IsCertain).ToString());
        Assert.Equal("2", Assert.Single(index.Of("attribute/contact/emailaddress1"), use => !use.IsCertain).Place);
        Assert.Equal("2", Assert.Single(index.Of("entity/contact"), use => !use.IsCertain).Place);
        Assert.False(index.Of("entity/contact")[^1].IsCertain);
        Assert.Empty(index.Of("attribute/shp_order/shp_note"));
    }

    private static UsageIndex Index(SmallPacks packs) => UsageIndex.Of([.. packs.Files.Select(pack => (pack.Origin.Split('/')[1], pack))], []);

    private static IEnumerable<string> Uses(SmallPacks packs, string component) =>
        Index(packs).Of(component).Select(use => $"{use.By} {use.Kind} {use.Pack}/{use.File}#{use.Place}");
}
