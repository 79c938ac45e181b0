using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Fuzz;

/// <param name="Kind"><c>AttributeType</c> of the metadata API.</param>
internal sealed record FuzzColumn(string Name, string Kind);

/// <param name="Target">Logical name of the table it leads to.</param>
internal sealed record FuzzNavigation(string Name, string Target, bool IsCollection);

/// <param name="Writable">Cases may write it: not the tables on which the caller's own rights rest.</param>
internal sealed record FuzzTable(string Name, string Set, IReadOnlyList<FuzzColumn> Columns, IReadOnlyList<FuzzNavigation> Navigations, bool Writable);

/// <summary>What the cases speak of, as the server itself describes it, and the rows with known ids that they are sent to.</summary>
internal sealed class FuzzModel
{
    public const int Rows = 12;

    private static readonly string[] Playground = ["account", "contact", "task", "annotation", "tst_thing", "tst_tag"];

    private FuzzModel(IReadOnlyList<FuzzTable> tables)
    {
        Tables = tables;
        Writable = [.. tables.Where(table => table.Writable)];
    }

    public IReadOnlyList<FuzzTable> Tables { get; }

    public IReadOnlyList<FuzzTable> Writable { get; }

    public static Guid Id(int row) => new($"0197a000-0000-7000-8000-{row:x12}");

    public FuzzTable Find(string name) => Tables.FirstOrDefault(table => table.Name == name) ?? Tables[0];

    public static async Task<FuzzModel> OfAsync(HttpClient http)
    {
        var answer = await http.ReadAsync(
            "EntityDefinitions?$select=LogicalName,EntitySetName&$expand=Attributes($select=LogicalName,AttributeType),ManyToOneRelationships($select=ReferencingEntityNavigationPropertyName,ReferencedEntity)," +
            "OneToManyRelationships($select=ReferencedEntityNavigationPropertyName,ReferencingEntity),ManyToManyRelationships($select=Entity1LogicalName,Entity2LogicalName,Entity1NavigationPropertyName,Entity2NavigationPropertyName)");
        return new FuzzModel([.. answer.Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray().Where(table => Text(table, "EntitySetName").Length > 0).Select(TableOf)]);
    }

    /// <summary>Makes the rows that cases speak of.</summary>
    public static async Task SeedAsync(HttpClient http)
    {
        for (var row = 0; row < Rows; row++)
        {
            var id = Id(row);
            (await http.CreateAsync("accounts", new { accountid = id, name = $"Account {row}", revenue = row * 1000, numberofemployees = row })).Demand(HttpStatusCode.NoContent);
            (await http.CreateAsync("contacts", new Dictionary<string, object> { ["contactid"] = id, ["lastname"] = $"Kim {row}", ["parentcustomerid_account@odata.bind"] = $"/accounts({id})" })).Demand(HttpStatusCode.NoContent);
            (await http.CreateAsync("tasks", new Dictionary<string, object> { ["activityid"] = id, ["subject"] = $"Task {row}", ["regardingobjectid_account_task@odata.bind"] = $"/accounts({id})" })).Demand(HttpStatusCode.NoContent);
            (await http.CreateAsync("tst_tags", new { tst_tagid = id, tst_name = $"Tag {row}" })).Demand(HttpStatusCode.NoContent);
            (await http.CreateAsync("tst_things", new Dictionary<string, object> { ["tst_thingid"] = id, ["tst_name"] = $"Thing {row}", ["tst_code"] = $"c{row}", ["tst_tagid@odata.bind"] = $"/tst_tags({id})" })).Demand(HttpStatusCode.NoContent);
            (await http.CreateAsync($"tst_things({id})/tst_thing_tags/$ref", new Dictionary<string, object> { ["@odata.id"] = $"{http.BaseAddress}tst_tags({id})" })).Demand(HttpStatusCode.NoContent);
        }
    }

    private static FuzzTable TableOf(JsonElement table)
    {
        var name = Text(table, "LogicalName");
        var navigations = table.GetProperty("ManyToOneRelationships").EnumerateArray().Select(one => new FuzzNavigation(Text(one, "ReferencingEntityNavigationPropertyName"), Text(one, "ReferencedEntity"), false))
            .Concat(table.GetProperty("OneToManyRelationships").EnumerateArray().Select(many => new FuzzNavigation(Text(many, "ReferencedEntityNavigationPropertyName"), Text(many, "ReferencingEntity"), true)))
            .Concat(table.GetProperty("ManyToManyRelationships").EnumerateArray().Select(pair => Text(pair, "Entity1LogicalName") == name
                ? new FuzzNavigation(Text(pair, "Entity1NavigationPropertyName"), Text(pair, "Entity2LogicalName"), true)
                : new FuzzNavigation(Text(pair, "Entity2NavigationPropertyName"), Text(pair, "Entity1LogicalName"), true)));
        return new FuzzTable(
            name, Text(table, "EntitySetName"),
            [.. table.GetProperty("Attributes").EnumerateArray().Select(column => new FuzzColumn(Text(column, "LogicalName"), Text(column, "AttributeType"))).OrderBy(column => column.Name, StringComparer.Ordinal)],
            [.. navigations.Where(navigation => navigation.Name.Length > 0).OrderBy(navigation => navigation.Name, StringComparer.Ordinal)],
            Playground.Contains(name));
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";
}
