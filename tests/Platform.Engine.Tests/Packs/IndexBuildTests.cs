using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Npgsql;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Building;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Sql;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Metadata;

namespace Platform.Engine.Tests.Packs;

public sealed class SqliteIndexBuildTests() : IndexBuildTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlIndexBuildTests() : IndexBuildTests(TestDatabase.PostgreSqlAsync)
{
    [Fact]
    public async Task Rows_are_written_while_a_key_is_built()
    {
        await using var build = await HeldAsync();

        await WriteAsync("UPDATE shp_order SET shp_pieces = 5 WHERE shp_number = 'A-1'");

        Assert.Equal(IndexBuildState.InProgress, State);
        Assert.True(await build.ReleaseAsync());
        Assert.Null(State);
        Assert.Equal(["5"], await TextsAsync("SELECT CAST(shp_pieces AS text) FROM shp_order WHERE shp_number = 'A-1'"));
    }

    [Fact]
    public async Task A_publish_comes_first_and_the_build_begins_again()
    {
        await using var build = await HeldAsync();

        await Node.ApplyAsync(Packs(key: "shp_due", with: "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" },"), PublishOptions.Default);

        Assert.NotNull(Node.Metadata.Entity("shp_order").Find("shp_colour"));
        Assert.False(await build.ReleaseAsync());
        Assert.NotNull(State);
        Assert.True(await BuildAsync());
        Assert.Null(State);
    }

    [Fact]
    public async Task Two_processes_do_not_build_at_once_and_both_see_how_far_it_is()
    {
        var other = new PublishNode(Database, new CountingHost(), Many);
        await other.PublishAsync(new SmallPacks().Files);
        await using var build = await HeldAsync();
        Assert.True(await other.Publisher.FollowAsync(CancellationToken.None));

        Assert.False(await other.Builder.BuildAsync(Report, CancellationToken.None));
        Assert.Equal(IndexBuildState.InProgress, other.Metadata.BuildOf(other.Metadata.Entity("shp_order"), other.Metadata.Entity("shp_order").Keys[^1])!.State);

        Assert.True(await build.ReleaseAsync());
        Assert.True(await other.Builder.BuildAsync(Report, CancellationToken.None));
        Assert.Empty(other.Metadata.OpenBuilds);
        Assert.Equal(["key.shp_order.shp_due_key"], Report.Built);
    }

    [Fact]
    public async Task What_a_killed_process_left_half_built_is_built_anew()
    {
        var build = await HeldAsync();
        await WriteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE%CONCURRENTLY%' AND datname = current_database()");
        await Assert.ThrowsAnyAsync<DbException>(build.ReleaseAsync);
        await build.DisposeAsync();
        Assert.Equal(["false"], await TextsAsync("SELECT CAST(indisvalid AS text) FROM pg_index WHERE indexrelid = '\"key.shp_order.shp_due_key\"'::regclass"));

        Assert.True(await BuildAsync());

        Assert.Null(State);
        Assert.Equal(["true"], await TextsAsync("SELECT CAST(indisvalid AS text) FROM pg_index WHERE indexrelid = '\"key.shp_order.shp_due_key\"'::regclass"));
    }

    [Fact]
    public async Task A_value_that_no_index_takes_fails_the_build_with_the_databases_words()
    {
        await PublishAsync(Packs(with: "\"shp_long\": { \"type\": \"string\", \"maxLength\": 4000, \"title\": \"Long\" },"));
        await InsertAsync(Many);
        // Not one letter many times, which would be compressed.
        await ExecuteAsync("UPDATE shp_order SET shp_long = (SELECT string_agg(md5(CAST(x AS text)), '') FROM generate_series(1, 120) AS x) WHERE shp_number = 'A-1'");
        await Node.ApplyAsync(Packs(key: "shp_long", with: "\"shp_long\": { \"type\": \"string\", \"maxLength\": 4000, \"title\": \"Long\" },"), PublishOptions.Default);

        Assert.True(await BuildAsync());

        Assert.Equal(IndexBuildState.Failed, State);
        Assert.Contains("index row size", Node.Metadata.OpenBuilds.Values.Single().Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_no_index_takes_is_refused_in_the_publish_and_in_the_row()
    {
        const string Long = "UPDATE shp_order SET shp_long = (SELECT string_agg(md5(CAST(x AS text)), '') FROM generate_series(1, 120) AS x) WHERE shp_number = 'A-1'";
        await PublishAsync(Packs(with: "\"shp_long\": { \"type\": \"string\", \"maxLength\": 4000, \"title\": \"Long\" },"));
        await InsertAsync(Many - 1);
        await ExecuteAsync(Long);

        var refused = await Assert.ThrowsAsync<MetadataException>(() => CustomizeAsync("new_long_key", "shp_long"));
        Assert.EndsWith("cannot be made: rows hold values that are too long for it.", Assert.Single(refused.Errors).Reason, StringComparison.Ordinal);
        Assert.Equal(1, Node.Metadata.Version);

        await ExecuteAsync("UPDATE shp_order SET shp_long = 'short' WHERE shp_number = 'A-1'");
        await CustomizeAsync("new_long_key", "shp_long");
        var row = await Assert.ThrowsAsync<ConstraintException>(() => ExecuteAsync(Long));
        Assert.Equal(ConstraintKind.TooLong, row.Kind);
    }

    /// <summary>A build that has begun and waits for a reader of the test's.</summary>
    private async Task<HeldBuild> HeldAsync()
    {
        await PublishAsync(Packs());
        await InsertAsync(Many);
        await Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default);
        // An index that is built concurrently waits for everybody who may still see rows of before.
        var reader = new NpgsqlConnection(Test.Target.PostgreSql);
        await reader.OpenAsync();
        var view = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using (var look = new NpgsqlCommand("SELECT 1", reader, view)) await look.ExecuteScalarAsync();
        var building = BuildAsync();
        // It also waits for a moment for whoever looks on: what counts is that it waits for this reader, which it does until that one is gone.
        var waiting = $"SELECT query FROM pg_stat_activity WHERE query LIKE 'CREATE%CONCURRENTLY%' AND {reader.ProcessID} = ANY(pg_blocking_pids(pid)) AND datname = current_database()";
        for (var tries = 0; tries < 1000 && (await TextsAsync(waiting)).Count == 0; tries++) await Task.Delay(20);
        Assert.Single(await TextsAsync(waiting));
        return new HeldBuild(building, reader);
    }

    private sealed class HeldBuild(Task<bool> building, NpgsqlConnection reader) : IAsyncDisposable
    {
        public async Task<bool> ReleaseAsync()
        {
            await reader.CloseAsync();
            return await building;
        }

        public async ValueTask DisposeAsync()
        {
            await reader.DisposeAsync();
            await ((Task)building).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public abstract class IndexBuildTests(Func<Task<TestDatabase>> open) : DatabaseSuite(open)
{
    private const string OrderFile = "entities/shp_order/entity.json";

    private protected const int Many = 5;

    private readonly CountingHost host = new();

    private protected PublishNode Node { get; private set; } = null!;

    private protected Heard Report { get; } = new();

    /// <summary>How far the newest key of the orders is; <c>null</c> when it is in force.</summary>
    private protected IndexBuildState? State => Node.Metadata.BuildOf(Node.Metadata.Entity("shp_order"), Node.Metadata.Entity("shp_order").Keys[^1])?.State;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Node = new PublishNode(Database, host, Many);
    }

    public override async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_key_of_a_small_table_is_there_with_the_version()
    {
        await PublishAsync(Packs());
        await InsertAsync(Many - 1);

        var plan = await Node.Publisher.PlanAsync(Packs(key: "shp_due"), CancellationToken.None);
        await Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default);

        Assert.Equal(["add key key.shp_order.shp_due_key"], [.. plan.Changes]);
        Assert.Null(State);
        await Assert.ThrowsAsync<ConstraintException>(() => ExecuteAsync("UPDATE shp_order SET shp_due = '2026-01-01'"));
    }

    [Fact]
    public async Task A_key_of_a_large_table_is_built_after_the_version_is_in_force()
    {
        await PublishAsync(Packs());
        await InsertAsync(Many);

        var plan = await Node.Publisher.PlanAsync(Packs(key: "shp_due"), CancellationToken.None);
        await Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default);

        Assert.Equal(["build key key.shp_order.shp_due_key in the background"], [.. plan.Changes]);
        Assert.Equal((2, IndexBuildState.Pending), (Node.Metadata.Version, State));
        Assert.True(await BuildAsync());
        Assert.Null(State);
        Assert.Empty(await TextsAsync("SELECT name FROM platform_index_build"));
        Assert.Equal(["key.shp_order.shp_due_key"], Report.Built);
        await Assert.ThrowsAsync<ConstraintException>(() => ExecuteAsync("UPDATE shp_order SET shp_due = '2026-01-01'"));
    }

    [Fact]
    public async Task What_waits_to_be_built_outlives_the_process()
    {
        await PublishAsync(Packs());
        await InsertAsync(Many);
        await Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default);
        // As when it was killed in the midst of it.
        await ExecuteAsync("UPDATE platform_index_build SET state = 'InProgress'");
        await Test.ReopenAsync();
        Node = new PublishNode(Database, host, Many);

        await Node.Publisher.LoadAsync(CancellationToken.None);

        Assert.Equal(IndexBuildState.InProgress, State);
        Assert.True(await BuildAsync());
        Assert.Null(State);
    }

    [Fact]
    public async Task Rows_that_share_a_key_fail_its_build_by_name_and_once_they_are_mended_it_is_built()
    {
        await PublishAsync(Packs());
        await InsertAsync(Many);
        await Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default);
        await ExecuteAsync("UPDATE shp_order SET shp_due = '2026-02-01' WHERE shp_number IN ('A-2', 'A-3')");

        Assert.True(await BuildAsync());

        Assert.Equal(IndexBuildState.Failed, State);
        var failed = Assert.Single(Report.Failed);
        Assert.Equal(("shp_order", "shp_due_key"), (failed.Entity, failed.Key));
        Assert.Equal($"The key 'key.shp_order.shp_due_key' of 'shp_order' (shp_due) is new: 2 rows share shp_due = '2026-02-01' ({Id(2)}, {Id(3)}).", failed.Failure);
        // Nothing is left that would refuse rows, and nobody tries again by himself.
        await ExecuteAsync("UPDATE shp_order SET shp_due = '2026-02-01' WHERE shp_number = 'A-4'");
        Assert.True(await BuildAsync());
        Assert.Equal(IndexBuildState.Failed, State);

        await ExecuteAsync("UPDATE shp_order SET shp_due = NULL WHERE shp_number IN ('A-3', 'A-4')");
        Assert.Equal(IndexBuildState.Pending, (await Node.Builder.RetryAsync(failed.Name, CancellationToken.None))!.State);
        Assert.True(await BuildAsync());
        Assert.Null(State);
    }

