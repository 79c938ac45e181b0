using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Columns;

public sealed class SqliteMoneyTests : MoneyTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class PostgreSqlMoneyTests : MoneyTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}

public abstract class MoneyTests
{
    private const string Amounts = """
        "tst_price": { "type": "number", "x-kind": "money", "title": "Price" }, "tst_cost": { "type": "number", "x-kind": "money", "title": "Cost" },
        "tst_pieces": { "type": "integer", "title": "Pieces" }
        """;

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_row_with_an_amount_gets_the_base_currency_and_one_without_gets_none()
    {
        await using var engine = await StartAsync();

        var row = await CreatedAsync(engine, ("tst_price", 12.5m));
        Assert.Equal(engine.Usd, row.GetLookup("transactioncurrencyid"));
        Assert.Equal((1m, 12.5m, null), (row["exchangerate"], row["tst_price_base"], row["tst_cost_base"]));

        var bare = await CreatedAsync(engine, ("tst_pieces", 1), ("tst_price", null));
        Assert.Equal((null, null, null), (bare["transactioncurrencyid"], bare["exchangerate"], bare["tst_price_base"]));
    }

    [Fact]
    public async Task A_change_of_amount_or_currency_brings_rate_and_base_amounts_up_to_date()
    {
        await using var engine = await StartAsync();
        var id = (await CreatedAsync(engine, ("tst_price", 14_000m), ("tst_cost", 2_800m), ("transactioncurrencyid", engine.Krw))).Id;
        await ExpectAsync(engine, id, 1400m, 10m, 2m);

        await SetAsync(engine, id, ("tst_price", 7_000m));
        await ExpectAsync(engine, id, 1400m, 5m, 2m);

        await engine.Test.SendAsync(new Update(new EntityRecord("transactioncurrency", engine.Krw.Id) { ["exchangerate"] = 1000m }));
        await SetAsync(engine, id, ("tst_pieces", 3));
        await ExpectAsync(engine, id, 1400m, 5m, 2m);

        await SetAsync(engine, id, ("tst_cost", null));
        await ExpectAsync(engine, id, 1000m, 7m, null);

        await SetAsync(engine, id, ("transactioncurrencyid", engine.Usd));
        await ExpectAsync(engine, id, 1m, 7_000m, null);

        await SetAsync(engine, id, ("tst_price", null), ("transactioncurrencyid", null));
        await ExpectAsync(engine, id, null, null, null);
    }

    [Fact]
    public async Task What_the_engine_computes_is_not_taken_from_outside()
    {
        await using var engine = await StartAsync();

        var row = await CreatedAsync(engine, ("tst_price", 1m), ("tst_price_base", 99m), ("exchangerate", 99m));

        Assert.Equal((1m, 1m), (row["exchangerate"], row["tst_price_base"]));
    }

    [Fact]
    public async Task A_base_amount_is_rounded_to_four_digits_and_must_fit()
    {
        await using var engine = await StartAsync();

        Assert.Equal(0.0007m, (await CreatedAsync(engine, ("tst_price", 1m), ("transactioncurrencyid", engine.Krw)))["tst_price_base"]);
        var tiny = new EntityReference("transactioncurrency", await engine.Test.CreateAsync(Currency("AAA", 2, 0.0001m)));
        var refused = await Assert.ThrowsAsync<PlatformException>(() => CreatedAsync(engine, ("tst_price", 900_000_000_000_000m), ("transactioncurrencyid", tiny)));
        Assert.Equal("tst_price", refused.Attribute);
    }

