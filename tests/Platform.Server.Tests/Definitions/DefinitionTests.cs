using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Definitions;

/// <summary>The metadata API over HTTP, asked as clients of Dataverse ask.</summary>
public sealed class DefinitionTests : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(packs: ShopMetadata.WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_generator_finds_tables_columns_choices_and_relationships()
    {
        var tables = await ValueAsync("EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute&$filter=LogicalName eq 'shp_order' or LogicalName eq 'account'");
        Assert.Equal(["account", "shp_order"], tables.Select(table => table.GetProperty("LogicalName").GetString()));
        var id = tables[1].GetProperty("MetadataId").GetGuid();

        var columns = await ValueAsync($"EntityDefinitions({id})/Attributes?$select=LogicalName,AttributeType");
        Assert.Contains(columns, column => column.GetProperty("LogicalName").GetString() == "shp_due" && column.GetProperty("AttributeType").GetString() == "DateTime");

        var choice = (await Http.ReadAsync("EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='shp_region')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet,GlobalOptionSet")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(2, choice.GetProperty("GlobalOptionSet").GetProperty("Options").GetArrayLength());
        Assert.EndsWith("$metadata#EntityDefinitions('shp_order')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata(OptionSet(),GlobalOptionSet())/$entity", choice.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);

        var shared = await ValueAsync("GlobalOptionSetDefinitions");
        Assert.Equal("#Microsoft.Dynamics.CRM.OptionSetMetadata", shared.Single().GetProperty("@odata.type").GetString());

        var relationship = (await Http.ReadAsync("RelationshipDefinitions(SchemaName='shp_order_parts')/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("Cascade", relationship.GetProperty("CascadeConfiguration").GetProperty("Assign").GetString());
        var pairs = await ValueAsync("EntityDefinitions(LogicalName='shp_tag')/ManyToManyRelationships?$select=SchemaName");
        Assert.Equal("shp_order_tags", pairs.Single().GetProperty("SchemaName").GetString());
    }

    [Fact]
    public async Task Numbers_and_single_values_are_plain_text()
    {
        Assert.Equal("shp_orders", (await Http.ReadAsync("EntityDefinitions(LogicalName='shp_order')/EntitySetName/$value")).Demand(HttpStatusCode.OK).Text);
        var all = (await Http.ReadAsync("EntityDefinitions?$select=LogicalName&$count=true")).Demand(HttpStatusCode.OK).Body;
        var count = (await Http.ReadAsync("EntityDefinitions/$count")).Demand(HttpStatusCode.OK);
        Assert.Equal((all.GetProperty("@odata.count").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture), "text/plain"), (count.Text, count.Response.Content.Headers.ContentType!.MediaType));
        Assert.Equal("3", (await Http.ReadAsync("EntityDefinitions/$count?$filter=IsCustomEntity eq true")).Demand(HttpStatusCode.OK).Text);
        (await Http.ReadAsync("EntityDefinitions(LogicalName='shp_order_tags')/PrimaryNameAttribute")).Demand(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Definitions_are_sent_again_only_when_they_or_the_language_changed()
    {
        const string url = "EntityDefinitions(LogicalName='shp_order')?$select=DisplayName";
        var english = (await Http.ReadAsync(url)).Demand(HttpStatusCode.OK);
        var tag = english.Response.Headers.ETag!.ToString();
        Assert.Empty((await Http.ReadAsync(url, ("If-None-Match", tag))).Demand(HttpStatusCode.NotModified).Text);
        (await Http.ReadAsync(url, ("If-None-Match", "null"))).Demand(HttpStatusCode.OK);

        var korean = (await Http.ReadAsync(url, ("If-None-Match", tag), ("Accept-Language", "ko-KR"))).Demand(HttpStatusCode.OK);
        Assert.Equal("주문", korean.Body.GetProperty("DisplayName").GetProperty("UserLocalizedLabel").GetProperty("Label").GetString());
    }

    [Fact]
    public async Task Whoever_is_signed_in_may_read_and_only_administrators_change()
    {
        await server.AddUserAsync("reader", "Basic User");
        using var reader = new HttpClient { BaseAddress = Http.BaseAddress };
        reader.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.TokenAsync("reader"));
        (await reader.ReadAsync("EntityDefinitions(LogicalName='role')?$expand=Attributes")).Demand(HttpStatusCode.OK);
        (await server.Anonymous.ReadAsync("/api/data/v9.2/EntityDefinitions")).Demand(HttpStatusCode.Unauthorized);
        (await reader.CreateAsync("EntityDefinitions", new { })).Demand(HttpStatusCode.Forbidden);
        (await reader.CreateAsync("PublishAllXml", new { })).Demand(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_told_with_what_was_meant()
    {
        var missing = (await Http.ReadAsync("EntityDefinitions(LogicalName='acount')")).Demand(HttpStatusCode.NotFound);
        Assert.Equal("0x80040217", missing.ErrorCode);
        Assert.Contains("'account'", missing.Text, StringComparison.Ordinal);
        (await Http.ReadAsync("EntityDefinitions?$top=1")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("entitydefinitions")).Demand(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_table_comes_whole_through_the_function_of_its_name()
    {
        var order = (await Http.ReadAsync("RetrieveEntity(LogicalName='shp_order',EntityFilters=Microsoft.Dynamics.CRM.EntityFilters'Entity,Attributes',MetadataId=00000000-0000-0000-0000-000000000000,RetrieveAsIfPublished=true)"))
            .Demand(HttpStatusCode.OK).Body.GetProperty("EntityMetadata");
        Assert.False(order.TryGetProperty("ManyToOneRelationships", out _));
        var size = order.GetProperty("Attributes").EnumerateArray().Single(column => column.GetProperty("LogicalName").GetString() == "shp_size");
        Assert.Equal(("#Microsoft.Dynamics.CRM.ComplexPicklistAttributeMetadata", 2), (size.GetProperty("@odata.type").GetString(), size.GetProperty("OptionSet").GetProperty("Options").GetArrayLength()));
        (await Http.ReadAsync("RetrieveEntity(LogicalName='shp_odrer')")).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync("RetrieveEntity(Name='shp_order')")).Demand(HttpStatusCode.BadRequest);

        var all = (await Http.ReadAsync("RetrieveAllEntities(EntityFilters=@f,RetrieveAsIfPublished=true)?@f=Microsoft.Dynamics.CRM.EntityFilters'Privileges'")).Demand(HttpStatusCode.OK).Body;
        Assert.All(all.GetProperty("EntityMetadata").EnumerateArray(), entity => Assert.NotEqual(0, entity.GetProperty("Privileges").GetArrayLength()));
        Assert.Equal(all.GetProperty("Timestamp").GetString(), (await Http.ReadAsync("RetrieveTimestamp()")).Demand(HttpStatusCode.OK).Body.GetProperty("Timestamp").GetString());
    }

    private async Task<List<JsonElement>> ValueAsync(string url) => [.. (await Http.ReadAsync(url)).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray()];
}
