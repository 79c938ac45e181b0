using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Definitions;

/// <summary>A client keeps definitions and asks for what has changed since, over publishes and a restart.</summary>
public abstract class MetadataChangesSuite(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: ShopMetadata.WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_query_says_which_tables_and_what_of_them()
    {
        var answer = await AskAsync(new
        {
            Properties = new { AllProperties = false, PropertyNames = new[] { "SchemaName", "Attributes" } },
            Criteria = new { FilterOperator = "Or", Conditions = new[] { Condition("LogicalName", "Equals", "shp_order"), Condition("LogicalName", "Equals", "shp_tag") } },
            AttributeQuery = new
            {
                Properties = new { PropertyNames = new[] { "OptionSet" } },
                Criteria = new { Conditions = new[] { Condition("AttributeTypeName", "In", "['PicklistType','StateType']"), Condition("IsValidForCreate", "Equals", "True") }, FilterOperator = "And" },
            },
            LabelQuery = new { FilterLanguages = new[] { 1042 }, MissingLabelBehavior = 0 },
        });
        var entities = answer.GetProperty("EntityMetadata");
        Assert.Equal(["shp_order", "shp_tag"], entities.EnumerateArray().Select(entity => entity.GetProperty("LogicalName").GetString()));
        Assert.False(entities[0].TryGetProperty("EntitySetName", out _));
        var columns = entities[0].GetProperty("Attributes");
        Assert.Equal(["shp_region", "shp_size", "statecode"], columns.EnumerateArray().Select(column => column.GetProperty("LogicalName").GetString()));
        Assert.Equal("작음", columns[1].GetProperty("OptionSet").GetProperty("Options")[0].GetProperty("Label").GetProperty("LocalizedLabels")[0].GetProperty("Label").GetString());
    }

    [Fact]
    public async Task After_a_publish_only_the_changes_come_and_what_is_gone_is_named()
    {
        var stamp = await StampAsync();
        Assert.Empty((await AskAsync(new { }, stamp)).GetProperty("EntityMetadata").EnumerateArray());

        await PublishAsync(text => text
            .Replace("\"title\": \"Pieces\"", "\"title\": \"Items\"", StringComparison.Ordinal)
            .Replace(ShopMetadata.Weight, "", StringComparison.Ordinal));

        var query = new { Properties = new { PropertyNames = new[] { "Attributes" } }, AttributeQuery = new { Properties = new { PropertyNames = new[] { "DisplayName" } } } };
        var answer = await AskAsync(query, stamp, "Microsoft.Dynamics.CRM.DeletedMetadataFilters'All'");
        var order = Assert.Single(answer.GetProperty("EntityMetadata").EnumerateArray());
        Assert.False(order.GetProperty("HasChanged").GetBoolean());
        var pieces = Assert.Single(order.GetProperty("Attributes").EnumerateArray());
        Assert.Equal(("shp_pieces", true), (pieces.GetProperty("LogicalName").GetString(), pieces.GetProperty("HasChanged").GetBoolean()));
        Assert.Equal(1, answer.GetProperty("DeletedMetadata").GetProperty("Count").GetInt32());
        Assert.Equal("Attribute", answer.GetProperty("DeletedMetadata").GetProperty("Keys")[0].GetString());

        var next = answer.GetProperty("ServerVersionStamp").GetString()!;
        Assert.NotEqual(stamp, next);
        Assert.Empty((await AskAsync(query, next)).GetProperty("EntityMetadata").EnumerateArray());
        Assert.Equal(0, (await AskAsync(query, stamp)).GetProperty("DeletedMetadata").GetProperty("Count").GetInt32());
    }

    [Fact]
    public async Task A_stamp_outlives_a_restart_and_ids_do_too()
    {
        var (stamp, id) = (await StampAsync(), await IdAsync());
        await server.RestartAsync();
        Assert.Empty((await AskAsync(new { }, stamp)).GetProperty("EntityMetadata").EnumerateArray());
        Assert.Equal(id, await IdAsync());
    }

    [Theory]
    [InlineData("1!01/01/2020 00:00:00")]
    [InlineData("999!01/01/2020 00:00:00")]
    [InlineData("yesterday")]
    public async Task A_stamp_of_another_system_asks_for_a_fresh_start(string stamp)
    {
        var refused = (await Http.ReadAsync($"RetrieveMetadataChanges(ClientVersionStamp=@s)?@s='{stamp}'")).Demand(HttpStatusCode.BadRequest);
        Assert.Equal("0x80044352", refused.ErrorCode);
    }

    [Theory]
    [InlineData("{ broken", "")]
    [InlineData("""{ "Criteria": { "Conditions": [ {} ] } }""", "PropertyName")]
    [InlineData("""{ "Criteria": { "Conditions": { "a": 1 } } }""", "$.Criteria.Conditions")]
    [InlineData("""{ "Properties": { "PropertyNames": ["LogicalNam"] } }""", "Did you mean 'LogicalName'?")]
    [InlineData("""{ "Criteria": { "Conditions": [ { "PropertyName": "IsActivty", "ConditionOperator": "Equals", "Value": { "Value": "true" } } ] } }""", "Did you mean 'IsActivity'?")]
    [InlineData("""{ "Criteria": { "Conditions": [ { "PropertyName": "IsActivity", "ConditionOperator": "Equals", "Value": { "Value": "maybe" } } ] } }""", "")]
    [InlineData("""{ "Criteria": { "Conditions": [ { "PropertyName": "Privileges", "ConditionOperator": "Equals" } ] } }""", "")]
    public async Task A_query_that_makes_no_sense_is_refused(string query, string hint)
    {
        var refused = (await Http.ReadAsync($"RetrieveMetadataChanges(Query=@q)?@q={Uri.EscapeDataString(query)}")).Demand(HttpStatusCode.BadRequest);
        Assert.Contains(hint, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nulls_in_a_query_are_as_good_as_nothing()
    {
        var query = """{ "Properties": { "AllProperties": null, "PropertyNames": null }, "Criteria": { "FilterOperator": null, "Conditions": [ null ], "Filters": null }, "AttributeQuery": null, "LabelQuery": { "FilterLanguages": null } }""";
        var answer = (await Http.ReadAsync($"RetrieveMetadataChanges(Query=@q)?@q={Uri.EscapeDataString(query)}")).Demand(HttpStatusCode.OK).Body;
        Assert.NotEqual(0, answer.GetProperty("EntityMetadata").GetArrayLength());
    }

    private static object Condition(string property, string condition, string value) => new { PropertyName = property, ConditionOperator = condition, Value = new { Type = "System.String", Value = value } };

    private async Task<JsonElement> AskAsync(object query, string? stamp = null, string? deleted = null)
    {
        var parameters = "Query=@q" + (stamp is null ? "" : ",ClientVersionStamp=@s") + (deleted is null ? "" : $",DeletedMetadataFilters={deleted}");
        var values = $"@q={Uri.EscapeDataString(JsonSerializer.Serialize(query))}" + (stamp is null ? "" : $"&@s='{stamp}'");
        return (await Http.ReadAsync($"RetrieveMetadataChanges({parameters})?{values}")).Demand(HttpStatusCode.OK).Body;
    }

    private async Task<string> StampAsync() => (await AskAsync(new { })).GetProperty("ServerVersionStamp").GetString()!;

    private async Task<Guid> IdAsync() => (await Http.ReadAsync("EntityDefinitions(LogicalName='shp_order')?$select=LogicalName")).Demand(HttpStatusCode.OK).Body.GetProperty("MetadataId").GetGuid();

    /// <summary>Publishes the pack with its order changed, as an administrator does on a running server.</summary>
    private async Task PublishAsync(Func<string, string> change)
    {
        var folder = Path.Combine(server.Packs, "shop");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText);
        files["entities/shp_order/entity.json"] = change(files["entities/shp_order/entity.json"]);
        (await Http.CreateAsync("/api/platform/apply", new { packs = new[] { new { origin = "shop", files } } })).Demand(HttpStatusCode.OK);
    }
}

public sealed class MetadataChangesOnSqliteTests() : MetadataChangesSuite(TestDatabase.Sqlite);

public sealed class MetadataChangesOnPostgreSqlTests() : MetadataChangesSuite(TestDatabase.PostgreSql);