    [Fact]
    public async Task A_pack_does_not_come_with_a_key_that_rows_are_known_to_break()
    {
        await PublishAsync(Packs());
        await InsertAsync(Many);
        await ExecuteAsync("UPDATE shp_order SET shp_due = '2026-02-01' WHERE shp_number IN ('A-2', 'A-3')");

        var plan = await Node.Publisher.PlanAsync(Packs(key: "shp_due"), CancellationToken.None);
        var refused = await Assert.ThrowsAsync<MetadataException>(() => Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default));

        Assert.Contains($"2 rows share shp_due = '2026-02-01' ({Id(2)}, {Id(3)})", Assert.Single(plan.Blockers).Reason, StringComparison.Ordinal);
        Assert.Equal([.. plan.Blockers], [.. refused.Errors]);
        Assert.Equal(1, Node.Metadata.Version);
    }

    [Fact]
    public async Task An_administrators_key_that_rows_break_is_made_and_fails_in_sight()
    {
        await PublishAsync(Packs());
        await InsertAsync(Many - 1);
        await ExecuteAsync("UPDATE shp_order SET shp_due = '2026-02-01'");

        var plan = await Node.Publisher.PlanCustomizingAsync(AddKey, CancellationToken.None);
        await Node.Publisher.CustomizeAsync(AddKey, PublishOptions.Default, CancellationToken.None);

        Assert.Empty(plan.Blockers);
        Assert.Contains("4 rows share shp_due = '2026-02-01'", Assert.Single(plan.Notes), StringComparison.Ordinal);
        Assert.Equal(IndexBuildState.Pending, State);
        Assert.True(await BuildAsync());
        Assert.Equal(IndexBuildState.Failed, State);

        static void AddKey(CustomizationDraft draft) =>
            draft.Put("key/shp_order/new_due_key", new JsonObject { ["name"] = "new_due_key", ["title"] = "Due", ["attributes"] = new JsonArray("shp_due") });
    }

    [Fact]
    public async Task A_key_that_rows_keep_from_being_built_stands_for_no_other_and_holds_up_no_change_of_its_columns()
    {
        await PublishAsync(Packs());
        for (var number = 10; number < 22; number++)
            await ExecuteAsync($"INSERT INTO shp_order (shp_orderid, versionnumber, shp_number, shp_pieces) VALUES ('11111111-1111-7111-8111-1111111111{number}', {number}, 'A-{number}', {number / 2})");
        await ExecuteAsync("UPDATE shp_order SET shp_weight = 1000");
        await CustomizeAsync("new_pieces_key", "shp_pieces");
        await CustomizeAsync("new_weight_key", "shp_weight");
        Assert.True(await BuildAsync());
        Assert.Equal(["key.shp_order.new_pieces_key", "key.shp_order.new_weight_key"], Node.Metadata.OpenBuilds.Where(build => build.Value.State == IndexBuildState.Failed).Select(build => build.Key));
        // All rows are counted, not only those that are named.
        Assert.StartsWith("The key 'key.shp_order.new_pieces_key' of 'shp_order' (shp_pieces) is new: 12 rows share shp_pieces = '", Report.Failed[0].Failure, StringComparison.Ordinal);
        Assert.EndsWith("; ….", Report.Failed[0].Failure, StringComparison.Ordinal);

        await CustomizeAsync("new_other_key", "shp_pieces");
        await CustomizeAsync("new_both_key", "shp_pieces", "shp_weight");
        Assert.Equal(IndexBuildState.Pending, State);
        Assert.True(await BuildAsync());
        Assert.Equal(IndexBuildState.Failed, State);

        // The column is stored anew, and its keys with it.
        await Node.ApplyAsync(new MetadataChange { Packs = new SmallPacks().Replace("shop", OrderFile, "\"x-precision\": 3", "\"x-precision\": 4").Files }, PublishOptions.Default);
        Assert.Equal(
            [("key.shp_order.new_both_key", IndexBuildState.Pending), ("key.shp_order.new_other_key", IndexBuildState.Failed), ("key.shp_order.new_pieces_key", IndexBuildState.Failed), ("key.shp_order.new_weight_key", IndexBuildState.Pending)],
            Node.Metadata.OpenBuilds.Select(build => (build.Key, build.Value.State)));

        await ExecuteAsync("UPDATE shp_order SET shp_pieces = versionnumber");
        Assert.True(await BuildAsync());
        Assert.Null(State);
        await Assert.ThrowsAsync<ConstraintException>(() => ExecuteAsync("UPDATE shp_order SET shp_pieces = 1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_is_taken_back_is_no_longer_built(bool afterItFailed)
    {
        await PublishAsync(Packs());
        await InsertAsync(Many);
        await Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default);
        if (afterItFailed)
        {
            await ExecuteAsync("UPDATE shp_order SET shp_due = '2026-02-01'");
            await BuildAsync();
        }

        await Node.ApplyAsync(new MetadataChange { RollBackTo = 1 }, PublishOptions.Default);

        Assert.Empty(Node.Metadata.OpenBuilds);
        Assert.True(await BuildAsync());
        await ExecuteAsync("UPDATE shp_order SET shp_due = '2026-02-01'");
        // And it can be asked for again.
        await ExecuteAsync("UPDATE shp_order SET shp_due = NULL");
        await Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default);
        Assert.Equal(IndexBuildState.Pending, State);
        Assert.True(await BuildAsync());
        Assert.Null(State);
    }

    [Fact]
    public async Task A_table_that_goes_takes_what_waits_to_be_built_with_it_and_comes_back_with_its_keys_and_other_indexes_follow()
    {
        await PublishAsync(Packs());
        await InsertAsync(Many);
        await Node.ApplyAsync(Packs(key: "shp_due"), PublishOptions.Default);

        await Node.ApplyAsync(new MetadataChange { Uninstall = ["shop"] }, new PublishOptions { Park = true });
        Assert.Empty(Node.Metadata.OpenBuilds);
        Assert.True(await BuildAsync());
        var plan = await Node.Publisher.PlanAsync(new MetadataChange { RollBackTo = 2 }, CancellationToken.None);
        await Node.ApplyAsync(new MetadataChange { RollBackTo = 2 }, PublishOptions.Default);

        Assert.Null(State);
        await Assert.ThrowsAsync<ConstraintException>(() => ExecuteAsync("UPDATE shp_order SET shp_due = '2026-01-01'"));
        Assert.Equal([$"{Many}"], await TextsAsync("SELECT CAST(count(*) AS text) FROM shp_order"));
        Assert.Equal(["add key key.shp_order.shp_due_key", "add key key.shp_order.shp_number_key"], plan.Changes.Where(change => change.StartsWith("add ", StringComparison.Ordinal) && change.Contains(".shp_order.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var open = Node.Metadata.OpenBuilds.Keys.ToList();
        Assert.Contains("system.shp_order.ownerid", open);
        Assert.Equal(open.Select(index => $"build index {index} in the background"), plan.Changes.Where(change => change.StartsWith("build ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.True(await BuildAsync());
        Assert.Empty(Node.Metadata.OpenBuilds);
        Assert.Equal(open, Report.Built.Order(StringComparer.Ordinal));
    }

    private protected Task PublishAsync(MetadataChange change) => Node.ApplyAsync(change, PublishOptions.Default);

    private protected Task<PublishResult> CustomizeAsync(string key, params string[] attributes) => Node.Publisher.CustomizeAsync(
        draft => draft.Put($"key/shp_order/{key}", new JsonObject { ["name"] = key, ["title"] = "Key", ["attributes"] = new JsonArray([.. attributes.Select(attribute => (JsonNode)attribute)]) }), PublishOptions.Default, CancellationToken.None);

    private protected Task<bool> BuildAsync() => Node.Builder.BuildAsync(Report, CancellationToken.None);

    /// <param name="key">Column of a new key.</param>
    /// <param name="with">More columns.</param>
    private protected static MetadataChange Packs(string? key = null, string with = "")
    {
        var packs = new SmallPacks().Replace("shop", OrderFile, "\"shp_external\":", with + "\"shp_external\":");
        if (key is not null) packs.Replace("shop", OrderFile, "[\"shp_number\"] } ],", $$"""["shp_number"] }, { "name": "{{key}}_key", "title": "Key", "attributes": ["{{key}}"] } ],""");
        return new MetadataChange { Packs = packs.Files };
    }

    private protected async Task InsertAsync(int rows)
    {
        for (var number = 1; number <= rows; number++)
            await ExecuteAsync($"INSERT INTO shp_order (shp_orderid, versionnumber, shp_number) VALUES ('{Id(number)}', {number}, 'A-{number}')");
    }

    private protected static string Id(int number) => $"11111111-1111-7111-8111-11111111111{number}";

    /// <summary>Writes as a message does: a build need not give way.</summary>
    private protected Task WriteAsync(string sql) => Database.WriteAsync(async (session, ct) => await session.ExecuteAsync(new SqlStatement(sql), ct), waits: false, CancellationToken.None);

    private protected sealed class Heard : IBuildReport
    {
        public List<string> Built { get; } = [];

        public List<IndexBuild> Failed { get; } = [];

        void IBuildReport.Built(IndexBuild build) => Built.Add(build.Name);

        void IBuildReport.Failed(IndexBuild build) => Failed.Add(build);

        void IBuildReport.Disconnected(DbException fault)
        {
        }
    }
}
