using Platform.Engine.Metadata;
using Platform.Engine.Tests.Metadata;

namespace Platform.Engine.Tests.Layers;

/// <summary>What upper layers say about components of lower ones, as it holds after compiling.</summary>
public sealed class LayerTests
{
    private const string Customization = "customization";
    private const string Contact = "entities/contact/entity.json";
    private const string Order = "entities/shp_order/entity.json";

    [Fact]
    public void A_layer_changes_one_property_of_a_column_and_the_rest_stays_with_its_pack()
    {
        var metadata = With(Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_number": { "title": "Order no.", "maxLength": 30 } } }""").Snapshot();

        var number = metadata.Entity("shp_order").Attribute("shp_number");
        Assert.Equal(("Order no.", 30, "^[A-Z]-[0-9]+$", "shop"), (number.Title.English, number.MaxLength, number.PatternText, number.Pack));
        Assert.Equal("번호", number.Title.For("ko"));
        Assert.True(number.Required);
    }

    [Fact]
    public void A_layer_changes_the_table_itself_and_adds_columns_keys_and_labels_to_it()
    {
        var metadata = With(Order, """
                { "x-extends": "shp_order", "type": "object", "title": "Purchase", "x-entity": { "collectionTitle": "Purchases", "audit": false },
                  "properties": { "new_colour": { "type": "string", "title": "Colour" } },
                  "x-keys": [ { "name": "new_colour_key", "attributes": ["new_colour"] } ] }
                """)
            .Write(Customization, "labels/ko.json", """{ "entities": { "shp_order": { "title": "구매", "attributes": { "new_colour": { "title": "색" }, "shp_number": { "title": "구매 번호" } } } } }""")
            .Snapshot();

        var order = metadata.Entity("shp_order");
        Assert.Equal(("Purchase", "Purchases", "구매", false, "shop"), (order.Title.English, order.CollectionTitle.English, order.Title.For("ko"), order.Audited, order.Pack));
        Assert.Equal((Customization, "색"), (order.Attribute("new_colour").Pack, order.Attribute("new_colour").Title.For("ko")));
        Assert.Equal("구매 번호", order.Attribute("shp_number").Title.For("ko"));
        Assert.Equal(["shp_number_key", "new_colour_key"], order.Keys.Select(key => key.Name));
    }

    [Fact]
    public void Options_merge_by_value_a_removed_one_goes_and_a_new_one_takes_its_place()
    {
        var metadata = With(Order, """
            { "x-extends": "shp_order", "type": "object", "properties": { "shp_status": { "default": 3, "x-choice": [
              { "value": 2, "label": "Settled" }, { "value": 1, "x-removed": true }, { "value": 3, "label": "Draft", "x-after": null } ] } } }
            """).Remove("shop", "data/20-shp_order.json").Snapshot();

        Assert.Equal([(3, "Draft"), (2, "Settled")], metadata.Entity("shp_order").Attribute("shp_status").Options.Select(option => (option.Value, option.Label.English)));
    }

