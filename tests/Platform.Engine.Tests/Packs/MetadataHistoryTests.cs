using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Metadata;

namespace Platform.Engine.Tests.Packs;

public sealed class SqliteMetadataHistoryTests() : MetadataHistoryTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlMetadataHistoryTests() : MetadataHistoryTests(TestDatabase.PostgreSqlAsync);

/// <summary>
/// Random histories of a pack (tables and columns come, change, go and return; versions are rolled back, the pack is
/// uninstalled, parked data is purged, rows come and go in between), compared after each step with a model in memory,
/// rows and what is parked included. A failure names its seed.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public abstract class MetadataHistoryTests(Func<Task<TestDatabase>> open) : DatabaseSuite(open)
{
    private const int Steps = 30;

    private static readonly string[] Tables = ["tst_a", "tst_b", "tst_c"];
    private static readonly string[] Columns = ["tst_1", "tst_2", "tst_3", "tst_4"];
    private static readonly string[] Kinds = ["string", "memo", "integer", "bigint", "choice", "uniqueidentifier"];

    private readonly CountingHost host = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    public override async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_random_history_ends_after_each_step_where_the_model_does(int seed)
    {
        var random = new Random(seed);
        var node = new PublishNode(Database, host);
        await node.PublishAsync([.. new SmallPacks().Files.Where(pack => pack.Origin == "packs/core"), Pack([])]);
        var model = new HistoryModel();
        var versions = new Dictionary<long, TableSpec> { [node.Metadata.Version] = [] };
        for (var step = 0; step < Steps; step++)
        {
            var what = await StepAsync(node, model, versions, random);
            await CompareAsync(node, model, $"seed {seed}, step {step}: {what}");
            if (random.Next(8) > 0) continue;
            await Test.ReopenAsync();
            node = new PublishNode(Database, host);
            await node.Publisher.LoadAsync(default);
            await CompareAsync(node, model, $"seed {seed}, step {step}: restart");
        }
    }

    private async Task<string> StepAsync(PublishNode node, HistoryModel model, Dictionary<long, TableSpec> versions, Random random)
    {
        switch (random.Next(10))
        {
            case < 4:
                var next = Changed(model.Spec, random);
                await ApplyAsync(node, model, versions, next, new MetadataChange { Packs = [Pack(next)] }, random);
                return $"publish {next}";
            case 4:
                var version = versions.Keys.ElementAt(random.Next(versions.Count));
                await ApplyAsync(node, model, versions, versions[version], new MetadataChange { RollBackTo = version }, random);
                return $"roll back to {version}: {versions[version]}";
            case 5 when random.Next(2) == 0:
                var installed = node.Metadata.Packs.Any(pack => pack.Id == "history");
                await ApplyAsync(node, model, versions, [], installed ? new MetadataChange { Uninstall = ["history"] } : new MetadataChange { Packs = [Pack([])] }, random);
                return installed ? "uninstall" : "install";
            case 5 when await node.Publisher.ParkedAsync(default) is { IsEmpty: false } parked:
                var purged = parked[random.Next(parked.Length)];
                await node.Publisher.PurgeAsync(purged.Name, default);
                model.Purge(purged);
                return $"purge {purged.Name}";
            default:
                foreach (var sql in model.ChangeRows(random)) await ExecuteAsync(sql);
                return "rows";
        }
    }

    private static async Task ApplyAsync(PublishNode node, HistoryModel model, Dictionary<long, TableSpec> versions, TableSpec next, MetadataChange change, Random random)
    {
        if (model.WouldPark(next) && random.Next(3) == 0) await Assert.ThrowsAsync<MetadataException>(() => node.ApplyAsync(change, PublishOptions.Default));
        var plan = await node.Publisher.PlanAsync(change, default);
        var result = await node.ApplyAsync(change, new PublishOptions { Park = true, ExpectedPlan = plan.Id });
        if (result.Changed) model.Become(next, result.Version);
        versions[node.Metadata.Version] = next;
    }

    private async Task CompareAsync(PublishNode node, HistoryModel model, string when)
    {
        var tables = node.Metadata.Entities.Where(entity => entity.Pack == "history").OrderBy(entity => entity.LogicalName, StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var table in tables)
        {
            var columns = table.Attributes.Where(attribute => Columns.Contains(attribute.LogicalName)).OrderBy(attribute => attribute.LogicalName, StringComparer.Ordinal).ToList();
            found.Add($"{table.LogicalName} ({string.Join(", ", columns.Select(column => $"{column.LogicalName} {HistoryModel.WordOf(column.Kind)}"))})");
            var values = columns.Select(column => $"' {column.LogicalName}=' || COALESCE(CAST({column.LogicalName} AS text), '')").Prepend($"CAST({table.LogicalName}id AS text)");
            found.AddRange(await TextsAsync($"SELECT {string.Join(" || ", values)} FROM {table.LogicalName} ORDER BY 1"));
        }

        Assert.True(model.Describe().SequenceEqual(found), $"{when}\nexpected\n  {string.Join("\n  ", model.Describe())}\nfound\n  {string.Join("\n  ", found)}");
        var parked = (await node.Publisher.ParkedAsync(default)).Select(component => $"{component.Component} {component.Version}").Order(StringComparer.Ordinal).ToList();
        Assert.True(model.DescribeParked().SequenceEqual(parked), $"{when}\nexpected parked {string.Join(", ", model.DescribeParked())}\nfound {string.Join(", ", parked)}");
    }

    private static TableSpec Changed(TableSpec spec, Random random)
    {
        var next = new TableSpec(spec.Select(table => KeyValuePair.Create(table.Key, new SortedDictionary<string, string>(table.Value, StringComparer.Ordinal))));
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var table = Tables[random.Next(Tables.Length)];
            if (!next.TryGetValue(table, out var columns)) next[table] = new(StringComparer.Ordinal) { [Columns[0]] = "string" };
            else if (random.Next(8) == 0) next.Remove(table);
            else if (random.Next(3) == 0) columns.Remove(Columns[random.Next(Columns.Length)]);
            else columns[Columns[random.Next(Columns.Length)]] = Kinds[random.Next(Kinds.Length)];
        }

        return next;
    }

    private static PackFiles Pack(TableSpec spec)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        files["pack.json"] = """{ "id": "history", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "History" }""";
        foreach (var (table, columns) in spec)
        {
            files[$"entities/{table}/entity.json"] = $$"""
                { "title": "{{table}}", "type": "object", "x-entity": { "logicalName": "{{table}}", "entitySetName": "{{table}}s", "ownership": "{{(table == "tst_b" ? "user" : "none")}}" },
                  "properties": { {{string.Join(", ", columns.Select(column => $"\"{column.Key}\": {{ \"title\": \"{column.Key}\", {Json(column.Value)} }}"))}} } }
                """;
        }

        return new PackFiles("packs/history", files.ToImmutable());
    }

    private static string Json(string kind) => kind switch
    {
        "string" => "\"type\": \"string\"",
        "memo" => "\"type\": \"string\", \"x-kind\": \"memo\"",
        "integer" => "\"type\": \"integer\"",
        "bigint" => "\"type\": \"integer\", \"x-kind\": \"bigint\"",
        "choice" => "\"type\": \"integer\", \"x-choice\": [ { \"value\": 1, \"label\": \"One\" }, { \"value\": 2, \"label\": \"Two\" } ]",
        _ => "\"type\": \"string\", \"format\": \"uuid\"",
    };
}
