using Platform.Engine.Metadata;
using Platform.Engine.Sql.Schema;
using Platform.Engine.Tests.Databases;

namespace Platform.Engine.Tests.Schema;

public sealed class SqliteParkingTests() : ParkingTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlParkingTests() : ParkingTests(TestDatabase.PostgreSqlAsync);

/// <summary>What metadata takes out is kept and comes back with its rows.</summary>
public abstract class ParkingTests(Func<Task<TestDatabase>> open) : DatabaseSuite(open)
{
    private const string One = "11111111-1111-7111-8111-111111111111";
    private const string Two = "22222222-2222-7222-8222-222222222222";

    private static readonly EntityDefinition Unit = Tables.Entity("unit", Tables.Text("name"));

    private SchemaModel held = SchemaModel.Empty;
    private long version;

    [Fact]
    public async Task A_column_that_goes_with_values_comes_back_with_them_and_rows_of_meanwhile_have_none()
    {
        var with = new[] { Tables.Entity("card", [Tables.Text("number"), Tables.Text("colour")], [Tables.Key("colours", "colour")]) };
        await GoAsync(with);
        await InsertAsync("card", One, "number, colour", "'1', 'red'");

        Assert.Contains("park column card.colour", await GoAsync(Tables.Entity("card", Tables.Text("number"))));
        await Assert.ThrowsAnyAsync<Exception>(() => TextsAsync("SELECT card.colour FROM card"));
        await InsertAsync("card", Two, "number", "'2'");
        Assert.Equal("colour", Assert.Single(held.ParkedColumns).Column.Name);

        Assert.Contains("restore column card.colour (parked by version 2)", await GoAsync(with));
        Assert.Equal(["red", ""], await TextsAsync("SELECT colour FROM card ORDER BY number"));
        Assert.Empty(held.ParkedColumns);
        await Assert.ThrowsAnyAsync<Exception>(() => ExecuteAsync("UPDATE card SET colour = 'RED'"));
    }

    [Fact]
    public async Task A_column_without_values_is_dropped()
    {
        await GoAsync(Tables.Entity("card", Tables.Text("number"), Tables.Text("colour")));

        Assert.Equal(["drop column card.colour"], await GoAsync(Tables.Entity("card", Tables.Text("number"))));

        Assert.Empty(held.ParkedColumns);
    }

    [Fact]
    public async Task A_parked_lookup_guards_nothing_and_what_points_nowhere_is_emptied_when_it_comes_back()
    {
        var with = Tables.Entity("card", Tables.Text("number"), Tables.Lookup("unitid", "unit"));
        await GoAsync(Unit, with);
        await InsertAsync("unit", One, "name", "'North'");
        await InsertAsync("unit", Two, "name", "'South'");
        await InsertAsync("card", One, "number, unitid", $"'1', '{One}'");
        await InsertAsync("card", Two, "number, unitid", $"'2', '{Two}'");

        await GoAsync(Unit, Tables.Entity("card", Tables.Text("number")));
        await ExecuteAsync($"DELETE FROM unit WHERE unitid = '{One}'");
        await GoAsync(Unit, with);

        Assert.Equal(["", Two], await TextsAsync("SELECT CAST(unitid AS text) FROM card ORDER BY number"));
        await Assert.ThrowsAnyAsync<Exception>(() => ExecuteAsync("DELETE FROM unit"));
    }

    [Fact]
    public async Task A_lookup_with_several_targets_comes_back_with_what_it_pointed_to()
    {
        var with = Tables.Entity("card", Tables.Text("number"), Tables.Lookup("unitid", "unit", "card"));
        await GoAsync(Unit, with);
        await InsertAsync("card", One, "number, unitid, unitidtype", $"'1', '{Two}', 'unit'");

        await GoAsync(Unit, Tables.Entity("card", Tables.Text("number")));
        await GoAsync(Unit, with);

        Assert.Equal([Two + "unit"], await TextsAsync("SELECT CAST(unitid AS text) || unitidtype FROM card"));
    }

    [Fact]
    public async Task Tables_that_point_at_each_other_go_and_come_back_with_their_rows_keys_and_references()
    {
        var hen = Tables.Entity("hen", [Tables.Text("name"), Tables.Lookup("eggid", "egg"), Tables.Lookup("motherid", "hen")], [Tables.Key("names", "name")]);
        var egg = Tables.Entity("egg", Tables.Lookup("henid", "hen"), Tables.Lookup("unitid", "unit"));
        await GoAsync(Unit, hen, egg);
        await InsertAsync("unit", One, "name", "'North'");
        await InsertAsync("hen", One, "name", "'Berta'");
        await InsertAsync("egg", Two, "henid, unitid", $"'{One}', '{One}'");
        await ExecuteAsync($"UPDATE hen SET eggid = '{Two}', motherid = '{One}'");

        Assert.Equal(["park table egg", "park table hen"], (await GoAsync(Unit)).Where(change => change.StartsWith("park", StringComparison.Ordinal)));
        await ExecuteAsync("DELETE FROM unit");
        await Assert.ThrowsAnyAsync<Exception>(() => TextsAsync("SELECT name FROM hen"));

        await GoAsync(Unit, hen, egg);

        Assert.Equal([$"Berta/{Two}/{One}"], await TextsAsync("SELECT name || '/' || CAST(eggid AS text) || '/' || CAST(motherid AS text) FROM hen"));
        Assert.Equal([$"{One}/"], await TextsAsync("SELECT CAST(henid AS text) || '/' || coalesce(CAST(unitid AS text), '') FROM egg"));
        await Assert.ThrowsAnyAsync<Exception>(() => ExecuteAsync($"UPDATE hen SET eggid = '{One}'"));
        await Assert.ThrowsAnyAsync<Exception>(() => InsertAsync("hen", Two, "name", "'berta'"));
        Assert.Empty(held.ParkedTables);
    }

