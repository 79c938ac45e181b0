using System.Collections.Immutable;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Packs;

public sealed class SqliteSeederTests : SeederTests
{
    protected override Task<TestDatabase> DatabaseAsync() => TestDatabase.SqliteAsync();
}

public sealed class PostgreSqlSeederTests : SeederTests
{
    protected override Task<TestDatabase> DatabaseAsync() => TestDatabase.PostgreSqlAsync();
}

public abstract class SeederTests
{
    private const string Places = """{ "entity": "zoo_place", "key": ["zoo_name"], "rows": [ { "zoo_name": "Hall", "zoo_size": 1.5 }, { "zoo_name": "Pond" } ] }""";

    private const string Animals = """
        { "entity": "zoo_animal", "key": ["zoo_name", "zoo_placeid"], "demo": true,
          "rows": [ { "zoo_name": "Otter", "zoo_placeid": { "entity": "zoo_place", "key": { "zoo_name": "Pond" } } },
                    { "zoo_name": "Otter", "zoo_placeid": { "entity": "zoo_place", "key": { "zoo_name": "Hall" } } } ] }
        """;

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Rows_come_with_their_references_and_demo_rows_only_on_demand()
    {
        await using var engine = await StartAsync(Zoo());

        await SeedAsync(engine, demo: false);
        Assert.Equal(2, (await engine.QueryAsync("zoo_place", "")).Count);
        Assert.Empty(await engine.QueryAsync("zoo_animal", ""));

        await SeedAsync(engine, demo: true);
        var pond = (await engine.QueryAsync("zoo_place", "$filter=zoo_name eq 'Pond'")).Single();
        var otters = await engine.QueryAsync("zoo_animal", "");
        Assert.Equal(2, otters.Count);
        Assert.Contains(otters, otter => otter.GetLookup("zoo_placeid") == pond.ToReference());
    }

    [Fact]
    public async Task A_second_run_leaves_rows_as_their_users_left_them()
    {
        await using var engine = await StartAsync(Zoo());
        await SeedAsync(engine, demo: true);
        var hall = (await engine.QueryAsync("zoo_place", "$filter=zoo_name eq 'Hall'")).Single();
        await engine.SendAsync(new Update(new EntityRecord("zoo_place", hall.Id) { ["zoo_size"] = 9m }));

        await SeedAsync(engine, demo: true);
        await engine.Publisher.PublishAsync([Zoo(Places.Replace("\"Pond\" }", "\"Pond\" }, { \"zoo_name\": \"Barn\" }", StringComparison.Ordinal))], CancellationToken.None);
        await SeedAsync(engine, demo: true);

        Assert.Equal(["Barn", "Hall", "Pond"], (await engine.QueryAsync("zoo_place", "$orderby=zoo_name")).Select(place => place.Get<string>("zoo_name")));
        Assert.Equal(9m, (await engine.ReadAsync("zoo_place", hall.Id)).Get<decimal>("zoo_size"));
        Assert.Equal(2, (await engine.QueryAsync("zoo_animal", "")).Count);
    }

    [Fact]
    public async Task A_row_that_was_deleted_does_not_come_back_while_its_file_stays_the_same()
    {
        await using var engine = await StartAsync(Zoo());
        await SeedAsync(engine, demo: false);
        var hall = (await engine.QueryAsync("zoo_place", "$filter=zoo_name eq 'Hall'")).Single();
        await engine.SendAsync(new Delete(hall.ToReference()));

        await SeedAsync(engine, demo: false);

        Assert.Equal("Pond", (await engine.QueryAsync("zoo_place", "")).Single().Get<string>("zoo_name"));
    }

    [Fact]
    public async Task A_reference_to_no_row_names_file_and_row_and_rows_before_it_stay()
    {
        await using var engine = await StartAsync(Zoo(Places.Replace("\"Hall\", \"zoo_size\": 1.5", "\"Lake\"", StringComparison.Ordinal)));

        var refusal = await Assert.ThrowsAsync<MetadataException>(() => SeedAsync(engine, demo: true));

        var error = Assert.Single(refusal.Errors);
        Assert.Equal(("zoo/data/20-zoo_animal.json", "/rows/1/zoo_placeid"), (error.File, error.Pointer));
        Assert.Equal("There is no 'zoo_place' with zoo_name = 'Hall'.", error.Reason);
        Assert.Single(await engine.QueryAsync("zoo_animal", ""));
    }

    [Fact]
    public async Task A_row_that_the_pipeline_refuses_names_file_and_row()
    {
        await using var engine = await StartAsync(Zoo(Places.Replace("\"Pond\" }", "\"Pond\", \"zoo_size\": 1.5 }", StringComparison.Ordinal)));

        var refusal = await Assert.ThrowsAsync<MetadataException>(() => SeedAsync(engine, demo: false));

        var error = Assert.Single(refusal.Errors);
        Assert.Equal(("zoo/data/10-zoo_place.json", "/rows/1"), (error.File, error.Pointer));
        Assert.Contains("zoo_size_key", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_of_a_pack_that_comes_later_get_their_rows()
    {
        var id = new Guid("6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10");
        await using var engine = await StartAsync(Zoo());
        var keeper = new PackFiles("packs/zoo", Zoo().Files.Add("roles/keeper.json", $$"""{ "id": "{{id}}", "title": "Keeper", "privileges": { "zoo_animal": { "read": "organization" } } }"""));
        await engine.Publisher.PublishAsync([keeper], CancellationToken.None);

        await SeedAsync(engine, demo: false);
        await SeedAsync(engine, demo: false);

        Assert.Equal("Keeper", (await engine.ReadAsync("role", id)).Get<string>("name"));
    }

    private async Task<TestEngine> StartAsync(PackFiles pack) => await TestEngine.StartAsync(await DatabaseAsync(), packs: pack);

    private static Task SeedAsync(TestEngine engine, bool demo) => engine.Seeder.SeedAsync(demo, engine.Admin, CancellationToken.None);

    private static PackFiles Zoo(string places = Places) => new("packs/zoo", new Dictionary<string, string>
    {
        ["pack.json"] = """{ "id": "zoo", "version": "1.0.0", "publisher": { "prefix": "zoo", "name": "Zoo" }, "title": "Zoo", "dependencies": { "core": ">=1.0.0" } }""",
        ["entities/zoo_place/entity.json"] = Table("zoo_place", """ "zoo_size": { "type": "number", "title": "Size" } """, """ "x-keys": [ { "name": "zoo_size_key", "title": "Size", "attributes": ["zoo_size"] } ], """),
        ["entities/zoo_animal/entity.json"] = Table("zoo_animal", """ "zoo_placeid": { "x-lookup": { "targets": ["zoo_place"] }, "title": "Place" } """),
        ["data/10-zoo_place.json"] = places,
        ["data/20-zoo_animal.json"] = Animals,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private static string Table(string name, string column, string more = "") =>
        $$"""
        { "title": "{{name}}", "type": "object", {{more}}
          "x-entity": { "logicalName": "{{name}}", "entitySetName": "{{name}}s", "ownership": "user", "primaryNameAttribute": "zoo_name" },
          "properties": { "zoo_name": { "type": "string", "maxLength": 20, "title": "Name" }, {{column}} } }
        """;
}
