using System.Text.RegularExpressions;
using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Columns;

public sealed class SqliteAutoNumberTests : AutoNumberTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class PostgreSqlAutoNumberTests : AutoNumberTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}

public abstract class AutoNumberTests
{
    private const string Numbered = """ "tst_number": { "type": "string", "title": "Number", "x-autoNumber": { "format": "N-{SEQNUM:3}", "seed": 7 } } """;

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_new_row_gets_every_part_of_the_format()
    {
        await using var engine = await StartAsync(""" "tst_number": { "type": "string", "title": "Number", "x-autoNumber": { "format": "CARD-{SEQNUM:5}-{RANDSTRING:4}-{DATETIMEUTC:yyyyMMdd}/{SEQNUM:1}" } } """);

        var row = await engine.ReadAsync("tst_thing", await engine.CreateAsync(new EntityRecord("tst_thing")));

        Assert.Matches(new Regex($"^CARD-01000-[A-Z0-9]{{4}}-{row.Get<DateTime>("createdon"):yyyyMMdd}/1000$"), row.Get<string>("tst_number"));
    }

    [Fact]
    public async Task What_the_caller_brings_stays_and_takes_no_number()
    {
        await using var engine = await StartAsync(Numbered, required: true);

        Assert.Equal("mine", await NumberAsync(engine, "mine"));
        Assert.Equal("N-007", await NumberAsync(engine, null));
        Assert.Equal("N-008", await NumberAsync(engine, ""));
    }

    [Fact]
    public async Task Creates_at_the_same_time_never_get_the_same_number()
    {
        const int rows = 200;
        await using var engine = await StartAsync(Numbered);

        await Task.WhenAll(Enumerable.Range(0, rows).Select(_ => Task.Run(() => engine.CreateAsync(new EntityRecord("tst_thing")))));

        var numbers = (await engine.QueryAsync("tst_thing", "?$select=tst_number")).Select(row => row.Get<string>("tst_number")).ToList();
        Assert.Equal(rows, numbers.Distinct().Count());
        Assert.Contains("N-206", numbers);
    }

    [Fact]
    public async Task A_refused_create_leaves_the_numbers_of_others_unique()
    {
        await using var engine = await StartAsync($$"""{{Numbered}}, "tst_code": { "type": "string", "maxLength": 5, "title": "Code" } """);
        var id = await engine.CreateAsync(new EntityRecord("tst_thing"));

        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("tst_thing", id)));

        var next = await NumberAsync(engine, null);
        Assert.Contains(next, new[] { "N-008", "N-009" });
        Assert.NotEqual(next, await NumberAsync(engine, null));
    }

    [Fact]
    public async Task A_number_that_outgrows_its_column_is_refused()
    {
        await using var engine = await StartAsync(Numbered.Replace("\"title\"", "\"maxLength\": 5, \"title\"", StringComparison.Ordinal));
        await engine.SendAsync(new SetAutoNumberSeed("tst_thing", "tst_number", 1000));

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("tst_thing")));

        Assert.Equal("tst_number", refused.Attribute);
    }

    [Fact]
    public async Task An_administrator_sets_the_seed_and_nobody_else()
    {
        await using var engine = await StartAsync(Numbered);
        var somebody = await engine.UserAsync(engine.Metadata.Roles.Single(role => role.Name == "basic-user").Id);
        Assert.Equal("N-007", await NumberAsync(engine, null));

        await engine.SendAsync(new SetAutoNumberSeed("tst_thing", "tst_number", 500));
        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new SetAutoNumberSeed("tst_thing", "tst_number", 1), somebody));

        Assert.Equal(ErrorKind.Forbidden, refused.Kind);
        Assert.Equal(500, (await engine.SendAsync(new GetNextAutoNumberValue("tst_thing", "tst_number"))).Number);
        Assert.Equal("N-500", await NumberAsync(engine, null));
        Assert.Equal(501, (await engine.SendAsync(new GetNextAutoNumberValue("tst_thing", "tst_number"))).Number);
        foreach (var (entity, attribute, value) in new[] { ("tst_thing", "tst_name", 1L), ("tst_thing", "nope", 1), ("nope", "tst_number", 1), ("tst_thing", "tst_number", -1), ("tst_thing", "tst_number", long.MaxValue) })
            await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new SetAutoNumberSeed(entity, attribute, value)));
    }

    [Fact]
    public async Task Counting_goes_on_over_publishes_whatever_seed_they_bring()
    {
        await using var engine = await StartAsync(Numbered);
        Assert.Equal("N-007", await NumberAsync(engine, null));

        await engine.Publisher.PublishAsync([ColumnPack.Of(Numbered.Replace("7", "90", StringComparison.Ordinal))], CancellationToken.None);

        Assert.Equal("N-008", await NumberAsync(engine, null));
    }

    private async Task<TestEngine> StartAsync(string columns, bool required = false) =>
        await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(columns, required ? "\"required\": [\"tst_number\"], " : ""));

    private static async Task<string?> NumberAsync(TestEngine engine, string? given)
    {
        var row = new EntityRecord("tst_thing");
        if (given is not null) row["tst_number"] = given;
        return (await engine.ReadAsync("tst_thing", await engine.CreateAsync(row))).Get<string>("tst_number");
    }
}