    [Fact]
    public void Forms_views_roles_choices_and_apps_take_what_layers_add()
    {
        var metadata = With("entities/shp_order/forms/main.json", """
                { "x-extends": "main", "header": { "x-add": ["shp_status"] },
                  "tabs": [ { "name": "general", "sections": [ { "name": "order", "fields": { "x-add": ["shp_note"], "x-remove": ["shp_number"] } } ] },
                            { "name": "more", "title": "More", "x-after": null, "sections": [ { "name": "dates", "title": "Dates", "fields": ["shp_due"] } ] } ] }
                """)
            .Write(Customization, "entities/shp_order/views/active.json", """{ "x-extends": "active", "orderby": null, "columns": [ { "attribute": "createdon", "x-removed": true }, { "attribute": "shp_total" } ] }""")
            .Write(Customization, "roles/clerk.json", """{ "x-extends": "clerk", "privileges": { "shp_order": { "delete": "user" }, "*": null } }""")
            .Write(Customization, "choices/shp_region.json", """{ "x-extends": "shp_region", "values": [ { "value": 3, "label": "West" } ] }""")
            .Write(Customization, "app/shop.json", """{ "x-extends": "shop", "groups": [ { "name": "sales", "items": [ { "entity": "contact", "x-after": null } ] } ] }""")
            .Write(Customization, "labels/ko.json", """{ "apps": { "shop": { "title": "상점" } }, "choices": { "shp_region": { "choices": { "3": "서부" } } }, "roles": { "clerk": "직원" } }""")
            .Snapshot();

        var order = metadata.Entity("shp_order");
        var form = Assert.Single(order.Forms);
        Assert.Equal(["ownerid", "shp_status"], form.Header.AsEnumerable());
        Assert.Equal(["more", "general"], form.Tabs.Select(tab => tab.Name));
        Assert.Equal(["shp_customerid", "shp_note"], form.Tabs[1].Sections[0].Fields.AsEnumerable());
        var view = Assert.Single(order.Views);
        Assert.Equal(["shp_number", "shp_total"], view.Columns.Select(column => column.Attribute));
        Assert.Null(view.OrderBy);
        var role = Assert.Single(metadata.Roles);
        Assert.Equal("직원", role.Title.For("ko"));
        Assert.Equal([("shp_order", Privilege.Create), ("shp_order", Privilege.Read), ("shp_order", Privilege.Delete)], role.Privileges.Keys.OrderBy(key => (int)key.Privilege == (int)Privilege.Delete).ThenBy(key => key.Privilege));
        Assert.Equal("서부", metadata.Entity("shp_order").Attribute("shp_region").Options.Single(option => option.Value == 3).Label.For("ko"));
        var app = Assert.Single(metadata.Apps);
        Assert.Equal(("상점", "contact"), (app.Title.For("ko"), app.Groups[0].Entities[0]));
    }

    [Fact]
    public void A_layer_demands_a_column_of_a_pack_or_frees_it()
    {
        var metadata = With(Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_number": { "x-required": false }, "shp_due": { "x-required": true } } }""").Snapshot();

        Assert.Equal((false, true), (metadata.Entity("shp_order").Attribute("shp_number").Required, metadata.Entity("shp_order").Attribute("shp_due").Required));
    }

    [Fact]
    public void Of_several_layers_the_uppermost_wins_property_by_property()
    {
        var metadata = With(Contact, """{ "x-extends": "contact", "type": "object", "properties": { "emailaddress1": { "title": "Mail" } } }""")
            .Write("shop", Contact, """{ "type": "object", "x-extends": "contact", "properties": { "emailaddress1": { "title": "E-mail address", "maxLength": 50 }, "shp_vip": { "type": "boolean", "title": "VIP" } } }""")
            .Snapshot();

        var mail = metadata.Entity("contact").Attribute("emailaddress1");
        Assert.Equal(("Mail", 50, "core"), (mail.Title.English, mail.MaxLength, mail.Pack));
    }

