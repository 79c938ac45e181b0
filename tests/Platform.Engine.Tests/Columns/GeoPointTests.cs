using Platform.Engine.Messages;
using Platform.Engine.Packs;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Columns;

public sealed class SqliteGeoPointTests : GeoPointTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class PostgreSqlGeoPointTests : GeoPointTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}

public abstract class GeoPointTests
{
    private const string Place = """
        "tst_place": { "type": "object", "x-kind": "geoPoint", "title": "Place", "default": { "type": "Point", "coordinates": [-0.0014756, 51.4779263] } }
        """;

    private const string FromSeoul = "geo.distance(tst_place,geography'SRID=4326;Point(126.978 37.5665)')";

    private static readonly (string Name, GeoPoint? Place)[] Cities =
    [
        ("Seoul", new(37.5665m, 126.978m)), ("Busan", new(35.1796m, 129.0756m)), ("Tokyo", new(35.6762m, 139.6503m)),
        ("Buenos Aires", new(-34.6037m, -58.3816m)), ("Suva", new(-18.1248m, 178.4501m)), ("nowhere", null),
    ];

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Theory]
    [InlineData("37.5665", "126.978")]
    [InlineData("-89.9999999", "179.9999999")]
    [InlineData("90", "-180")]
    [InlineData("-90", "180")]
    [InlineData("0.0000001", "-0.0000001")]
    public async Task A_point_is_kept_as_it_was_written(string latitude, string longitude)
    {
        await using var engine = await StartAsync();
        var given = new GeoPoint(decimal.Parse(latitude, System.Globalization.CultureInfo.InvariantCulture), decimal.Parse(longitude, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(given, await StoredAsync(engine, given));
        Assert.Equal(given, await StoredAsync(engine, given.ToString()));
        Assert.Equal($"{latitude}, {longitude}", given.ToString());
    }

    [Fact]
    public async Task A_new_row_without_a_point_gets_the_default_and_an_emptied_one_none()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = "bare" });
        Assert.Equal(new GeoPoint(51.4779263m, -0.0014756m), (await engine.ReadAsync("tst_thing", id))["tst_place"]);

        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_place"] = null }));
        Assert.Null((await engine.ReadAsync("tst_thing", id))["tst_place"]);
    }

    [Fact]
    public async Task What_is_no_point_on_the_earth_is_refused_and_the_row_stays()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_place"] = new GeoPoint(1, 2) });
        foreach (var given in new object[] { "90.0000001, 0", "0, 180.1", "somewhere", 12, new PluginParameters([new("latitude", 91), new("longitude", 0)]), new PluginParameters([new("latitude", 9)]) })
        {
            var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_place"] = given })));
            Assert.Equal((ErrorKind.Invalid, "tst_place"), (refused.Kind, refused.Attribute));
        }
        Assert.Equal(new GeoPoint(1, 2), (await engine.ReadAsync("tst_thing", id))["tst_place"]);
    }

    [Theory]
    [InlineData("Busan", 325_105)]
    [InlineData("Tokyo", 1_152_000)]
    [InlineData("Buenos Aires", 19_435_000)]
    [InlineData("Suva", 8_202_000)]
    public void A_distance_is_that_of_the_great_circle(string city, double metres)
    {
        var to = StoredPoint.Of(Cities.Single(known => known.Name == city).Place!);
        Assert.InRange(StoredPoint.Distance(StoredPoint.Of(Cities[0].Place!), to) / 1000d, metres * 0.995, metres * 1.005);
    }

    [Fact]
    public async Task Both_databases_measure_to_the_same_millimetre()
    {
        await using var engine = await StartAsync();
        await AddCitiesAsync(engine);
        var entity = engine.Metadata.Entity("tst_thing");
        foreach (var (name, place) in Cities.Where(city => city.Place is not null))
        {
            var distance = new DistanceColumn(entity.Attribute("tst_place"), Cities[0].Place!).ToAttribute();
            var expected = StoredPoint.Distance(StoredPoint.Of(place!), StoredPoint.Of(Cities[0].Place!)) / 1000m;
            var found = await RowsAsync(engine, new Query(entity) { Columns = [entity.Attribute("tst_name")], Filter = new Compare(distance, Comparison.Equal, expected) });
            Assert.Equal(name, Assert.Single(found)["tst_name"]);
        }
    }

    [Theory]
    [InlineData($"{FromSeoul} lt 1000", "Seoul")]
    [InlineData($"{FromSeoul} le 1200000.5", "Busan Seoul Tokyo")]
    [InlineData($"{FromSeoul} gt 5000000", "Buenos Aires Suva")]
    [InlineData($"{FromSeoul} ge 0 and {FromSeoul} lt 1000000 or geo.distance(tst_place,geography'Point(139.6503 35.6762)') eq 0", "Busan Seoul Tokyo")]
    [InlineData($"not ({FromSeoul} lt 9000000)", "Buenos Aires nowhere")]
    [InlineData("geo.distance(@p,tst_place) lt 1&@p=geography'SRID=4326;Point(126.978 37.5665)'", "Seoul")]
    [InlineData("tst_place eq null", "nowhere")]
    [InlineData("tst_place ne null and contains(tst_name,'an')", "Busan")]
    public async Task Filters_measure_in_metres(string filter, string expected)
    {
        await using var engine = await StartAsync();
        await AddCitiesAsync(engine);

        Assert.Equal(expected, string.Join(' ', (await engine.QueryAsync("tst_thing", $"?$orderby=tst_name&$filter={filter}")).Select(row => row["tst_name"])));
    }

    [Fact]
    public async Task Rows_are_sorted_by_distance_over_pages_and_those_without_a_point_come_first()
    {
        await using var engine = await StartAsync();
        await AddCitiesAsync(engine);
        await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = "Seoul again", ["tst_place"] = Cities[0].Place });

        foreach (var (order, expected) in new[]
        {
            ($"{FromSeoul},tst_name", "nowhere, Seoul, Seoul again, Busan, Tokyo, Suva, Buenos Aires"),
            ($"{FromSeoul} desc,geo.distance(tst_place,geography'Point(0 0)')", "Buenos Aires, Suva, Tokyo, Busan, Seoul, Seoul again, nowhere"),
        })
        {
            Assert.Equal(expected, string.Join(", ", (await engine.QueryAsync("tst_thing", $"?$orderby={order}")).Select(row => row["tst_name"])));
            Assert.Equal(expected, string.Join(", ", await PagesAsync(engine, $"?$orderby={order}&$filter={FromSeoul} lt 90000000 or tst_place eq null")));
        }
    }

    [Theory]
    [InlineData("?$orderby=tst_place", ErrorKind.Invalid)]
    [InlineData("?$filter=geo.distance(tst_place,geography'SRID=3857;Point(1 2)') lt 1", ErrorKind.Invalid)]
    [InlineData("?$filter=geo.distance(tst_place,geography'Point(1 91)') lt 1", ErrorKind.Invalid)]
    [InlineData("?$filter=geo.distance(tst_place,tst_place) lt 1", ErrorKind.Invalid)]
    [InlineData("?$filter=tst_place eq geography'Point(1 2)'", ErrorKind.Invalid)]
    [InlineData("?$filter=geo.length(tst_place) lt 1", ErrorKind.Invalid)]
    public async Task Queries_that_make_no_sense_are_refused_in_words(string query, ErrorKind kind)
    {
        await using var engine = await StartAsync();
        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync("tst_thing", query));
        Assert.Equal(kind, refused.Kind);
    }

    [Fact]
    public async Task The_audit_tells_the_points_before_and_after()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_place"] = new GeoPoint(1, 2) });
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_place"] = new GeoPoint(1, 2.5m) }));
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_place"] = "1.0, 2.50" }));

        var update = Assert.Single(await engine.QueryAsync("audit", $"?$filter=objectid eq {id} and operation eq 2"));
        Assert.Equal("""{"tst_place":{"old":"1, 2","new":"1, 2.5"}}""", update["changedata"]);
    }

    [Fact]
    public async Task A_step_reads_and_writes_a_point_in_both_languages()
    {
        const string steps = """
            { "steps": [ { "name": "sharp", "script": "sharp.csx", "message": "Create", "stage": "PreOperation", "rank": 1 },
                         { "name": "script", "script": "script.js", "message": "Create", "stage": "PreOperation", "rank": 2 } ] }
            """;
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(
            Place, "",
            ("entities/tst_thing/steps.json", steps),
            ("entities/tst_thing/sharp.csx", "var at = Context.Target.Get<GeoPoint>(\"tst_place\"); Context.Target[\"tst_place\"] = new GeoPoint(at.Latitude + 1, at.Longitude);"),
            ("entities/tst_thing/script.js", "var at = context.target.get('tst_place'); context.target.set('tst_place', { latitude: at.latitude, longitude: at.longitude + 0.25 });")));

        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_place"] = new GeoPoint(37.5m, 126) });

        Assert.Equal(new GeoPoint(38.5m, 126.25m), (await engine.ReadAsync("tst_thing", id))["tst_place"]);
    }

    [Fact]
    public async Task A_column_that_is_taken_out_comes_back_with_its_points()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_place"] = new GeoPoint(1, 2) });
        await engine.Publisher.ApplyAsync(new MetadataChange { Packs = [ColumnPack.Of("\"tst_other\": { \"type\": \"string\", \"title\": \"Other\" }")] }, new PublishOptions { Park = true }, CancellationToken.None);
        await engine.Publisher.ApplyAsync(new MetadataChange { Packs = [ColumnPack.Of(Place)] }, PublishOptions.Default, CancellationToken.None);
        Assert.Equal(new GeoPoint(1, 2), (await engine.ReadAsync("tst_thing", id))["tst_place"]);
    }

    private async Task<TestEngine> StartAsync() => await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(Place));

    private static async Task AddCitiesAsync(TestEngine engine)
    {
        foreach (var (name, place) in Cities) await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = name, ["tst_place"] = place });
    }

    private static async Task<List<EntityRecord>> RowsAsync(TestEngine engine, Query query)
    {
        var rows = new RecordList();
        await engine.SendAsync(new RetrieveMultiple(query, rows));
        return rows.Records;
    }

    /// <summary>Names of all rows, read two at a time.</summary>
    private static async Task<List<object?>> PagesAsync(TestEngine engine, string text)
    {
        var query = engine.Parser.Parse(engine.Metadata, engine.Metadata.Entity("tst_thing"), text) with { PageSize = 2 };
        var names = new List<object?>();
        while (true)
        {
            var rows = new RecordList();
            var end = await engine.SendAsync(new RetrieveMultiple(query, rows));
            names.AddRange(rows.Records.Select(row => row["tst_name"]));
            if (end.Next is not { } next) return names;
            query = query with { After = next };
        }
    }

    private static async Task<object?> StoredAsync(TestEngine engine, object? given)
    {
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_place"] = given });
        return (await engine.ReadAsync("tst_thing", id))["tst_place"];
    }
}
