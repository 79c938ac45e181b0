using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;
using Platform.Engine.Tests.Databases;

namespace Platform.Engine.Tests.Schema;

public sealed class SqliteSchemaUpgradeTests() : SchemaUpgradeTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlSchemaUpgradeTests() : SchemaUpgradeTests(TestDatabase.PostgreSqlAsync);

public abstract class SchemaUpgradeTests(Func<Task<TestDatabase>> open) : DatabaseSuite(open)
{
    private const string One = "11111111-1111-7111-8111-111111111111";
    private const string Two = "22222222-2222-7222-8222-222222222222";

    private static readonly EntityDefinition Unit = Tables.Entity("unit", Tables.Text("name"));

    [Fact]
    public async Task Tables_that_point_at_each_other_are_made_in_one_go()
    {
        var egg = Tables.Entity("egg", Tables.Lookup("henid", "hen"));
        var hen = Tables.Entity("hen", Tables.Lookup("eggid", "egg"), Tables.Lookup("motherid", "hen"));

        await UpgradeAsync(MetadataSnapshot.Empty, Tables.Snapshot(egg, hen));

        await Assert.ThrowsAnyAsync<Exception>(() => ExecuteAsync($"INSERT INTO egg (eggid, versionnumber, henid) VALUES ('{One}', 1, '{Two}')"));
        await ExecuteAsync($"INSERT INTO egg (eggid, versionnumber) VALUES ('{One}', 1)");
        await ExecuteAsync($"INSERT INTO hen (henid, versionnumber, eggid) VALUES ('{Two}', 1, '{One}')");
        Assert.Equal([One], await TextsAsync("SELECT CAST(eggid AS text) FROM hen"));
    }

    [Fact]
    public async Task A_key_ignores_ASCII_case_and_rows_with_an_empty_part()
    {
        var card = Tables.Entity("card", [Tables.Text("number"), Tables.Attribute("year", AttributeKind.Integer)], [Tables.Key("card_key", "number", "year")]);
        await UpgradeAsync(MetadataSnapshot.Empty, Tables.Snapshot(card));
        await InsertAsync("card", One, "number, year", "'Ab', 2020");

        await Assert.ThrowsAnyAsync<Exception>(() => InsertAsync("card", Two, "number, year", "'aB', 2020"));
        await InsertAsync("card", Two, "number, year", "'aB', NULL");
        await InsertAsync("card", "33333333-3333-7333-8333-333333333333", "number, year", "'aB', NULL");

        Assert.Equal(["3"], await TextsAsync("SELECT CAST(count(*) AS text) FROM card"));
    }

    [Fact]
    public async Task A_new_required_column_keeps_the_rows_and_invents_no_value()
    {
        await UpgradeAsync(MetadataSnapshot.Empty, Tables.Snapshot(Unit));
        await InsertAsync("unit", One, "name", "'North'");
        var wider = Tables.Entity("unit", Tables.Text("name"), Tables.Attribute("size", AttributeKind.Integer), Tables.Lookup("parentid", "unit"));

        await UpgradeAsync(Tables.Snapshot(Unit), Tables.Snapshot(wider));

        Assert.Equal(["North//"], await TextsAsync("SELECT name || '/' || coalesce(CAST(size AS text), '') || '/' || coalesce(CAST(parentid AS text), '') FROM unit"));
        await Assert.ThrowsAnyAsync<Exception>(() => InsertAsync("unit", Two, "parentid", $"'{Two[..35]}3'"));
    }

    [Fact]
    public async Task Removing_a_column_with_values_is_a_loss_and_without_values_is_not()
    {
        var before = Tables.Snapshot(Tables.Entity("card", Tables.Text("number"), Tables.Text("colour")));
        var after = Tables.Snapshot(Tables.Entity("card", Tables.Text("number")));
        await UpgradeAsync(MetadataSnapshot.Empty, before);
        await InsertAsync("card", One, "number, colour", "'1', 'red'");

        var loss = Assert.Single(await LossesAsync(before, after));
        Assert.Equal("The attribute 'colour' of 'card' is removed: 1 row holds data that would be parked.", loss.ToString());

        await ExecuteAsync("UPDATE card SET colour = NULL");
        await UpgradeAsync(before, after);
        Assert.Equal(["1"], await TextsAsync("SELECT number FROM card"));
        await Assert.ThrowsAnyAsync<Exception>(() => TextsAsync("SELECT card.colour FROM card"));
    }

