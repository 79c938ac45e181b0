using Platform.Engine.Messages;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Queries;

/// <summary>What a query may cost, and that one which nobody waits for ends.</summary>
public abstract class QueryBudgetTests(Func<Task<TestDatabase>> open)
{
    [Fact]
    public async Task A_query_over_the_budget_is_refused_with_its_explanation_and_others_run()
    {
        await using var engine = await TestEngine.StartAsync(await open(), TimeProvider.System, options => options with { QueryBudget = 100 });
        for (var number = 0; number < 60; number++)
        {
            var account = new EntityReference("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = $"Account {number}", ["address1_city"] = "Seoul" }));
            await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = "Kim", ["lastname"] = "Kim", ["parentcustomerid"] = account, ["address1_city"] = "Seoul" });
        }

        var rows = new RecordList();
        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new RetrieveMultiple(engine.Parser.ParseFetch(engine.Metadata, """
            <fetch><entity name='account'><filter><link-entity name='contact' from='address1_city' to='address1_city' link-type='not any'/></filter></entity></fetch>
            """), rows)));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Empty(rows.Records);
        Assert.NotEmpty(refused.Explanation!.Plan.Lines);
        Assert.True(refused.Explanation.Plan.Cost > 100 && refused.Explanation.Budget == 100);
        Assert.Contains("100", refused.Message, StringComparison.Ordinal);

        Assert.Equal(60, (await engine.QueryAsync("account", "?$filter=contains(name,'Account')&$orderby=description")).Count);
        Assert.Single(await engine.QueryAsync("account", $"?$filter=accountid eq {(await engine.QueryAsync("account", "?$top=1")).Single().Id} and contact_customer_accounts/any()"));
    }

    [Fact]
    public async Task Rows_that_an_index_leads_to_cost_little_however_many_there_are()
    {
        await using var engine = await TestEngine.StartAsync(await open(), TimeProvider.System, options => options with { QueryBudget = 200_000 });
        for (var set = 0; set < 3; set++)
        {
            var accounts = (await engine.SendAsync(new CreateMultiple("account", [.. Enumerable.Range(0, 1000).Select(number => new Create(new EntityRecord("account") { ["name"] = $"Account {number}" }))]))).Parts;
            await engine.SendAsync(new CreateMultiple("contact", [.. accounts.Select(account => new Create(new EntityRecord("contact") { ["lastname"] = "Kim", ["parentcustomerid"] = new EntityReference("account", account.Id) }))]));
        }

        Assert.Equal(3000, (await engine.QueryAsync("account", "?$select=name&$filter=contact_customer_accounts/any(c:c/lastname eq 'Kim')")).Count);
        Assert.Equal(3000, (await engine.QueryAsync("contact", "?$select=lastname&$filter=startswith(parentcustomerid_account/name,'Account')&$orderby=parentcustomerid_account/name")).Count);
        // Each with each by a column without an index is nine million; PostgreSQL would hash the rows instead.
        if (engine.Database.IsShared) return;
        await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new RetrieveMultiple(engine.Parser.ParseFetch(engine.Metadata, """
            <fetch><entity name='account'><filter><link-entity name='contact' from='description' to='name' link-type='not any'/></filter></entity></fetch>
            """), new RecordList())));
    }

    [Fact]
    public async Task A_read_that_finds_nothing_for_hours_ends_when_it_is_cancelled()
    {
        await using var database = await open();
        using var client = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        // The statement of SQLite holds its thread: what it is cancelled from is another one.
        var endless = Task.Run(() => database.Database.ReadAsync(
            async (session, ct) =>
            {
                var number = new OneNumber();
                started.SetResult();
                await session.QueryAsync(new SqlStatement("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000000000000) SELECT count(*) FROM c"), number, ct);
                return number.Value;
            },
            client.Token));
        await started.Task;
        client.CancelAfter(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
        Assert.Equal(1, await database.Database.ReadAsync(
            async (session, ct) =>
            {
                var number = new OneNumber();
                await session.QueryAsync(new SqlStatement("SELECT 1"), number, ct);
                return number.Value;
            },
            CancellationToken.None));
    }
}

public sealed class QueryBudgetOnSqlite() : QueryBudgetTests(CoreDatabase.SqliteAsync);

public sealed class QueryBudgetOnPostgreSql() : QueryBudgetTests(CoreDatabase.PostgreSqlAsync);
