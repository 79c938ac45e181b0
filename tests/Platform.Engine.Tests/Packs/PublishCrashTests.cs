using System.Diagnostics.CodeAnalysis;
using Npgsql;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Engine.Sql.PostgreSql;
using Platform.Engine.Sql.Sqlite;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Metadata;
using SQLitePCL;

namespace Platform.Engine.Tests.Packs;

/// <summary>A publish that changes, parks, brings back and adds, killed at every one of its statements: the system is the old one or the new one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public sealed class PublishCrashTests : IAsyncLifetime
{
    private const string OrderFile = "entities/shp_order/entity.json";

    private readonly CountingHost host = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task On_SQLite_every_state_of_the_files_during_a_publish_opens_as_the_old_or_the_new_version()
    {
        await using var test = await TestDatabase.SqliteAsync();
        var node = await OldAsync(test.Database);
        using var folder = new Folder();
        var states = new List<string>();
        delegate_trace trace = (_, _) => states.Add(folder.Keep(test.Target.SqliteFile!, states.Count));
        var handle = await test.Database.ExclusiveAsync((session, _) => Task.FromResult(((Microsoft.Data.Sqlite.SqliteConnection)session.Connection).Handle!), default);
        raw.sqlite3_trace(handle, trace, null);

        await node.ApplyAsync(Change, new PublishOptions { Park = true });
        raw.sqlite3_trace(handle, (delegate_trace?)null, null);
        states.Add(folder.Keep(test.Target.SqliteFile!, states.Count));

        var versions = new List<long>();
        foreach (var state in states)
        {
            await using var database = SqliteDatabase.Open(state);
            versions.Add(await CheckAsync(database));
            Assert.Equal(["ok"], await TextsAsync(database, "PRAGMA integrity_check"));
        }

        Assert.True(states.Count > 15, $"{states.Count} statements were seen");
        Assert.Equal([2L, 3L], versions.Distinct());
        Assert.Equal(versions.Order(), versions);
    }

    [Fact]
    public async Task On_PostgreSql_a_publish_whose_process_dies_at_any_statement_leaves_the_old_or_the_new_version()
    {
        await using var test = await TestDatabase.PostgreSqlAsync();
        await OldAsync(test.Database);
        var target = new NpgsqlConnectionStringBuilder(test.Target.PostgreSql);
        var outcomes = new List<long>();
        for (var statements = 1; outcomes.LastOrDefault() != 3 && statements < 1000; statements++)
        {
            await using (var proxy = new CuttingProxy(target.Host!, target.Port, statements)) await DiesAsync(proxy, target);
            outcomes.Add(await CheckAsync(test.Database));
        }

        Assert.True(outcomes.Count > 20, $"{outcomes.Count} statements were seen");
        Assert.Equal([2L, 3L], outcomes.Distinct());
    }

    private async Task DiesAsync(CuttingProxy proxy, NpgsqlConnectionStringBuilder target)
    {
        var through = new NpgsqlConnectionStringBuilder(target.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port, Pooling = false, SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable };
        try
        {
            await using var database = PostgreSqlDatabase.Open(through.ConnectionString);
            await new PublishNode(database, host).ApplyAsync(Change, new PublishOptions { Park = true });
        }
        catch (Exception) when (proxy.HasCut)
        {
            // Whatever noticed first that the server is gone.
        }
    }

    /// <summary>Version 2: a version with a column parked, and a row in the table that changes.</summary>
    private async Task<PublishNode> OldAsync(Database database)
    {
        var node = new PublishNode(database, host);
        await node.PublishAsync(Packs(order => order.Replace("\"shp_note\": {", "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" }, \"shp_note\": {", StringComparison.Ordinal)));
        await database.ExclusiveAsync(
            async (session, ct) =>
            {
                await session.ExecuteScriptAsync(
                    """
                    INSERT INTO shp_order (shp_orderid, shp_number, shp_pieces, shp_external, shp_colour, versionnumber)
                    VALUES ('11111111-1111-7111-8111-111111111111', 'A-1', 5, '22222222-2222-7222-8222-222222222222', 'red', 1)
                    """, ct);
                return true;
            },
            default);
        await node.ApplyAsync(new MetadataChange { Packs = Packs(order => order) }, new PublishOptions { Park = true });
        return node;
    }

    /// <summary>Takes a column out, brings the parked one back, changes another, adds a column, a key and a table.</summary>
    private static MetadataChange Change => new()
    {
        Packs =
        [
            .. Packs(order => order
                .Replace(",\n    \"shp_external\": { \"type\": \"string\", \"format\": \"uuid\", \"title\": \"External id\" }", "", StringComparison.Ordinal)
                .Replace("\"shp_note\": {", "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" }, \"shp_size\": { \"type\": \"integer\", \"title\": \"Size\" }, \"shp_note\": {", StringComparison.Ordinal)
                .Replace("\"type\": \"integer\", \"minimum\": 1, \"maximum\": 99, \"default\": 1", "\"type\": \"integer\", \"x-kind\": \"bigint\"", StringComparison.Ordinal)
                .Replace("\"x-keys\": [", "\"x-keys\": [ { \"name\": \"shp_pieces_key\", \"attributes\": [\"shp_pieces\"] },", StringComparison.Ordinal)),
        ],
    };

    private static IReadOnlyList<PackFiles> Packs(Func<string, string> order)
    {
        var packs = new SmallPacks();
        var shop = packs.Files.Single(pack => pack.Origin == "packs/shop");
        var changed = order(shop.Files[OrderFile].ReplaceLineEndings("\n"));
        packs.Write("shop", OrderFile, changed);
        if (changed.Contains("shp_size", StringComparison.Ordinal)) packs.Write("shop", "entities/shp_box/entity.json", SmallPacks.Table("shp_box", "shp_boxes", "user", """ "shp_name": { "type": "string", "title": "Name" } """, "shp_name"));
        return packs.Files;
    }

    /// <summary>Loads what is there as a start does, and looks whether tables, rows and metadata are of one version.</summary>
    private async Task<long> CheckAsync(Database database)
    {
        var node = new PublishNode(database, host);
        Assert.True(await node.Publisher.LoadAsync(default));
        var isNew = node.Metadata.Find("shp_box") is not null;
        var parked = (await node.Publisher.ParkedAsync(default)).Select(component => component.Component);

        Assert.Equal(isNew ? 3 : 2, node.Metadata.Version);
        Assert.Equal(isNew ? ["attribute/shp_order/shp_external"] : ["attribute/shp_order/shp_colour"], parked);
        Assert.Equal(isNew ? ["5 red"] : ["5 22222222-2222-7222-8222-222222222222"], await TextsAsync(
            database, isNew ? "SELECT CAST(shp_pieces AS text) || ' ' || shp_colour FROM shp_order" : "SELECT CAST(shp_pieces AS text) || ' ' || CAST(shp_external AS text) FROM shp_order"));
        foreach (var entity in node.Metadata.Entities)
        {
            var columns = entity.Attributes.Where(attribute => attribute.Computed is null).Select(attribute => $"\"{attribute.LogicalName}\"");
            await TextsAsync(database, $"SELECT CAST(count(*) AS text) FROM (SELECT {string.Join(", ", columns)} FROM \"{entity.LogicalName}\") AS rows");
        }

        return node.Metadata.Version;
    }

    private static async Task<List<string>> TextsAsync(Database database, string sql)
    {
        var rows = new Texts();
        await database.ReadAsync(
            async (session, ct) =>
            {
                await session.QueryAsync(new SqlStatement(sql), rows, ct);
                return true;
            },
            default);
        return rows.Found;
    }

    private sealed class Texts : IRowReceiver
    {
        public List<string> Found { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            Found.Add(row.IsNull(0) ? "" : row.GetString(0));
            return ValueTask.FromResult(true);
        }
    }

    /// <summary>Copies of the database's files, as a killed process leaves them.</summary>
    private sealed class Folder : IDisposable
    {
        private readonly string path = Directory.CreateTempSubdirectory("platform-").FullName;

        public string Keep(string database, int number)
        {
            var copy = Path.Combine(path, $"{number}.db");
            File.Copy(database, copy);
            if (File.Exists(database + "-wal")) File.Copy(database + "-wal", copy + "-wal");
            return copy;
        }

        public void Dispose() => Directory.Delete(path, recursive: true);
    }
}