    public static TheoryData<string, string, string, string> Wrong => new()
    {
        // The file that is to blame is that of the layer, and the pointer is the one there.
        { Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_number": { "maxLength": 0 } } }""", "/properties/shp_number/maxLength", "whole number" },
        { Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_number": { "lenght": 9 } } }""", "/properties/shp_number/lenght", "unknown" },
        { Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_status": { "x-choice": [ { "value": 7 } ] } } }""", "/properties/shp_status/x-choice/0", "'label' is missing" },
        { Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_number": { "type": "integer" } } }""", "/properties/shp_number/type", "settled by the layer" },
        { Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_number": null } }""", "/properties/shp_number", "belongs to a layer below" },
        { Order, """{ "x-extends": "shp_order", "type": "object", "x-entity": { "ownership": "none" } }""", "/x-entity/ownership", "settled by the layer" },
        { Order, """{ "x-extends": "shp_orders", "type": "object" }""", "/x-extends", "folder is called" },
        { "entities/shp_order/forms/main.json", """{ "x-extends": "main", "header": { "x-add": ["nothing"] } }""", "/header/x-add/0", "no column 'nothing'" },
        { "entities/shp_order/forms/other.json", """{ "x-extends": "other" }""", "/x-extends", "No pack below" },
        { "entities/shp_order/forms/main.json", """{ "x-extends": "mian" }""", "/x-extends", "file is called 'main'" },
        { "roles/clerk.json", """{ "x-extends": "clerk", "id": "6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a11" }""", "/id", "settled by the layer" },
        { "app/other.json", """{ "x-extends": "other" }""", "/x-extends", "No pack below" },
        { "app/other.json", """{ "title": "Other" }""", "", "declares nothing and extends nothing" },
        { "labels/ko.json", """{ "entities": { "shp_order": { "attributes": { "nothing": { "title": "없음" } } } } }""", "/entities/shp_order/attributes/nothing", "names nothing" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_in_a_layer_is_reported_in_its_own_file(string file, string text, string pointer, string reason)
    {
        var error = Assert.Single(With(file, text).Compile().Errors);

        Assert.Equal(($"packs/{Customization}/{file}", pointer), (error.File, error.Pointer));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string, string> WrongDirections => new()
    {
        { Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_status": { "x-choice": [ { "value": 7, "x-removed": true } ] } } }""", "/properties/shp_status/x-choice/0/x-removed", "no '7' that could be taken away" },
        { Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_status": { "x-choice": [ { "value": 2, "x-after": 7 } ] } } }""", "/properties/shp_status/x-choice/0/x-after", "no '7' after which" },
        { Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_number": { "x-removed": true } } }""", "/properties/shp_number/x-removed", "said of items of lists" },
        { "entities/shp_order/forms/main.json", """{ "x-extends": "main", "header": { "x-remove": ["shp_note"] } }""", "/header/x-remove/0", "no 'shp_note' that could be taken away" },
        { "entities/shp_order/forms/main.json", """{ "x-extends": "main", "tabs": [ { "name": "general", "sections": [ { "name": "orders", "x-removed": true } ] } ] }""", "/tabs/0/sections/0/x-removed", "no 'orders' that could be taken away" },
    };

    [Theory]
    [MemberData(nameof(WrongDirections))]
    public void A_pack_that_directs_what_is_not_there_is_wrong_and_the_customization_may_outlive_what_it_took_away(string file, string text, string pointer, string reason)
    {
        var error = Assert.Single(Above(file, text).Compile().Errors);

        Assert.Equal(($"packs/wish/{file}", pointer), (error.File, error.Pointer));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        if (!reason.Contains("items of lists", StringComparison.Ordinal)) Assert.Empty(With(file, text).Compile().Errors);
    }

    [Fact]
    public void Nothing_comes_after_itself()
    {
        const string view = """{ "x-extends": "active", "columns": [ { "attribute": "createdon", "x-after": "createdon" } ] }""";

        var errors = Above("entities/shp_order/views/active.json", view).Compile().Errors;

        Assert.Contains(errors, error => error.Pointer == "/columns/0/x-after" && error.Reason.Contains("after itself", StringComparison.Ordinal));
    }

    [Fact]
    public void A_layer_cannot_change_a_pack_on_which_it_does_not_depend()
    {
        var packs = new SmallPacks()
            .Write("wish", "pack.json", """{ "id": "wish", "version": "1.0.0", "publisher": { "prefix": "wsh", "name": "Wish" }, "title": "Wish" }""")
            .Write("wish", Order, """{ "x-extends": "shp_order", "type": "object", "properties": { "shp_number": { "title": "No." } } }""");

        Assert.Contains(packs.Compile().Errors, error => error.File == $"packs/wish/{Order}" && error.Reason.Contains("does not depend", StringComparison.Ordinal));
    }

    private static SmallPacks Above(string file, string text) => new SmallPacks()
        .Write("wish", "pack.json", """{ "id": "wish", "version": "1.0.0", "publisher": { "prefix": "wsh", "name": "Wish" }, "title": "Wish", "dependencies": { "shop": ">=1.0.0" } }""")
        .Write("wish", file, text);

    private static SmallPacks With(string file, string text) => new SmallPacks()
        .Write(Customization, "pack.json", """{ "id": "customization", "version": "1.0.0", "publisher": { "prefix": "", "name": "Us" }, "title": "Customization" }""")
        .Write(Customization, file, text);
}
