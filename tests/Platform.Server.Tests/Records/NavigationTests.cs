using System.Net;
using System.Net.Http.Json;
using System.Xml.Linq;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

/// <summary>Rows and links behind a row, over HTTP and on both databases.</summary>
public abstract class NavigationTests(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: new ProjectPack().WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_row_is_made_in_the_collection_of_another_one_that_it_then_belongs_to()
    {
        var project = (await Http.CreateAsync("tst_projects", new { tst_name = "P" })).Demand(HttpStatusCode.NoContent).EntityId;

        var task = (await Http.CreateAsync($"tst_projects({project})/tst_project_tasks?$select=tst_name,_tst_projectid_value", new { tst_name = "T" }, ("Prefer", "return=representation"))).Demand(HttpStatusCode.Created);
        Assert.Equal(("T", project), (task.Body.GetProperty("tst_name").GetString(), task.Body.GetProperty("_tst_projectid_value").GetGuid()));
        Assert.Contains("/tst_tasks(", task.Response.Headers.Location!.ToString(), StringComparison.Ordinal);
        (await Http.CreateAsync($"tst_projects({project})/tst_project_tags", new { tst_name = "new" })).Demand(HttpStatusCode.NoContent);
        var later = (await Http.CreateAsync($"tst_projects({project})/tst_successors", new { tst_name = "Q" })).Demand(HttpStatusCode.NoContent).EntityId;

        Assert.Equal(["new"], await NamesAsync($"tst_projects({project})/tst_project_tags?$select=tst_name"));
        Assert.Equal(["P"], await NamesAsync($"tst_projects({later})/tst_predecessors?$select=tst_name"));
        (await Http.CreateAsync($"tst_projects({Guid.CreateVersion7()})/tst_project_tasks", new { tst_name = "T" })).Demand(HttpStatusCode.BadRequest);
        (await Http.CreateAsync($"tst_projects({project})/tst_accountid", new { name = "A" })).Demand(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Tags_are_tied_listed_counted_and_untied_by_links()
    {
        var project = await CreateAsync("tst_projects", "P");
        var tags = new List<Guid>();
        foreach (var name in (string[])["red", "green", "blue"]) tags.Add(await CreateAsync("tst_tags", name));
        await CreateAsync("tst_tags", "untied");

        foreach (var tag in tags) (await LinkAsync(HttpMethod.Post, $"tst_projects({project})/tst_project_tags/$ref", $"{Http.BaseAddress}tst_tags({tag})")).Demand(HttpStatusCode.NoContent);
        (await LinkAsync(HttpMethod.Post, $"tst_projects({project})/tst_project_tags/$ref", $"tst_tags({tags[0]})")).Demand(HttpStatusCode.NoContent);

        Assert.Equal(["blue", "green", "red"], await NamesAsync($"tst_projects({project})/tst_project_tags?$select=tst_name&$orderby=tst_name"));
        Assert.Equal(["green", "red"], await NamesAsync($"tst_projects({project})/tst_project_tags?$select=tst_name&$orderby=tst_name&$filter=contains(tst_name,'re')"));
        Assert.Equal(["P"], await NamesAsync($"tst_tags({tags[1]})/tst_project_tags?$select=tst_name"));
        Assert.Equal("3", (await Http.ReadAsync($"tst_projects({project})/tst_project_tags/$count")).Demand(HttpStatusCode.OK).Text);
        Assert.Equal("1", (await Http.ReadAsync($"tst_projects({project})/tst_project_tags/$count?$filter=tst_name eq 'red'")).Demand(HttpStatusCode.OK).Text);

        var links = (await Http.ReadAsync($"tst_projects({project})/tst_project_tags/$ref")).Demand(HttpStatusCode.OK).Body;
        Assert.EndsWith("$metadata#Collection($ref)", links.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.Equal(tags.Select(tag => $"{Http.BaseAddress}tst_tags({tag})").Order(), links.GetProperty("value").EnumerateArray().Select(link => link.GetProperty("@odata.id").GetString()!).Order());

        (await Http.RemoveAsync($"tst_projects({project})/tst_project_tags({tags[0]})/$ref")).Demand(HttpStatusCode.NoContent);
        (await Http.RemoveAsync($"tst_projects({project})/tst_project_tags/$ref?$id={Uri.EscapeDataString($"{Http.BaseAddress}tst_tags({tags[1]})")}")).Demand(HttpStatusCode.NoContent);
        Assert.Equal(["blue"], await NamesAsync($"tst_projects({project})/tst_project_tags?$select=tst_name"));
        (await Http.ReadAsync($"tst_tags({tags[0]})?$select=tst_name")).Demand(HttpStatusCode.OK);
        var pair = (await Http.ReadAsync("tst_project_tagset?$select=_tst_tagid_value")).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray().Single();
        Assert.Equal(tags[2], pair.GetProperty("_tst_tagid_value").GetGuid());
    }

    [Fact]
    public async Task A_collection_is_read_in_pages_whose_links_stay_in_it()
    {
        var project = await CreateAsync("tst_projects", "P");
        for (var at = 0; at < 5; at++)
            (await Http.CreateAsync("tst_tasks", new Dictionary<string, object> { ["tst_name"] = $"T{at}", ["tst_projectid@odata.bind"] = $"/tst_projects({project})" })).Demand(HttpStatusCode.NoContent);
        await CreateAsync("tst_tasks", "Elsewhere");

        var names = new List<string>();
        string? next = $"tst_projects({project})/tst_project_tasks?$select=tst_name&$orderby=tst_name desc&$count=true";
        while (next is not null)
        {
            var page = (await Http.ReadAsync(next, ("Prefer", "odata.maxpagesize=2"))).Demand(HttpStatusCode.OK).Body;
            Assert.Equal(5, page.GetProperty("@odata.count").GetInt32());
            names.AddRange(page.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("tst_name").GetString()!));
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        Assert.Equal(["T4", "T3", "T2", "T1", "T0"], names);
    }

    [Fact]
    public async Task A_lookup_is_set_read_and_emptied_by_its_navigation_property()
    {
        var (project, task) = (await CreateAsync("tst_projects", "P"), await CreateAsync("tst_tasks", "T"));
        (await Http.ReadAsync($"tst_tasks({task})/tst_projectid")).Demand(HttpStatusCode.NoContent);

        (await LinkAsync(HttpMethod.Put, $"tst_tasks({task})/tst_projectid/$ref", $"/tst_projects({project})")).Demand(HttpStatusCode.NoContent);
        Assert.Equal("P", (await Http.ReadAsync($"tst_tasks({task})/tst_projectid?$select=tst_name")).Demand(HttpStatusCode.OK).Body.GetProperty("tst_name").GetString());
        var link = (await Http.ReadAsync($"tst_tasks({task})/tst_projectid/$ref")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal($"{Http.BaseAddress}tst_projects({project})", link.GetProperty("@odata.id").GetString());
        Assert.Equal("Administrator", (await Http.ReadAsync($"tst_tasks({task})/ownerid?$select=fullname")).Demand(HttpStatusCode.OK).Body.GetProperty("fullname").GetString());

        (await Http.RemoveAsync($"tst_tasks({task})/tst_projectid/$ref")).Demand(HttpStatusCode.NoContent);
        (await Http.ReadAsync($"tst_tasks({task})/tst_projectid")).Demand(HttpStatusCode.NoContent);
        (await LinkAsync(HttpMethod.Post, $"tst_projects({project})/tst_project_tasks/$ref", $"tst_tasks({task})")).Demand(HttpStatusCode.NoContent);
        (await Http.RemoveAsync($"tst_projects({project})/tst_project_tasks({task})/$ref")).Demand(HttpStatusCode.NoContent);
        Assert.Equal("0", (await Http.ReadAsync($"tst_projects({project})/tst_project_tasks/$count")).Demand(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task A_collection_holds_what_the_caller_may_read_of_a_row_that_the_caller_may_read()
    {
        var (project, tag) = (await CreateAsync("tst_projects", "P"), await CreateAsync("tst_tags", "red"));
        (await LinkAsync(HttpMethod.Post, $"tst_projects({project})/tst_project_tags/$ref", $"tst_tags({tag})")).Demand(HttpStatusCode.NoContent);
        await server.AddUserAsync("anna", "Worker");
        using var anna = new HttpClient { BaseAddress = Http.BaseAddress };
        anna.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("anna"));

        (await anna.ReadAsync($"tst_projects({project})/tst_project_tags")).Demand(HttpStatusCode.NotFound);
        (await anna.ReadAsync($"tst_projects({project})/tst_project_tags/$count")).Demand(HttpStatusCode.NotFound);
        var seen = (await anna.ReadAsync($"tst_tags({tag})/tst_project_tags")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(0, seen.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task What_does_not_fit_a_navigation_property_is_refused()
    {
        var (project, tag) = (await CreateAsync("tst_projects", "P"), await CreateAsync("tst_tags", "red"));

        (await Http.RemoveAsync($"tst_projects({project})/tst_project_tags/$ref")).Demand(HttpStatusCode.BadRequest);
        (await LinkAsync(HttpMethod.Post, $"tst_projects({project})/tst_project_tags/$ref", $"tst_projects({project})")).Demand(HttpStatusCode.BadRequest);
        (await LinkAsync(HttpMethod.Post, $"tst_projects({project})/tst_project_tags/$ref", "nonsense")).Demand(HttpStatusCode.BadRequest);
        (await Http.AskAsync(HttpMethod.Post, $"tst_projects({project})/tst_project_tags/$ref", JsonContent.Create(new { x = 1 }))).Demand(HttpStatusCode.BadRequest);
        (await LinkAsync(HttpMethod.Put, $"tst_projects({project})/tst_project_tags/$ref", $"tst_tags({tag})")).Demand(HttpStatusCode.MethodNotAllowed);
        (await LinkAsync(HttpMethod.Post, $"tst_projects({project})/ownerid_systemuser/$ref", $"systemusers({tag})")).Demand(HttpStatusCode.MethodNotAllowed);
        (await Http.ReadAsync($"tst_projects({project})/nothing")).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync($"tst_projects({tag})/tst_project_tags")).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync($"tst_projects({project})/tst_project_tags?$filter=nosuch eq 1")).Demand(HttpStatusCode.BadRequest);
        Assert.Equal("0", (await Http.ReadAsync("tst_project_tagset/$count")).Demand(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Metadata_tells_of_both_navigation_properties()
    {
        var document = XDocument.Parse((await Http.ReadAsync("$metadata")).Demand(HttpStatusCode.OK).Text);

        Assert.Equal((".tst_tag)", "tst_project_tags"), Described("tst_project", "tst_project_tags"));
        Assert.Equal((".tst_project)", "tst_project_tags"), Described("tst_tag", "tst_project_tags"));
        Assert.Equal((".tst_project)", "tst_predecessors"), Described("tst_project", "tst_successors"));
        Assert.Equal((".role)", "systemuserroles_association"), Described("systemuser", "systemuserroles_association"));
        var set = Named("EntitySet", "systemusers").Elements().Single(binding => binding.Attribute("Path")?.Value == "systemuserroles_association");
        Assert.Equal("roles", set.Attribute("Target")?.Value);

        XElement Named(string element, string name) => document.Descendants().Single(found => found.Name.LocalName == element && found.Attribute("Name")?.Value == name);

        (string Type, string? Partner) Described(string entity, string navigation)
        {
            var property = Named("EntityType", entity).Elements().Single(found => found.Name.LocalName == "NavigationProperty" && found.Attribute("Name")?.Value == navigation);
            var type = property.Attribute("Type")!.Value;
            return (type[type.LastIndexOf('.')..], property.Attribute("Partner")?.Value);
        }
    }

    private async Task<Guid> CreateAsync(string set, string name) => (await Http.CreateAsync(set, new { tst_name = name })).Demand(HttpStatusCode.NoContent).EntityId;

    private Task<Answer> LinkAsync(HttpMethod method, string path, string link) =>
        Http.AskAsync(method, path, JsonContent.Create(new Dictionary<string, string> { ["@odata.id"] = link }));

    private async Task<IEnumerable<string>> NamesAsync(string path) =>
        (await Http.ReadAsync(path)).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("tst_name").GetString()!).ToArray();
}

public sealed class SqliteNavigation() : NavigationTests(TestDatabase.Sqlite);

public sealed class PostgreSqlNavigation() : NavigationTests(TestDatabase.PostgreSql);