    [Fact]
    public async Task There_is_one_base_currency_and_it_is_active_whoever_writes_and_it_moves_in_one_message()
    {
        await using var engine = await StartAsync(
            ("entities/tst_thing/steps.json", """{ "steps": [ { "name": "mark", "script": "mark.csx", "message": "Create", "stage": "PreOperation" } ] }"""),
            ("entities/tst_thing/mark.csx", """
                if (Context.Target.Get<string>("tst_name") == "mark")
                    Context.Service.Update(new EntityRecord("transactioncurrency", Context.Target.GetLookup("transactioncurrencyid").Id) { ["isbasecurrency"] = true });
                """));
        var eur = new EntityReference("transactioncurrency", await engine.Test.CreateAsync(Currency("EUR", 2, 0.9m)));
        static Update Of(EntityReference currency, string column, object? value) => new(new EntityRecord("transactioncurrency", currency.Id) { [column] = value });
        static Update Mark(EntityReference currency, bool isBase) => Of(currency, "isbasecurrency", isBase);
        static UpdateMultiple Move(EntityReference from, EntityReference to) => new("transactioncurrency", [Mark(from, false), Mark(to, true)]);
        var second = Currency("CHF", 2, 1m);
        second["isbasecurrency"] = true;
        (Message Message, string Code)[] refusals =
        [
            (Mark(engine.Usd, false), "0x8FF0001D"), (Of(engine.Usd, "isbasecurrency", null), "0x8FF0001D"), (new Delete(engine.Usd), "0x8FF0001D"),
            (new DeleteMultiple("transactioncurrency", [new Delete(eur), new Delete(engine.Usd)]), "0x8FF0001D"),
            (new UpdateMultiple("transactioncurrency", [Mark(engine.Usd, false), Mark(engine.Krw, false)]), "0x8FF0001D"),
            (Mark(engine.Krw, true), "0x8FF0001E"), (new Create(second), "0x8FF0001E"), (new Upsert(Mark(engine.Krw, true).Target), "0x8FF0001E"),
            (new UpsertMultiple("transactioncurrency", [new Upsert(Mark(engine.Krw, true).Target)]), "0x8FF0001E"),
            (new Create(Record(Guid.Empty, [("tst_name", "mark"), ("transactioncurrencyid", engine.Krw)])), "0x8FF0001E"),
            (Of(engine.Usd, "statecode", 1), "0x8FF0001F"), (Of(engine.Usd, "statuscode", 2), "0x8FF0001F"), (new SetState(engine.Usd, 1), "0x8FF0001F"),
            (new Merge(engine.Krw, engine.Usd), "0x8FF0001F"),
        ];

        foreach (var (message, code) in refusals)
        {
            var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.Test.SendAsync(message));
            Assert.True(refused.Code == code, $"{message}: {refused.Code} {refused.Message}");
        }
        Assert.Equal(engine.Usd, (await CreatedAsync(engine, ("tst_price", 1m))).GetLookup("transactioncurrencyid"));

