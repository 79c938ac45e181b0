using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Sql;
using Platform.Engine.Sql.PostgreSql;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Metadata;
using Platform.OData;
using Platform.Sandbox;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Tests.Packs;

/// <summary>Two engines on one PostgreSQL database, as two servers are.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public sealed class FollowerTests() : DatabaseSuite(TestDatabase.PostgreSqlAsync)
{
    private const string OrderFile = "entities/shp_order/entity.json";

    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private Node one = null!;
    private Node other = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        one = new Node(PostgreSqlDatabase.Open(Test.Target.PostgreSql!));
        await one.Publisher.PublishAsync(new SmallPacks().Files, CancellationToken.None);
    }

    public override async Task DisposeAsync()
    {
        await one.DisposeAsync();
        if (other is not null) await other.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_publish_is_in_force_on_the_other_node_by_its_notice()
    {
        other = await FollowAsync(Open(), Never);

        await one.ApplyAsync(WithColumn());

        await other.UntilAsync(() => other.Version == 2);
        Assert.NotNull(other.Metadata.Entity("shp_order").Find("shp_colour"));
        Assert.NotEmpty(other.Metadata.Images);
        await other.ApplyAsync(new SmallPacks());
        Assert.Equal((2, 3), (one.Version, other.Version));
        Assert.True(await one.Publisher.FollowAsync(CancellationToken.None));
        Assert.Equal(3, one.Version);
    }

    [Fact]
    public async Task A_publish_whose_notice_is_lost_is_found_by_asking()
    {
        other = await FollowAsync(new Deaf(Open()), TimeSpan.FromMilliseconds(100));

        await one.ApplyAsync(WithColumn());

        await other.UntilAsync(() => other.Version == 2);
    }

    [Fact]
    public async Task A_node_whose_listening_connection_is_cut_listens_again()
    {
        other = await FollowAsync(Open(), Never);
        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()");
        await other.UntilAsync(() => other.Report.Faults > 0);

        await one.ApplyAsync(WithColumn());

        await other.UntilAsync(() => other.Version == 2);
    }

    [Fact]
    public async Task A_version_that_this_engine_cannot_load_is_told_once_and_the_one_before_is_served_on()
    {
        other = await FollowAsync(Open(), TimeSpan.FromMilliseconds(100));
        await ExecuteAsync("INSERT INTO platform_metadata_text (hash, content) SELECT 'of tomorrow', replace(content, '\"maxLength\"', '\"x-ofTomorrow\": 1, \"maxLength\"') FROM platform_metadata_text WHERE content LIKE '%shp_weight%' AND content LIKE '%x-entity%'");
        await ExecuteAsync("""
            INSERT INTO platform_metadata_version (version, publishedon, fingerprint, documents, schema, action)
            SELECT 2, publishedon, 'of a newer engine',
                   replace(documents, (SELECT hash FROM platform_metadata_text WHERE content LIKE '%shp_weight%' AND content LIKE '%x-entity%' AND hash <> 'of tomorrow'), 'of tomorrow'), schema, action
            FROM platform_metadata_version
            """);

        await other.UntilAsync(() => other.Report.Refused.Count > 0);
        await Task.Delay(500);

        Assert.Equal(1, other.Version);
        Assert.Equal(2, other.Publisher.Behind!.Version);
        Assert.Contains(Assert.Single(other.Report.Refused).Errors, error => error.Reason.Contains("x-ofTomorrow", StringComparison.Ordinal));

        await ExecuteAsync("INSERT INTO platform_metadata_version (version, publishedon, fingerprint, documents, schema, action) SELECT 3, publishedon, fingerprint, documents, schema, action FROM platform_metadata_version WHERE version = 1");
        await other.UntilAsync(() => other.Version == 3);
        Assert.Null(other.Publisher.Behind);
    }

    [Fact]
    public async Task A_version_that_this_engine_would_store_otherwise_is_not_taken_and_the_tables_stay()
    {
        other = await FollowAsync(Open(), Never);
        await ExecuteAsync("INSERT INTO platform_metadata_version (version, publishedon, fingerprint, documents, schema, action) SELECT 2, publishedon, 'of a newer engine', documents, schema, action FROM platform_metadata_version");

        Assert.False(await other.Publisher.FollowAsync(CancellationToken.None));

        Assert.Equal((1, 2), (other.Version, other.Publisher.Behind!.Version));
        Assert.Equal(["2"], await TextsAsync("SELECT CAST(max(version) AS text) FROM platform_metadata_version"));
    }

    [Fact]
    public async Task A_role_that_one_node_takes_away_no_longer_counts_on_the_other()
    {
        await using var engine = await TestEngine.StartAsync(await TestDatabase.PostgreSqlAsync());
        await using var listening = PostgreSqlDatabase.Open(engine.Target.PostgreSql!);
        var forgotten = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var following = new MetadataFollower(listening, new Node(Open()).Publisher, () => forgotten.Release(), Never, TimeProvider.System).RunAsync(new Heard(), stop.Token);
        Assert.True(await forgotten.WaitAsync(TimeSpan.FromSeconds(30)), "It never listened.");

        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Not of interest" });
        Assert.False(await forgotten.WaitAsync(TimeSpan.FromMilliseconds(300)));
        await engine.UserAsync(engine.Metadata.Roles[0].Id);

        Assert.True(await forgotten.WaitAsync(TimeSpan.FromSeconds(30)), "The notice never came.");
        await stop.CancelAsync();
        await following;
    }

    private static SmallPacks WithColumn() =>
        new SmallPacks().Replace("shop", OrderFile, "\"shp_external\":", "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" }, \"shp_external\":");

    private PostgreSqlDatabase Open() => PostgreSqlDatabase.Open(Test.Target.PostgreSql!);

    private static async Task<Node> FollowAsync(Database database, TimeSpan every)
    {
        var node = new Node(database);
        Assert.True(await node.Publisher.LoadAsync(CancellationToken.None));
        await node.FollowAsync(every);
        return node;
    }

    /// <summary>One process of the platform.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Database database;
        private readonly ServiceProvider services;
        private Task following = Task.CompletedTask;

        public Node(Database database)
        {
            this.database = database;
            var collection = new ServiceCollection();
            collection.AddLogging();
            collection.AddSingleton<IPluginHost>(new WorkerPluginHost());
            collection.AddEngine(new EngineOptions());
            collection.AddSingleton(database);
            collection.AddWebApi();
            services = collection.BuildServiceProvider();
        }

        public Publisher Publisher => services.GetRequiredService<Publisher>();

        public MetadataSnapshot Metadata => services.GetRequiredService<PlatformEngine>().Metadata;

        public long Version => Metadata.Version;

        public Heard Report { get; } = new();

        /// <summary>Times that caches were dropped.</summary>
        public int Forgotten { get; private set; }

        public Task<PublishResult> ApplyAsync(SmallPacks packs) =>
            Publisher.ApplyAsync(new MetadataChange { Packs = packs.Files }, new PublishOptions { Park = true }, CancellationToken.None);

        /// <summary>Begins to follow; done when it listens.</summary>
        public async Task FollowAsync(TimeSpan every)
        {
            following = new MetadataFollower(database, Publisher, () => Forgotten++, every, TimeProvider.System).RunAsync(Report, stop.Token);
            if (database is PostgreSqlDatabase) await UntilListeningAsync();
        }

        public async Task UntilAsync(Func<bool> holds)
        {
            for (var tries = 0; tries < 1000 && !holds(); tries++) await Task.Delay(20);
            Assert.True(holds(), "Nothing came of it.");
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await following;
            await services.DisposeAsync();
            stop.Dispose();
        }

        private async Task UntilListeningAsync()
        {
            var count = 0L;
            for (var tries = 0; tries < 1000 && count == 0; tries++)
            {
                await Task.Delay(20);
                count = await database.ReadAsync(
                    async (session, ct) =>
                    {
                        await using var command = session.Connection.CreateCommand();
                        command.CommandText = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";
                        return (long)(await command.ExecuteScalarAsync(ct))!;
                    },
                    CancellationToken.None);
            }
        }
    }

    private sealed class Heard : IFollowReport
    {
        public List<RefusedVersion> Refused { get; } = [];

        public int Faults { get; private set; }

        void IFollowReport.Followed(long version)
        {
        }

        void IFollowReport.Refused(RefusedVersion version) => Refused.Add(version);

        void IFollowReport.Disconnected(DbException fault) => Faults++;
    }

    /// <summary>A database whose notices do not arrive.</summary>
    private sealed class Deaf(Database database) : Database
    {
        public override SqlDialect Dialect => database.Dialect;

        public override bool IsShared => true;

        public override Task<T> ReadAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct) => database.ReadAsync(work, ct);

        public override Task<T> WriteAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, bool waits, CancellationToken ct) => database.WriteAsync(work, waits, ct);

        public override Task<T> ExclusiveAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct) => database.ExclusiveAsync(work, ct);

        public override Task<bool> AsideAsync(Func<SqlSession, CancellationToken, Task> work, CancellationToken ct) => database.AsideAsync(work, ct);

        public override ValueTask DisposeAsync() => database.DisposeAsync();
    }
}

public sealed class SqliteFollowerTests() : DatabaseSuite(TestDatabase.SqliteAsync)
{
    [Fact]
    public async Task Nobody_else_publishes_on_the_embedded_database_so_that_there_is_nothing_to_follow()
    {
        Assert.False(Database.IsShared);
        await new MetadataFollower(Database, null!, () => { }, TimeSpan.Zero, TimeProvider.System).RunAsync(null!, CancellationToken.None);
        Assert.Throws<IOException>(() => Platform.Engine.Sql.Database.Open(Test.Target));
    }
}
