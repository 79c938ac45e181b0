using Platform.Engine.History;
using Platform.Engine.Messages;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Engine.Sql.PostgreSql;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Messages;

/// <summary>Following a table: whoever asks again and again for what has changed knows all of it.</summary>
public abstract class EntityChangesTests
{
    private const int Writers = 4;
    private const int Writes = 60;

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_follower_has_what_the_table_has_while_many_write_and_delete()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var follower = new Follower(engine);
        await follower.ReadAsync();

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(engine, new Random(writer))));
        while (!writing.IsCompleted) await follower.ReadAsync();
        await writing;
        await follower.ReadAsync();

        var rows = (await engine.QueryAsync("account", "?$select=name")).ToDictionary(row => row.Id, row => row.Version!.Value);
        Assert.Equal(rows.OrderBy(row => row.Key), follower.Known.OrderBy(row => row.Key));
        Assert.Empty((await follower.ReadAsync()).Deleted);
        Assert.Equal(0, follower.Told);
    }

    [Fact]
    public async Task A_change_that_is_committed_late_is_told_late_and_not_missed()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var follower = new Follower(engine);
        await follower.ReadAsync();
        var (written, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        var gone = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Gone" });
        await follower.ReadAsync();

        var late = Task.Run(() => engine.Engine.ExecuteTogetherAsync(
            async ct =>
            {
                await engine.SendAsync(new Create(new EntityRecord("account") { ["name"] = "Late" }));
                await engine.SendAsync(new Delete(new EntityReference("account", gone)));
                written.SetResult();
                await finish.Task;
                return 0;
            },
            engine.Admin,
            CancellationToken.None));
        await written.Task;
        // Where only one writes at a time this waits for the other.
        var early = engine.CreateAsync(new EntityRecord("account") { ["name"] = "Early" });
        if (engine.Database.IsShared) await early;
        await follower.ReadAsync();
        Assert.Contains(gone, follower.Known.Keys);
        finish.SetResult();
        await late;
        await early;
        await follower.ReadAsync();

        var rows = await engine.QueryAsync("account", "?$select=name");
        Assert.Equal(["Early", "Late"], rows.Select(row => row.Get<string>("name")).Order());
        Assert.Equal(rows.Select(row => row.Id).Order(), follower.Known.Keys.Order());
    }

    [Fact]
    public async Task A_row_that_came_back_is_told_as_there_and_expired_deletions_are_forgotten()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var follower = new Follower(engine);
        await follower.ReadAsync();
        var id = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Back" });
        await engine.SendAsync(new Delete(new EntityReference("account", id)));
        await engine.SendAsync(new Create(new EntityRecord("account", id) { ["name"] = "Back" }));

        Assert.Empty((await follower.ReadAsync()).Deleted);
        Assert.Equal([id], follower.Known.Keys);
        await engine.SendAsync(new Delete(new EntityReference("account", id)));
        Assert.Equal(0, await new Deletions(engine.Database, TimeProvider.System).ForgetExpiredAsync(CancellationToken.None));
        Assert.Equal(2, await new Deletions(engine.Database, new Later(TimeSpan.FromDays(9))).ForgetExpiredAsync(CancellationToken.None));
    }

    private static async Task WriteAsync(TestEngine engine, Random random)
    {
        var own = new List<Guid>();
        for (var number = 0; number < Writes; number++)
        {
            var row = own.Count == 0 ? Guid.Empty : own[random.Next(own.Count)];
            switch (random.Next(own.Count < 3 ? 1 : 4))
            {
                case 0:
                    own.Add(await engine.CreateAsync(new EntityRecord("account") { ["name"] = $"New {number}" }));
                    break;
                case 1:
                    await engine.SendAsync(new Update(new EntityRecord("account", row) { ["name"] = $"Changed {number}" }));
                    break;
                case 2:
                    await engine.SendAsync(new Delete(new EntityReference("account", row)));
                    own.Remove(row);
                    break;
                default:
                    await engine.Engine.ExecuteTogetherAsync(
                        async ct =>
                        {
                            await engine.SendAsync(new Update(new EntityRecord("account", row) { ["name"] = $"Slowly {number}" }));
                            await Task.Delay(random.Next(5), ct);
                            return 0;
                        },
                        engine.Admin,
                        CancellationToken.None);
                    break;
            }
        }
    }

    /// <summary>Knows a table from its changes alone, read in small pages.</summary>
    private protected sealed class Follower(TestEngine engine)
    {
        private long? since;

        /// <summary>Rows by id, with their version.</summary>
        public Dictionary<Guid, long> Known { get; } = [];

        /// <summary>Rows that the last reading told as there.</summary>
        public int Told { get; private set; }

        public async Task<RowChanges> ReadAsync()
        {
            var entity = engine.Metadata.Entity("account");
            var query = new Query(entity) { Columns = [entity.Attribute("name")], PageSize = 7 };
            if (since is not null) query = RetrieveEntityChanges.InOrder(query);
            RetrieveEntityChanges? page = new(query, new RecordList()) { Since = since };
            RowChanges changes;
            Told = 0;
            do
            {
                var rows = new RecordList();
                var result = await engine.SendAsync(page with { Rows = rows });
                changes = result.Changes!;
                foreach (var row in rows.Records) Known[row.Id] = row.Version!.Value;
                foreach (var row in changes.Deleted) Known.Remove(row.Id);
                Told += rows.Records.Count;
                page = result.Next is null && changes.NextDeletion is null ? null : page with { Query = page.Query with { After = result.Next }, Until = changes.Until, AfterDeletion = changes.NextDeletion };
            }
            while (page is not null);
            since = changes.Until;
            return changes;
        }
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TimeProvider.System.GetUtcNow() + by;
    }
}

public sealed class EntityChangesOnSqlite : EntityChangesTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class EntityChangesOnPostgreSql : EntityChangesTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();

    [Fact]
    public async Task A_mark_that_was_given_stays_one_when_a_transaction_says_late_that_it_began_below_it()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var follower = new Follower(engine);
        foreach (var name in new[] { "A", "B", "C" }) await engine.CreateAsync(new EntityRecord("account") { ["name"] = name });
        await follower.ReadAsync();
        var (announced, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = engine.Database.WriteAsync(
            async (session, ct) =>
            {
                await session.ExecuteAsync(new SqlStatement(RunningVersions.Announce.Replace("THEN last_value", "THEN last_value - 2", StringComparison.Ordinal)), ct);
                announced.SetResult();
                await finish.Task;
                return 0;
            },
            waits: false,
            CancellationToken.None);
        await announced.Task;

        await follower.ReadAsync();
        Assert.Equal(0, follower.Told);
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "D" });
        await follower.ReadAsync();
        Assert.Equal(3, follower.Known.Count);
        finish.SetResult();
        await slow;
        await follower.ReadAsync();
        Assert.Equal(4, follower.Known.Count);

        var entity = engine.Metadata.Entity("account");
        var elsewhere = new RetrieveEntityChanges(RetrieveEntityChanges.InOrder(new Query(entity) { Columns = [entity.Attribute("name")] }), new RecordList()) { Since = 1_000_000 };
        Assert.Contains("1000000", (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(elsewhere))).Message, StringComparison.Ordinal);
    }
}
