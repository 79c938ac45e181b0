using Platform.OData.Metadata.Changes;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Types;

namespace Platform.Server.Tests.Definitions;

/// <summary>What clients that keep definitions are told after a publish.</summary>
public sealed class MetadataDeltaTests
{
    [Fact]
    public async Task A_changed_label_marks_its_column_and_no_other()
    {
        var delta = await BetweenAsync(("entities/shp_order/entity.json", ShopMetadata.Order.Replace("\"title\": \"Pieces\"", "\"title\": \"Items\"", StringComparison.Ordinal)));
        var order = Assert.Single(delta.Changed);
        Assert.Equal(("shp_order", false), (order.LogicalName, order.HasChanged));
        var pieces = Assert.Single(order.Attributes);
        Assert.Equal(("shp_pieces", true, "Items"), (pieces.LogicalName, pieces.HasChanged, pieces.DisplayName!.UserLocalizedLabel!.Label));
        Assert.Empty(delta.Gone);
    }

    [Fact]
    public async Task A_new_value_of_a_choice_marks_the_column()
    {
        var delta = await BetweenAsync(("choices/shp_region.json", """{ "title": "Region", "values": [ { "value": 1, "label": "North" }, { "value": 2, "label": "South" }, { "value": 3, "label": "West" } ] }"""));
        Assert.Equal("shp_region", Assert.Single(Assert.Single(delta.Changed).Attributes).LogicalName);
    }

    [Fact]
    public async Task A_changed_table_is_told_without_its_columns()
    {
        var delta = await BetweenAsync(("entities/shp_order/entity.json", ShopMetadata.Order.Replace("\"changeTracking\": true", "\"changeTracking\": false", StringComparison.Ordinal)));
        var order = Assert.Single(delta.Changed);
        Assert.True(order is { HasChanged: true, ChangeTrackingEnabled: false, Attributes: [], OneToManyRelationships: [] });
    }

    [Fact]
    public async Task What_is_gone_is_named_by_kind_and_id()
    {
        var delta = await BetweenAsync(
            ("entities/shp_order/entity.json", ShopMetadata.Order.Replace(ShopMetadata.Weight, "", StringComparison.Ordinal)),
            ("relationships/shp_order_tags.json", null), ("labels/ko.json", null));
        Assert.Contains((DeletedMetadataFilters.Attribute, MetadataIds.Attribute("shp_order", "shp_weight")), delta.Gone);
        Assert.Contains((DeletedMetadataFilters.Entity, MetadataIds.Entity("shp_order_tags")), delta.Gone);
        Assert.Contains((DeletedMetadataFilters.Relationship, MetadataIds.Relationship("shp_order_tags")), delta.Gone);

        var entities = delta.Deleted(DeletedMetadataFilters.Entity);
        Assert.Equal((1, DeletedMetadataFilters.Entity, MetadataIds.Entity("shp_order_tags")), (entities.Count, Assert.Single(entities.Keys), Assert.Single(entities.Values)));
    }

    [Fact]
    public async Task A_publish_that_changes_nothing_to_be_seen_tells_nothing()
    {
        var delta = await BetweenAsync(("pack.json", """{ "id": "shop", "version": "1.0.1", "publisher": { "prefix": "shp", "name": "Tests" }, "title": "Shop", "dependencies": { "core": ">=1.0.0" } }"""));
        Assert.Empty(delta.Changed);
        Assert.Empty(delta.Gone);
    }

    private static async Task<MetadataDelta> BetweenAsync(params (string Path, string? Text)[] changes) => MetadataDelta.Between(
        MetadataCatalog.Of(await ShopMetadata.SnapshotAsync(), "en"), MetadataCatalog.Of(await ShopMetadata.CompileAsync(2, changes), "en"));
}
