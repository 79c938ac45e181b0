using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

public sealed class ColumnKindsOnSqlite() : ColumnKindSuite(TestDatabase.Sqlite);

public sealed class ColumnKindsOnPostgreSql() : ColumnKindSuite(TestDatabase.PostgreSql);

/// <summary>Kinds of columns through the Web API, on a table that has one of each.</summary>
public abstract class ColumnKindSuite(TestDatabase database) : IAsyncLifetime
{
    private const string Annotations = "odata.include-annotations=\"*\"";
    private const string Formatted = "@OData.Community.Display.V1.FormattedValue";

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: WritePack);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_multi_choice_is_written_as_text_or_list_and_read_as_text_with_its_labels()
    {
        foreach (var given in new object[] { "2,1", new[] { 1, 2 } })
        {
            var id = (await Http.CreateAsync("tst_things", new { tst_name = "x", tst_perks = given })).Demand(HttpStatusCode.NoContent).EntityId;

            var row = (await Http.ReadAsync($"tst_things({id})?$select=tst_perks", ("Prefer", Annotations), ("Accept-Language", "ko"))).Demand(HttpStatusCode.OK).Body;
            Assert.Equal("1,2", row.GetProperty("tst_perks").GetString());
            Assert.Equal("라운지; Gift", row.GetProperty("tst_perks" + Formatted).GetString());

            (await Http.UpdateAsync($"tst_things({id})", new { tst_perks = (string?)null })).Demand(HttpStatusCode.NoContent);
            Assert.Equal(JsonValueKind.Null, (await Http.ReadAsync($"tst_things({id})?$select=tst_perks")).Body.GetProperty("tst_perks").ValueKind);
        }
    }

    [Fact]
    public async Task A_multi_choice_is_filtered_ordered_and_paged()
    {
        foreach (var perks in new[] { "2", "1,3", null, "3", "1" })
            (await Http.CreateAsync("tst_things", new { tst_name = perks ?? "none", tst_perks = perks })).Demand(HttpStatusCode.NoContent);

        Assert.Equal(["1", "1,3"], await NamesAsync("$orderby=tst_perks&$filter=Microsoft.Dynamics.CRM.ContainValues(PropertyName='tst_perks',PropertyValues=['1'])"));
        Assert.Equal(["none", "2"], await NamesAsync("$orderby=tst_perks&$filter=Microsoft.Dynamics.CRM.DoesNotContainValues(PropertyName='tst_perks',PropertyValues=['1','3'])"));
        Assert.Equal(["1,3"], await NamesAsync("$filter=tst_perks eq '3,1'"));

        var names = new List<string>();
        var next = "tst_things?$select=tst_name&$orderby=tst_perks desc";
        while (next is not null)
        {
            var page = (await Http.ReadAsync(next, ("Prefer", "odata.maxpagesize=2"))).Demand(HttpStatusCode.OK).Body;
            names.AddRange(page.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("tst_name").GetString()!));
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }
        Assert.Equal(["3", "2", "1,3", "1", "none"], names);
    }

    [Fact]
    public async Task A_point_is_written_and_read_as_GeoJSON_and_found_by_its_distance()
    {
        foreach (var (name, place) in new[]
        {
            ("Seoul", """{"coordinates":[126.9780000,37.5665],"type":"Point"}"""),
            ("Tokyo", """{"type":"Point","coordinates":[139.6503,35.6762],"crs":{"type":"name","properties":{"name":"EPSG:4326"}}}"""),
            ("Paris", """{"type":"Point","coordinates":[2.3522219,48.856614]}"""),
        })
            (await Http.CreateAsync("tst_things", new { tst_name = name, tst_place = JsonSerializer.Deserialize<JsonElement>(place) })).Demand(HttpStatusCode.NoContent);

        const string distance = "geo.distance(tst_place,geography'SRID=4326;Point(127 37.5)')";
        Assert.Equal(["Seoul", "Tokyo"], await NamesAsync($"$orderby={distance}&$filter={distance} le 2000000"));
        Assert.Equal(["Paris"], await NamesAsync($"$filter={distance} gt 2e6"));
        var row = (await Http.ReadAsync($"tst_things?$select=tst_place&$filter=tst_name eq 'Seoul'", ("Prefer", Annotations))).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0];
        Assert.Equal("""{"type":"Point","coordinates":[126.978,37.5665]}""", row.GetProperty("tst_place").GetRawText());
        Assert.Equal("37.5665, 126.978", row.GetProperty("tst_place" + Formatted).GetString());
    }

    [Theory]
    [InlineData("\"37.5, 127\"")]
    [InlineData("{\"type\":\"Point\"}")]
    [InlineData("{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[1,2,3]}")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[1]}")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[\"1\",\"2\"]}")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[37.5,127]}")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[1e400,2]}")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[1,2],\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:3857\"}}}")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[1,2],\"bbox\":[1,2,3,4]}")]
    public async Task What_is_no_point_on_the_earth_is_refused(string place)
    {
        var answer = (await Http.AskAsync(HttpMethod.Post, "tst_things", new StringContent($$"""{"tst_place":{{place}}}""", System.Text.Encoding.UTF8, "application/json"))).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("tst_place", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_is_given_and_its_seed_set_by_the_action()
    {
        var first = (await Http.CreateAsync("tst_things?$select=tst_number", new { tst_name = "x" }, ("Prefer", "return=representation"))).Demand(HttpStatusCode.Created).Body;
        Assert.Equal("T-001000", first.GetProperty("tst_number").GetString());

        (await Http.CreateAsync("SetAutoNumberSeed", Parameters(("Value", 25)))).Demand(HttpStatusCode.NoContent);

        var next = (await Http.CreateAsync("GetNextAutoNumberValue", Parameters())).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(25, next.GetProperty("NextAutoNumberValue").GetInt64());
        (await Http.CreateAsync("SetAutoNumberSeed", Parameters())).Demand(HttpStatusCode.BadRequest);
        (await Http.CreateAsync("SetAutoNumberSeed", Parameters(("Value", "x")))).Demand(HttpStatusCode.BadRequest);
        (await Http.CreateAsync("SetAutoNumberSeed", Parameters(("AttributeName", "tst_name"), ("Value", 1)))).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("SetAutoNumberSeed")).Demand(HttpStatusCode.MethodNotAllowed);
        Assert.Contains("<ActionImport Name=\"SetAutoNumberSeed\"", (await Http.ReadAsync("$metadata")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KRW", 1400, "₩1,400", "$1.00")]
    [InlineData("USD", 12.5, "$12.50", "$12.50")]
    [InlineData("EUR", 9, "€9.00", "$10.00")]
    public async Task An_amount_is_shown_in_its_currency_and_its_base_amount_in_the_base_currency(string code, decimal amount, string shown, string shownBase)
    {
        var currency = (await Http.ReadAsync($"transactioncurrencies?$filter=isocurrencycode eq '{code}'")).Body.GetProperty("value")[0].GetProperty("transactioncurrencyid").GetGuid();
        var id = (await Http.CreateAsync("tst_things", new Dictionary<string, object> { ["tst_price"] = amount, ["transactioncurrencyid@odata.bind"] = $"/transactioncurrencies({currency})" })).Demand(HttpStatusCode.NoContent).EntityId;

        foreach (var path in new[] { $"tst_things({id})?$select=tst_price,tst_price_base", "tst_things?$select=tst_price,tst_price_base" })
        {
            var body = (await Http.ReadAsync(path, ("Prefer", Annotations))).Demand(HttpStatusCode.OK).Body;
            var row = body.TryGetProperty("value", out var list) ? list[0] : body;
            Assert.Equal(shown, row.GetProperty("tst_price" + Formatted).GetString());
            Assert.Equal(shownBase, row.GetProperty("tst_price_base" + Formatted).GetString());
            Assert.Equal(currency, row.GetProperty("_transactioncurrencyid_value").GetGuid());
        }
        Assert.Equal(1, (await Http.ReadAsync("tst_things?$orderby=tst_price_base&$filter=tst_price_base gt 0.5")).Demand(HttpStatusCode.OK).Body.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task The_model_tells_the_types()
    {
        var model = (await Http.ReadAsync("$metadata")).Demand(HttpStatusCode.OK).Text;

        Assert.Contains("<Property Name=\"tst_perks\" Type=\"Edm.String\"", model, StringComparison.Ordinal);
        Assert.Contains("<Property Name=\"tst_place\" Type=\"Edm.GeographyPoint\"", model, StringComparison.Ordinal);
        Assert.Contains("<Property Name=\"tst_price_base\" Type=\"Edm.Decimal\" Scale=\"4\"", model, StringComparison.Ordinal);
    }

    private async Task<List<string>> NamesAsync(string query)
    {
        var page = (await Http.ReadAsync($"tst_things?$select=tst_name&{query}")).Demand(HttpStatusCode.OK).Body;
        return [.. page.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("tst_name").GetString()!)];
    }

    private static Dictionary<string, object> Parameters(params (string Name, object Value)[] more)
    {
        var parameters = new Dictionary<string, object> { ["EntityName"] = "tst_thing", ["AttributeName"] = "tst_number" };
        foreach (var (name, value) in more) parameters[name] = value;
        return parameters;
    }

    private static void WritePack(string folder)
    {
        Write("pack.json", """{ "id": "kinds", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Kinds", "dependencies": { "core": ">=1.0.0" } }""");
        Write("entities/tst_thing/entity.json", """
            { "title": "Thing", "type": "object",
              "x-entity": { "logicalName": "tst_thing", "entitySetName": "tst_things", "ownership": "user", "primaryNameAttribute": "tst_name" },
              "properties": {
                "tst_name": { "type": "string", "title": "Name" },
                "tst_number": { "type": "string", "title": "Number", "x-autoNumber": { "format": "T-{SEQNUM:6}" } },
                "tst_place": { "type": "object", "x-kind": "geoPoint", "title": "Place" },
                "tst_price": { "type": "number", "x-kind": "money", "title": "Price" },
                "tst_perks": { "type": "array", "items": { "type": "integer" }, "title": "Perks",
                  "x-choice": [ { "value": 1, "label": "Lounge" }, { "value": 2, "label": "Gift" }, { "value": 3, "label": "Parking" } ] } } }
            """);
        Write("labels/ko.json", """{ "entities": { "tst_thing": { "attributes": { "tst_perks": { "choices": { "1": "라운지" } } } } } }""");

        void Write(string file, string text)
        {
            var path = Path.Combine(folder, "kinds", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }
}