    [Fact]
    public async Task Of_tables_that_point_at_each_other_the_empty_one_is_dropped_and_the_other_parked()
    {
        var tables = new[] { Tables.Entity("card", Tables.Text("number"), Tables.Lookup("drawerid", "drawer")), Tables.Entity("drawer", Tables.Text("name"), Tables.Lookup("topcardid", "card")) };
        await GoAsync(tables);
        await InsertAsync("drawer", One, "name", "'A'");

        await GoAsync([]);
        Assert.Equal("drawer", Assert.Single(held.ParkedTables).Table.Name);
        await GoAsync(tables);

        Assert.Equal(["A"], await TextsAsync("SELECT name FROM drawer"));
        await Assert.ThrowsAnyAsync<Exception>(() => ExecuteAsync($"UPDATE drawer SET topcardid = '{Two}'"));
    }

    [Fact]
    public async Task A_table_comes_back_in_a_newer_form_and_with_the_columns_parked_in_it()
    {
        await GoAsync(Unit, Tables.Entity("card", Tables.Text("number", 10), Tables.Text("colour"), Tables.Lookup("unitid", "unit")));
        await InsertAsync("unit", One, "name", "'North'");
        await InsertAsync("card", One, "number, colour, unitid", $"'1', 'red', '{One}'");
        await GoAsync(Unit, Tables.Entity("card", Tables.Text("number", 10), Tables.Lookup("unitid", "unit")));
        await GoAsync(Unit);
        Assert.NotEqual("card", Assert.Single(held.ParkedColumns).Table);

        await GoAsync(Unit, Tables.Entity("card", Tables.Text("number", 40), Tables.Text("colour"), Tables.Attribute("size", AttributeKind.Integer)));

        Assert.Equal(["1/red"], await TextsAsync("SELECT number || '/' || colour FROM card WHERE size IS NULL"));
        Assert.Equal("unitid", Assert.Single(held.ParkedColumns).Column.Name);
        await ExecuteAsync("DELETE FROM unit");
    }

    [Fact]
    public async Task A_changed_kind_parks_the_old_values_and_the_way_back_brings_them()
    {
        var text = Tables.Entity("card", Tables.Text("points"));
        await GoAsync(text);
        await InsertAsync("card", One, "points", "'seven'");

        Assert.Equal(["park column card.points", "add column card.points"], await GoAsync(Tables.Entity("card", Tables.Attribute("points", AttributeKind.Integer))));
        await ExecuteAsync("UPDATE card SET points = 7");
        await GoAsync(text);

        Assert.Equal(["seven"], await TextsAsync("SELECT points FROM card"));
        Assert.Equal(AttributeKind.Integer, Assert.Single(held.ParkedColumns).Column.Kind);
    }

    [Fact]
    public async Task A_key_over_values_that_come_back_names_the_rows_that_break_it()
    {
        await GoAsync(Tables.Entity("card", [Tables.Text("number"), Tables.Text("area")], [Tables.Key("numbers", "number", "area")]));
        await InsertAsync("card", One, "number, area", "'1', 'a'");
        await InsertAsync("card", Two, "number, area", "'1', 'b'");
        await GoAsync(Tables.Entity("card", Tables.Text("number")));

        var plan = Plan([Tables.Entity("card", [Tables.Text("number"), Tables.Text("area")], [Tables.Key("only", "area")])]);

        Assert.Empty(plan.Risks);
        Assert.Equal("area", Assert.Single(Assert.Single(plan.LateRisks).Columns));
    }

    private SchemaPlan Plan(EntityDefinition[] entities) =>
        SchemaDiff.Between(held, SchemaModel.Of(Tables.Snapshot(entities), Database.Dialect), Database.Dialect, version + 1);

    /// <summary>Goes to the next version, parking what has to be, and returns what was done.</summary>
    private async Task<List<string>> GoAsync(params EntityDefinition[] entities)
    {
        var next = SchemaModel.Of(Tables.Snapshot(entities), Database.Dialect);
        var plan = Plan(entities);
        await Database.ExclusiveAsync(
            async (session, ct) =>
            {
                var found = await SchemaUpgrade.FindLossesAsync(plan.Risks, session, ct);
                Assert.All(found, loss => Assert.True(loss.Risk is RowsAtRisk { IsParked: true }, loss.ToString()));
                plan = plan.DropWhatIsEmpty(found);
                Assert.Empty(await SchemaUpgrade.ApplyAsync(plan, session, ct));
                return true;
            },
            CancellationToken.None);
        version++;
        held = StoredSchemas.ReadBack(next.After(held, plan.Changes));
        return [.. plan.Changes.Where(change => change is not (AddIndex or DropIndex)).Select(change => change.ToString())];
    }

    private Task InsertAsync(string table, string id, string columns, string values) =>
        ExecuteAsync($"INSERT INTO {table} ({table}id, versionnumber, {columns}) VALUES ('{id}', 1, {values})");
}
