using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Engine.Tests;
using Platform.Packs.Tests.Schemas;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

public sealed class ExportsOnSqlite() : ExportSuite(TestDatabase.Sqlite);

public sealed class ExportsOnPostgreSql() : ExportSuite(TestDatabase.PostgreSql);

/// <summary>Rows as JSON that the schema of their table judges, with a validator that is not ours.</summary>
public abstract class ExportSuite(TestDatabase database) : IAsyncLifetime
{
    private const string Entity = """
        { "title": "Thing", "type": "object",
          "x-entity": { "logicalName": "tst_thing", "entitySetName": "tst_things", "ownership": "user", "primaryNameAttribute": "tst_name" },
          "properties": {
            "tst_name": { "type": "string", "maxLength": 20, "title": "Name" },
            "tst_code": { "type": "string", "title": "Code", "pattern": "^[A-Z]{2}[0-9]+$" },
            "tst_mail": { "type": "string", "title": "Mail", "format": "email" },
            "tst_memo": { "type": "string", "x-kind": "memo", "title": "Memo" },
            "tst_count": { "type": "integer", "title": "Count", "minimum": 0, "maximum": 99 },
            "tst_big": { "type": "integer", "x-kind": "bigint", "title": "Big" },
            "tst_rate": { "type": "number", "x-precision": 3, "title": "Rate", "maximum": 10 },
            "tst_double": { "type": "number", "x-kind": "double", "title": "Double" },
            "tst_price": { "type": "number", "x-kind": "money", "title": "Price" },
            "tst_flag": { "type": "boolean", "title": "Flag" },
            "tst_at": { "type": "string", "format": "date-time", "title": "At" },
            "tst_day": { "type": "string", "format": "date", "title": "Day" },
            "tst_kind": { "type": "integer", "title": "Kind", "x-choice": [ { "value": 1, "label": "Small" }, { "value": 2, "label": "Big" } ] },
            "tst_perks": { "type": "array", "items": { "type": "integer" }, "title": "Perks", "x-choice": [ { "value": 1, "label": "Lounge" }, { "value": 2, "label": "Gift" } ] },
            "tst_key": { "type": "string", "format": "uuid", "title": "Key" },
            "tst_place": { "type": "object", "x-kind": "geoPoint", "title": "Place" },
            "tst_scan": { "type": "string", "x-kind": "file", "title": "Scan" },
            "tst_parentid": { "x-lookup": { "targets": ["tst_thing"] }, "title": "Parent" },
            "tst_customerid": { "x-lookup": { "targets": ["account", "contact"] }, "title": "Customer" },
            "tst_total": { "type": "number", "title": "Total", "x-formula": "tst_count mul tst_rate" } },
          "required": ["tst_name", "tst_customerid"] }
        """;

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: WritePack);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_row_with_a_value_in_every_column_is_valid_by_its_file_and_by_the_schema_of_the_server()
    {
        var row = await ExportAsync("tst_thing", await CreateThingAsync());

        Assert.Equal("account", (string?)row["tst_customerid"]!["entity"]);
        Assert.Equal([1, 2], row["tst_perks"]!.AsArray().Select(value => value!.GetValue<int>()));
        Assert.Empty(await ProblemsAsync(Entity, row));
        Assert.Empty(await ProblemsAsync(await SchemaAsync("tst_thing"), row));
    }

    [Fact]
    public async Task A_row_with_little_in_it_is_valid_and_a_row_as_the_Web_API_serves_it_is_after_four_rules()
    {
        var account = await CreateAccountAsync();
        var row = await ExportAsync("account", account);
        var served = ByHand((await Http.ReadAsync($"accounts({account})", ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body, []);
        var thing = await CreateThingAsync();
        var servedThing = ByHand((await Http.ReadAsync($"tst_things({thing})")).Demand(HttpStatusCode.OK).Body, ["tst_perks"]);

        var file = await File.ReadAllTextAsync(RepositoryRoot.At("metadata", "core", "entities", "account", "entity.json"));
        foreach (var known in new[] { row, served }) Assert.Empty(await ProblemsAsync(file, known));
        Assert.Empty(await ProblemsAsync(await SchemaAsync("account"), row));
        Assert.Empty(await ProblemsAsync(Entity, servedThing));
    }

    [Fact]
    public async Task Broken_rows_are_refused_by_file_and_schema()
    {
        var row = await ExportAsync("tst_thing", await CreateThingAsync());
        var schema = await SchemaAsync("tst_thing");
        (string Column, JsonNode? Value, bool OnlyServer)[] breaks =
        [
            ("tst_name", new string('x', 21), false), ("tst_name", null, false), ("tst_customerid", null, false), ("tst_code", "AB-1", false), ("tst_count", 100, false), ("tst_count", -1, false),
            ("tst_count", "7", false), ("tst_count", 1.5, false), ("tst_big", "8", false), ("tst_rate", 11, false), ("tst_price", "1.00", false), ("tst_flag", 1, false), ("tst_at", "yesterday", false), ("tst_day", "31.01.2026", false),
            ("tst_kind", "Small", false), ("tst_perks", "1,2", false), ("tst_key", "none", false), ("tst_memo", 5, false), ("tst_double", true, false),
            ("tst_place", "37.5, 127", false), ("tst_place", new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(200, 0) }, true), ("tst_scan", 5, false), ("tst_kind", 9, true), ("tst_perks", new JsonArray(9), true), ("tst_parentid", "x", true), ("tst_customerid", new JsonObject { ["entity"] = "systemuser", ["id"] = Guid.Empty }, true), ("tst_unknown", 1, true), ("statecode", 7, true),
        ];
        var checks = new List<(string Schema, string Document)>();
        foreach (var (column, value, onlyServer) in breaks)
        {
            var broken = row.DeepClone().AsObject();
            if (value is null) broken.Remove(column);
            else broken[column] = value.DeepClone();
            checks.Add((schema, broken.ToJsonString()));
            if (!onlyServer) checks.Add((Entity, broken.ToJsonString()));
        }

        var taken = checks.Zip(await JsonSchemas.ValidateAsync(checks)).Where(check => check.Second.Length == 0).Select(check => check.First.Document);
        Assert.Empty(taken);
    }

    [Fact]
    public async Task Only_rows_that_the_caller_may_read_are_exported()
    {
        var id = await CreateAccountAsync();

        (await server.Anonymous.ReadAsync($"/api/platform/records/account/{id}")).Demand(HttpStatusCode.Unauthorized);
        (await server.Anonymous.ReadAsync("/api/platform/schemas/account")).Demand(HttpStatusCode.Unauthorized);
        (await Http.ReadAsync(At($"records/account/{Guid.CreateVersion7()}"))).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync(At($"records/nothing/{id}"))).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync(At("schemas/nothing"))).Demand(HttpStatusCode.NotFound);
        await server.AddUserAsync("nobody", "Basic User");
        using var other = new HttpClient { BaseAddress = server.Address };
        other.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("nobody"));
        (await other.ReadAsync($"/api/platform/records/tst_thing/{await CreateThingAsync()}")).Demand(HttpStatusCode.Forbidden);
    }

    /// <summary>The rules of docs/packs.md for a row as the Web API serves it.</summary>
    private static JsonObject ByHand(JsonElement row, string[] multiChoices)
    {
        var record = new JsonObject();
        foreach (var property in row.EnumerateObject())
        {
            if (property.Name.Contains('@', StringComparison.Ordinal) || property.Value.ValueKind == JsonValueKind.Null) continue;
            var name = property.Name.StartsWith('_') ? property.Name[1..^"_value".Length] : property.Name;
            record[name] = multiChoices.Contains(name)
                ? new JsonArray([.. property.Value.GetString()!.Split(',').Select(number => (JsonNode)int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))])
                : JsonNode.Parse(property.Value.GetRawText());
        }

        return record;
    }

    private async Task<Guid> CreateAccountAsync() => (await Http.CreateAsync("accounts", new { name = "Adatum", websiteurl = "https://adatum.example", revenue = 12.5 })).Demand(HttpStatusCode.NoContent).EntityId;

    private async Task<Guid> CreateThingAsync()
    {
        var account = await CreateAccountAsync();
        var parent = (await Http.CreateAsync("tst_things", Thing("parent"))).Demand(HttpStatusCode.NoContent).EntityId;
        var full = Thing("child");
        foreach (var (name, value) in new Dictionary<string, object>
        {
            ["tst_code"] = "AB12", ["tst_mail"] = "a@example.com", ["tst_memo"] = "둘\n줄", ["tst_count"] = 7, ["tst_big"] = 9007199254740993, ["tst_rate"] = 1.125, ["tst_double"] = 0.1, ["tst_price"] = 9.99,
            ["tst_flag"] = true, ["tst_at"] = "2026-01-31T09:30:00Z", ["tst_day"] = "2026-02-28", ["tst_kind"] = 2, ["tst_perks"] = "2,1", ["tst_key"] = Guid.CreateVersion7(),
            ["tst_place"] = new { type = "Point", coordinates = new[] { 126.978, 37.5665 } },
            ["tst_parentid@odata.bind"] = $"/tst_things({parent})",
        }) full[name] = value;
        return (await Http.CreateAsync("tst_things", full)).Demand(HttpStatusCode.NoContent).EntityId;

        Dictionary<string, object> Thing(string name) => new() { ["tst_name"] = name, ["tst_customerid_account@odata.bind"] = $"/accounts({account})" };
    }

    private async Task<JsonObject> ExportAsync(string entity, Guid id) =>
        JsonNode.Parse((await Http.ReadAsync(At($"records/{entity}/{id}"))).Demand(HttpStatusCode.OK).Text)!.AsObject();

    private async Task<string> SchemaAsync(string entity) =>
        (await Http.ReadAsync(At($"schemas/{entity}"))).Demand(HttpStatusCode.OK).Text;

    private string At(string path) => new Uri(server.Address, $"/api/platform/{path}").ToString();

    private static async Task<string[]> ProblemsAsync(string schema, JsonObject record) =>
        (await JsonSchemas.ValidateAsync([(schema, record.ToJsonString())]))[0];

    private static void WritePack(string folder)
    {
        var pack = Path.Combine(folder, "things");
        Directory.CreateDirectory(Path.Combine(pack, "entities", "tst_thing"));
        File.WriteAllText(Path.Combine(pack, "pack.json"), """{ "id": "things", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Things", "dependencies": { "core": ">=1.0.0" } }""");
        File.WriteAllText(Path.Combine(pack, "entities", "tst_thing", "entity.json"), Entity);
    }
}