    [Fact]
    public async Task Removing_an_entity_with_rows_is_a_loss_and_without_rows_is_not()
    {
        var before = Tables.Snapshot(Unit, Tables.Entity("card", Tables.Lookup("unitid", "unit")));
        await UpgradeAsync(MetadataSnapshot.Empty, before);
        await InsertAsync("unit", One, "name", "'North'");

        var loss = Assert.Single(await LossesAsync(before, MetadataSnapshot.Empty));
        Assert.Equal("The entity 'unit' is removed: 1 row holds data that would be parked.", loss.ToString());

        await ExecuteAsync("DELETE FROM unit");
        await UpgradeAsync(before, MetadataSnapshot.Empty);
        await Assert.ThrowsAnyAsync<Exception>(() => TextsAsync("SELECT name FROM unit"));
    }

    [Fact]
    public async Task A_shorter_text_is_a_loss_only_where_a_row_is_longer()
    {
        var before = Tables.Snapshot(Tables.Entity("card", Tables.Text("number", 20)));
        await UpgradeAsync(MetadataSnapshot.Empty, before);
        await InsertAsync("card", One, "number", "'12345'");

        Assert.Empty(await LossesAsync(before, Tables.Snapshot(Tables.Entity("card", Tables.Text("number", 5)))));
        var loss = Assert.Single(await LossesAsync(before, Tables.Snapshot(Tables.Entity("card", Tables.Text("number", 4)))));
        Assert.Equal("number", loss.Risk.Column);
        Assert.Equal(1, loss.Rows);
    }

    [Fact]
    public async Task A_changed_kind_is_a_loss_while_rows_hold_values()
    {
        var before = Tables.Snapshot(Tables.Entity("card", Tables.Text("points")));
        var after = Tables.Snapshot(Tables.Entity("card", Tables.Attribute("points", AttributeKind.Integer)));
        await UpgradeAsync(MetadataSnapshot.Empty, before);
        await InsertAsync("card", One, "points", "'7'");

        var loss = Assert.Single(await LossesAsync(before, after));
        Assert.Contains("changes from string to integer", loss.ToString(), StringComparison.Ordinal);

        await ExecuteAsync("UPDATE card SET points = NULL");
        await UpgradeAsync(before, after);
        await ExecuteAsync("UPDATE card SET points = 7");
        Assert.Equal(["8"], await TextsAsync("SELECT CAST(points + 1 AS text) FROM card"));
    }

    [Theory]
    [InlineData("rate")]
    [InlineData("tst_a_name_that_is_as_long_as_the_name_of_a_column_can_ever_be_")]
    public async Task More_digits_keep_every_value_and_fewer_lose_those_that_use_them(string rate)
    {
        MetadataSnapshot WithDigits(int digits) => Tables.Snapshot(Tables.Entity("card", [Tables.Attribute(rate, AttributeKind.Decimal, digits)], [], [new IndexDefinition("rates", [rate])]));
        var isSqlite = Test.Target.SqliteFile is not null;
        await UpgradeAsync(MetadataSnapshot.Empty, WithDigits(2));
        await InsertAsync("card", One, rate, isSqlite ? "125" : "1.25");

        await UpgradeAsync(WithDigits(2), WithDigits(3));
        Assert.Equal([isSqlite ? "1250" : "1.250"], await TextsAsync($"SELECT CAST({rate} AS text) FROM card"));

        var loss = Assert.Single(await LossesAsync(WithDigits(3), WithDigits(1)));
        Assert.Equal(rate, loss.Risk.Column);
        await UpgradeAsync(WithDigits(3), WithDigits(2));
        Assert.Equal([isSqlite ? "125" : "1.25"], await TextsAsync($"SELECT CAST({rate} AS text) FROM card"));
    }

    [Fact]
    public async Task An_integer_becomes_a_bigint_with_its_values()
    {
        var before = Tables.Snapshot(Tables.Entity("card", Tables.Attribute("points", AttributeKind.Integer)));
        var after = Tables.Snapshot(Tables.Entity("card", Tables.Attribute("points", AttributeKind.BigInt)));
        await UpgradeAsync(MetadataSnapshot.Empty, before);
        await InsertAsync("card", One, "points", "7");

        await UpgradeAsync(before, after);
        await ExecuteAsync("UPDATE card SET points = points + 8000000000");

        Assert.Equal(["8000000007"], await TextsAsync("SELECT CAST(points AS text) FROM card"));
    }

    [Fact]
    public async Task A_statement_prepared_before_a_change_of_type_runs_after_it()
    {
        var before = Tables.Snapshot(Tables.Entity("card", Tables.Text("points", 10)));
        var after = Tables.Snapshot(Tables.Entity("card", Tables.Attribute("points", AttributeKind.BigInt)));
        await UpgradeAsync(MetadataSnapshot.Empty, before);
        await ExecuteAsync($"INSERT INTO card (cardid, versionnumber) VALUES ('{One}', 1)");
        for (var i = 0; i < 4; i++) await TextsAsync("SELECT CAST(versionnumber AS text), points FROM card");

        await UpgradeAsync(before, after);

        Assert.Equal(["1"], await TextsAsync("SELECT CAST(versionnumber AS text), points FROM card"));
    }