        await engine.Test.SendAsync(Of(eur, "statecode", 1));
        Assert.Equal("0x8FF0001F", (await Assert.ThrowsAsync<PlatformException>(() => engine.Test.SendAsync(Move(engine.Usd, eur)))).Code);
        await engine.Test.SendAsync(Of(eur, "statecode", 0));
        // Two move it at once to different ones: one of them has it.
        var moves = await Task.WhenAll(new[] { engine.Krw, eur }.Select(to => Xunit.Record.ExceptionAsync(() => engine.Test.SendAsync(Move(engine.Usd, to)))));
        Assert.Equal("0x8FF0001E", Assert.IsType<PlatformException>(Assert.Single(moves, refused => refused is not null)).Code);
        var moved = moves[0] is null ? engine.Krw : eur;
        Assert.Equal(moved.Id, Assert.Single(await engine.Test.QueryAsync("transactioncurrency", "$filter=isbasecurrency eq true")).Id);
        Assert.Equal(moved, (await CreatedAsync(engine, ("tst_price", 1m))).GetLookup("transactioncurrencyid"));
    }

    [Fact]
    public async Task A_currency_that_is_not_there_is_refused_by_name()
    {
        await using var engine = await StartAsync();

        var refused = await Assert.ThrowsAsync<PlatformException>(() =>
            CreatedAsync(engine, ("tst_price", 1m), ("transactioncurrencyid", new EntityReference("transactioncurrency", Guid.CreateVersion7()))));

        Assert.Equal("transactioncurrencyid", refused.Attribute);
        Assert.Empty(await engine.Test.QueryAsync("tst_thing", ""));
    }

    [Fact]
    public async Task Users_enter_amounts_in_their_own_currency()
    {
        await using var engine = await StartAsync();
        var user = await engine.Test.UserAsync(engine.Test.Metadata.AdministratorRole!.Id);
        await engine.Test.SendAsync(new Update(new EntityRecord("systemuser", user.UserId) { ["transactioncurrencyid"] = engine.Krw }));
        var caller = await engine.Test.Callers.ForUserAsync(user.UserId, CancellationToken.None);

        var id = await engine.Test.CreateAsync(new EntityRecord("tst_thing") { ["tst_price"] = 1400m }, caller);

        Assert.Equal(engine.Krw, (await engine.Test.ReadAsync("tst_thing", id)).GetLookup("transactioncurrencyid"));
        await ExpectAsync(engine, id, 1400m, 1m, null);
    }

    [Fact]
    public async Task A_table_that_gets_money_keeps_its_rows()
    {
        await using var test = await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(""" "tst_price": { "type": "number", "title": "Price" } """));
        var id = await test.CreateAsync(new EntityRecord("tst_thing") { ["tst_price"] = 12.5m });
        await test.CreateAsync(Currency("USD", 2, 1m));

        await test.Publisher.PublishAsync([ColumnPack.Of(Amounts)], CancellationToken.None);

        Assert.Equal(12.5m, (await test.ReadAsync("tst_thing", id))["tst_price"]);
        await test.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_cost"] = 1m }));
        Assert.Equal(12.5m, (await test.ReadAsync("tst_thing", id))["tst_price_base"]);

        // A column that becomes money in a table that has some: the row has its rate already.
        await test.Publisher.PublishAsync([ColumnPack.Of(Amounts + """, "tst_fee": { "type": "number", "title": "Fee" } """)], CancellationToken.None);
        await test.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_fee"] = 3m }));
        await test.Publisher.PublishAsync([ColumnPack.Of(Amounts + """, "tst_fee": { "type": "number", "x-kind": "money", "title": "Fee" } """)], CancellationToken.None);
        await test.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_cost"] = 2m }));
        var row = await test.ReadAsync("tst_thing", id);
        Assert.Equal((12.5m, 2m, 3m), (row["tst_price_base"], row["tst_cost_base"], row["tst_fee_base"]));
    }

    [Fact]
    public async Task A_step_that_changes_a_rate_sees_it_in_the_rows_it_writes()
    {
        await using var engine = await StartAsync(
            ("entities/tst_thing/steps.json", """{ "steps": [ { "name": "rate", "script": "rate.csx", "message": "Create", "stage": "PreOperation" } ] }"""),
            ("entities/tst_thing/rate.csx", """
                var currency = Context.Target.GetLookup("transactioncurrencyid");
                Context.Service.Update(new EntityRecord("transactioncurrency", currency.Id) { ["exchangerate"] = 2m });
                if (Context.Target.Get<int>("tst_pieces") == 13) Context.Reject("No.", "tst_no");
                """));
        await Assert.ThrowsAsync<PlatformException>(() => CreatedAsync(engine, ("tst_price", 10m), ("tst_pieces", 13), ("transactioncurrencyid", engine.Krw)));

        var row = await CreatedAsync(engine, ("tst_price", 10m), ("transactioncurrencyid", engine.Krw));

        Assert.Equal((2m, 5m), (row["exchangerate"], row["tst_price_base"]));
    }

    [Fact]
    public async Task Base_columns_are_named_as_in_Dataverse_and_belong_to_the_engine()
    {
        var account = MetadataCompiler.Compile(await TestEngine.PacksAsync([]), 1).Snapshot!.Entity("account");

        Assert.Contains(new AmountColumns("revenue", "revenue_base"), account.Amounts);
        var column = account.Attribute("revenue_base");
        Assert.Equal((AttributeKind.Money, AttributeOrigin.Engine, "Revenue_Base", 4), (column.Kind, column.Origin, column.SchemaName, column.Precision));
        Assert.Equal(("Annual revenue (Base)", "연간 매출(기준 통화)"), (column.Title.English, column.Title.For("ko")));
    }

    private async Task<World> StartAsync(params (string Path, string Text)[] files)
    {
        var test = await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(Amounts, "", files));
        var krw = await test.CreateAsync(Currency("KRW", 0, 1400m));
        var usd = await test.CreateAsync(Currency("USD", 2, 1m));
        return new World(test, new EntityReference("transactioncurrency", krw), new EntityReference("transactioncurrency", usd));
    }

    private static EntityRecord Currency(string code, int precision, decimal rate) => new("transactioncurrency")
    {
        ["isocurrencycode"] = code, ["currencyname"] = code, ["currencysymbol"] = code, ["currencyprecision"] = precision, ["exchangerate"] = rate, ["isbasecurrency"] = code == "USD",
    };

    private static async Task<EntityRecord> CreatedAsync(World engine, params (string Name, object? Value)[] values) =>
        await engine.Test.ReadAsync("tst_thing", await engine.Test.CreateAsync(Record(Guid.Empty, values)));

    private static Task<MessageResult> SetAsync(World engine, Guid id, params (string Name, object? Value)[] values) => engine.Test.SendAsync(new Update(Record(id, values)));

    private static EntityRecord Record(Guid id, (string Name, object? Value)[] values)
    {
        var record = new EntityRecord("tst_thing", id);
        foreach (var (name, value) in values) record[name] = value;
        return record;
    }

    private static async Task ExpectAsync(World engine, Guid id, decimal? rate, decimal? price, decimal? cost)
    {
        var row = await engine.Test.ReadAsync("tst_thing", id);
        Assert.Equal((rate, price, cost), (row.Get<decimal?>("exchangerate"), row.Get<decimal?>("tst_price_base"), row.Get<decimal?>("tst_cost_base")));
    }

    private sealed record World(TestEngine Test, EntityReference Krw, EntityReference Usd) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Test.DisposeAsync();
    }
}