    [Fact]
    public async Task An_option_may_go_when_no_row_has_it()
    {
        var before = Tables.Snapshot(Tables.Entity("card", Tables.Choice("status", 1, 2, 3)));
        await UpgradeAsync(MetadataSnapshot.Empty, before);
        await InsertAsync("card", One, "status", "2");

        Assert.Empty(await LossesAsync(before, Tables.Snapshot(Tables.Entity("card", Tables.Choice("status", 1, 2)))));
        Assert.Single(await LossesAsync(before, Tables.Snapshot(Tables.Entity("card", Tables.Choice("status", 1, 3)))));
    }

    [Fact]
    public async Task A_lookup_gains_and_loses_targets_with_its_values()
    {
        var single = Tables.Snapshot(Unit, Tables.Entity("card", Tables.Lookup("unitid", "unit")));
        var several = Tables.Snapshot(Unit, Tables.Entity("card", Tables.Lookup("unitid", "unit", "card")));
        await UpgradeAsync(MetadataSnapshot.Empty, single);
        await InsertAsync("unit", One, "name", "'North'");
        await InsertAsync("card", Two, "unitid", $"'{One}'");

        await UpgradeAsync(single, several);
        Assert.Equal([One + "unit"], await TextsAsync("SELECT CAST(unitid AS text) || unitidtype FROM card"));

        await UpgradeAsync(several, single);
        Assert.Equal([One], await TextsAsync("SELECT CAST(unitid AS text) FROM card"));
        await Assert.ThrowsAnyAsync<Exception>(() => ExecuteAsync("DELETE FROM unit"));
    }

    [Fact]
    public async Task A_lookup_loses_a_target_only_when_no_row_points_there()
    {
        var several = Tables.Snapshot(Unit, Tables.Entity("card", Tables.Lookup("unitid", "unit", "card")));
        var single = Tables.Snapshot(Unit, Tables.Entity("card", Tables.Lookup("unitid", "unit")));
        await UpgradeAsync(MetadataSnapshot.Empty, several);
        await InsertAsync("card", One, "unitid, unitidtype", $"'{One}', 'card'");

        var loss = Assert.Single(await LossesAsync(several, single));

        Assert.Equal("The attribute 'unitid' of 'card' no longer refers to card: 1 row holds data that would be lost.", loss.ToString());
    }

    [Fact]
    public async Task A_key_that_rows_break_names_their_values()
    {
        var before = Tables.Snapshot(Tables.Entity("card", Tables.Text("number"), Tables.Attribute("year", AttributeKind.Integer)));
        var after = Tables.Snapshot(Tables.Entity("card", [Tables.Text("number"), Tables.Attribute("year", AttributeKind.Integer)], [Tables.Key("card_key", "number", "year")]));
        await UpgradeAsync(MetadataSnapshot.Empty, before);
        await InsertAsync("card", One, "number, year", "'ab', 2020");
        await InsertAsync("card", Two, "number, year", "'AB', 2020");

        var loss = Assert.Single(await LossesAsync(before, after));
        Assert.Equal(2, loss.Rows);
        Assert.Contains("year = '2020'", loss.ToString(), StringComparison.Ordinal);
        Assert.Contains("number = 'ab'", loss.ToString(), StringComparison.OrdinalIgnoreCase);

        await ExecuteAsync($"DELETE FROM card WHERE cardid = '{Two}'");
        await UpgradeAsync(before, after);
    }

    private async Task UpgradeAsync(MetadataSnapshot before, MetadataSnapshot after)
    {
        Assert.Empty(await LossesAsync(before, after));
        var plan = SchemaDiff.Between(before, after, Database.Dialect).DropWhatIsEmpty([]);
        await Database.ExclusiveAsync(
            async (session, ct) =>
            {
                await SchemaUpgrade.ApplyAsync(plan, session, ct);
                return true;
            },
            CancellationToken.None);
    }

    private Task<ImmutableArray<SchemaLoss>> LossesAsync(MetadataSnapshot before, MetadataSnapshot after) => Database.ReadAsync(
        (session, ct) => SchemaUpgrade.FindLossesAsync(SchemaDiff.Between(before, after, Database.Dialect).Risks, session, ct), CancellationToken.None);

    private Task InsertAsync(string table, string id, string columns, string values) =>
        ExecuteAsync($"INSERT INTO {table} ({table}id, versionnumber, {columns}) VALUES ('{id}', 1, {values})");
}
