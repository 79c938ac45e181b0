using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>Custom APIs of a pack, called over HTTP on each database.</summary>
public abstract class ApiTests(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: folder => ApiPack.Make().WriteTo(folder));

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Every_type_goes_in_and_comes_out_as_it_was_in_both_languages()
    {
        var (project, account) = (await ProjectAsync("one"), await AccountAsync());
        var id = Guid.CreateVersion7();
        var body = new Dictionary<string, object>
        {
            ["Flag"] = true, ["Time"] = "2026-03-01T08:30:00+09:00", ["Rate"] = 12.5, ["Share"] = 0.25, ["Number"] = -7, ["Big"] = 9007199254740993L, ["Amount"] = 99.99,
            ["Kind"] = 2, ["Text"] = "값 'x'", ["Texts"] = new[] { "a", "b" }, ["Id"] = id, ["Reference"] = Typed("account", ("accountid", account)),
            ["Row"] = new Dictionary<string, object> { ["tst_name"] = "not written", ["tst_no"] = 3, ["tst_accountid@odata.bind"] = $"/accounts({account})" },
            ["Rows"] = new[] { Typed("tst_project", ("tst_projectid", project), ("tst_name", "one")), Typed("account", ("name", "Contoso")) },
            ["Object"] = Typed("expando", ("deep", new { number = 5, list = new[] { 1, 2 } })),
        };
        foreach (var api in new[] { "tst_EchoCs", "tst_EchoJs" })
        {
            var sent = new Dictionary<string, object>(body);
            // JavaScript's numbers end at 2^53.
            if (api == "tst_EchoJs") sent["Big"] = 9007199254740991L;
            var answer = (await CallAsync(Http, api, sent)).Demand(HttpStatusCode.OK).Body;
            Assert.EndsWith($"$metadata#Microsoft.Dynamics.CRM.{api}Response", Text(answer, "@odata.context"), StringComparison.Ordinal);
            Assert.Equal((true, "2026-02-28T23:30:00Z", 12.5m, 0.25, -7), (answer.GetProperty("Flag").GetBoolean(), Text(answer, "Time"), answer.GetProperty("Rate").GetDecimal(), answer.GetProperty("Share").GetDouble(), answer.GetProperty("Number").GetInt32()));
            Assert.Equal((sent["Big"], 99.99m, 2, "값 'x'", id), (answer.GetProperty("Big").GetInt64(), answer.GetProperty("Amount").GetDecimal(), answer.GetProperty("Kind").GetInt32(), Text(answer, "Text"), answer.GetProperty("Id").GetGuid()));
            Assert.Equal(["a", "b"], answer.GetProperty("Texts").EnumerateArray().Select(text => text.GetString()!));
            Assert.Equal(("#Microsoft.Dynamics.CRM.account", account), (Text(answer.GetProperty("Reference"), "@odata.type"), answer.GetProperty("Reference").GetProperty("accountid").GetGuid()));
            Assert.Equal(("not written", 3, account), (Text(answer.GetProperty("Row"), "tst_name"), answer.GetProperty("Row").GetProperty("tst_no").GetInt32(), answer.GetProperty("Row").GetProperty("_tst_accountid_value").GetGuid()));
            Assert.Equal(["#Microsoft.Dynamics.CRM.tst_project one", "#Microsoft.Dynamics.CRM.account Contoso"], answer.GetProperty("Rows").EnumerateArray().Select(row => $"{Text(row, "@odata.type")} {(row.TryGetProperty("tst_name", out var name) ? name : row.GetProperty("name"))}"));
            Assert.Equal("5 [1,2]", $"{answer.GetProperty("Object").GetProperty("deep").GetProperty("number")} {answer.GetProperty("Object").GetProperty("deep").GetProperty("list").GetRawText()}");
        }

        // Compressed it is read as well, and what is broken is none of it.
        using var compressed = new ByteArrayContent(Gzip("""{"Number":7}""")) { Headers = { { "Content-Encoding", "gzip" }, { "Content-Type", "application/json" } } };
        Assert.Equal(7, (await Http.AskAsync(HttpMethod.Post, "tst_EchoCs", compressed)).Demand(HttpStatusCode.OK).Body.GetProperty("Number").GetInt32());
        using var broken = new ByteArrayContent([1, 2, 3]) { Headers = { { "Content-Encoding", "gzip" }, { "Content-Type", "application/json" } } };
        (await Http.AskAsync(HttpMethod.Post, "tst_EchoCs", broken)).Demand(HttpStatusCode.BadRequest);

        // Left out they are absent; an API that answers with nothing answers with no content.
        (await CallAsync(Http, "tst_EchoCs", new { })).Demand(HttpStatusCode.NoContent);
        (await Http.AskAsync(HttpMethod.Post, "tst_Event", null)).Demand(HttpStatusCode.NoContent);
        Assert.Equal(JsonValueKind.Null, (await CallAsync(Http, "tst_EchoCs", new { Number = 1 })).Demand(HttpStatusCode.OK).Body.GetProperty("Text").ValueKind);
    }

    [Fact]
    public async Task A_function_takes_its_parameters_from_the_url()
    {
        var account = await AccountAsync();
        var id = Guid.CreateVersion7();
        var call = $"tst_EchoOfUrl(Flag=true,Time=2026-03-01T08:30:00Z,Rate=12.5,Share=1e-3,Number=-7,Big=9007199254740993,Amount=99.99,Kind=2,Text=@t,Texts=@l,Id={id},Reference=@r)"
            + $"?@t='it''s, (ok)/?'&@l=['a','b']&@r={{'@odata.id':'accounts({account})'}}";
        var answer = (await Http.ReadAsync(call)).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((true, "2026-03-01T08:30:00Z", 12.5m, 0.001, -7), (answer.GetProperty("Flag").GetBoolean(), Text(answer, "Time"), answer.GetProperty("Rate").GetDecimal(), answer.GetProperty("Share").GetDouble(), answer.GetProperty("Number").GetInt32()));
        Assert.Equal((9007199254740993, "it's, (ok)/?", id, account), (answer.GetProperty("Big").GetInt64(), Text(answer, "Text"), answer.GetProperty("Id").GetGuid(), answer.GetProperty("Reference").GetProperty("accountid").GetGuid()));
        (await Http.ReadAsync("tst_EchoOfUrl()")).Demand(HttpStatusCode.NoContent);
        (await Http.ReadAsync("tst_EchoOfUrl")).Demand(HttpStatusCode.NoContent);

        foreach (var name in new[] { "ab", "ac", "x" }) await ProjectAsync(name);
        Assert.Equal(2, (await Http.ReadAsync("tst_projects/Microsoft.Dynamics.CRM.tst_Count(Prefix='a')")).Demand(HttpStatusCode.OK).Body.GetProperty("Count").GetInt32());
        (await Http.ReadAsync("tst_projects/Microsoft.Dynamics.CRM.tst_Count(Prefix='a')?$top=1")).Demand(HttpStatusCode.NotImplemented);
        foreach (var wrong in new[] { "tst_EchoOfUrl(Number=1.5)", "tst_EchoOfUrl(Number='1')", "tst_EchoOfUrl(Text=1)", "tst_EchoOfUrl(Flag=yes)", "tst_EchoOfUrl(Time=soon)", "tst_EchoOfUrl(Id=1)", "tst_EchoOfUrl(Nothing=1)", "tst_projects/Microsoft.Dynamics.CRM.tst_Count(Prefix=@p)", "tst_projects/Microsoft.Dynamics.CRM.tst_Count()" })
            Assert.Equal((wrong, HttpStatusCode.BadRequest), (wrong, (await Http.ReadAsync(wrong)).Status));
    }

    [Fact]
    public async Task A_bound_action_runs_its_stages_in_one_transaction_and_leaves_nothing_when_it_is_rejected()
    {
        var id = await ProjectAsync("open");
        var path = $"tst_projects({id})/Microsoft.Dynamics.CRM.tst_CloseProject";

        var done = (await CallAsync(Http, path, new { Reason = "won", Tasks = 2 })).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(("tst_CloseProject 10 closed it!", id), (Text(done, "Sentence"), done.GetProperty("Id").GetGuid()));
        Assert.Equal(("closed: won", 2), await StateAsync(id));

        var rejected = (await CallAsync(Http, path, new { Reason = "too late", Tasks = 5 })).Demand(HttpStatusCode.BadRequest);
        Assert.Equal("It is too late.", rejected.ErrorMessage);
        Assert.Equal("Say why.", (await CallAsync(Http, path, new { Reason = "" })).Demand(HttpStatusCode.BadRequest).ErrorMessage);
        Assert.Equal(("closed: won", 2), await StateAsync(id));

        // In a batch, with what else happens, all or none.
        var batch = new { requests = new object[]
        {
            new { id = "1", atomicityGroup = "g", method = "post", url = path, body = new { Reason = "batch", Tasks = 1 } },
            new { id = "2", atomicityGroup = "g", method = "post", url = path, body = new { Reason = "too late" } },
        } };
        (await CallAsync(Http, "$batch", batch)).Demand(HttpStatusCode.BadRequest);
        Assert.Equal(("closed: won", 2), await StateAsync(id));
    }

    [Fact]
    public async Task A_function_that_writes_is_refused_and_nothing_is_written()
    {
        var id = await ProjectAsync("quiet");
        var refused = (await Http.ReadAsync($"tst_projects({id})/Microsoft.Dynamics.CRM.tst_Sneak()")).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("'tst_Sneak' only reads", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(("quiet", 0), await StateAsync(id));
    }

    [Fact]
    public async Task A_single_property_of_rows_is_the_answer_itself()
    {
        (await Http.ReadAsync("tst_Newest()")).Demand(HttpStatusCode.NoContent);
        var account = await AccountAsync();
        var id = (await Http.CreateAsync("tst_projects", new Dictionary<string, object> { ["tst_name"] = "newest", ["tst_rate"] = 1.25, ["tst_accountid@odata.bind"] = $"/accounts({account})" })).Demand(HttpStatusCode.NoContent).EntityId;

        var row = (await Http.ReadAsync("tst_Newest()")).Demand(HttpStatusCode.OK).Body;
        Assert.EndsWith("$metadata#tst_projects/$entity", Text(row, "@odata.context"), StringComparison.Ordinal);
        Assert.Equal((id, "newest", 1.25m, account), (row.GetProperty("tst_projectid").GetGuid(), Text(row, "tst_name"), row.GetProperty("tst_rate").GetDecimal(), row.GetProperty("_tst_accountid_value").GetGuid()));

        var rows = (await CallAsync(Http, $"tst_projects({id})/Microsoft.Dynamics.CRM.tst_Relatives", new { })).Demand(HttpStatusCode.OK).Body;
        Assert.EndsWith("$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)", Text(rows, "@odata.context"), StringComparison.Ordinal);
        Assert.Equal([$"{id}", $"{account}"], rows.GetProperty("value").EnumerateArray().Select(found => (found.TryGetProperty("tst_projectid", out var key) ? key : found.GetProperty("accountid")).GetString()!));
    }

    [Fact]
    public async Task Rights_are_those_of_the_caller_for_the_api_its_row_and_what_its_scripts_do()
    {
        var id = await ProjectAsync("of the administrator");
        await server.AddUserAsync("worker", "Worker");
        await server.AddUserAsync("nobody", null);
        using var worker = await server.ClientAsync("worker");
        using var nobody = await server.ClientAsync("nobody");
        var own = (await worker.CreateAsync("tst_projects", new { tst_name = "own" })).Demand(HttpStatusCode.NoContent).EntityId;

        // A private API is not shown, and asks for the same rights by whatever way it is called.
        Assert.True((await CallAsync(Http, "tst_Guarded", new { })).Demand(HttpStatusCode.OK).Body.GetProperty("Ok").GetBoolean());
        (await CallAsync(worker, "tst_Guarded", new { })).Demand(HttpStatusCode.Forbidden);
        var outer = (await CallAsync(Http, "tst_Outer", new { Api = "tst_Guarded" })).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("tst_Guarded True 1", $"{outer.GetProperty("of")} {outer.GetProperty("answer").GetProperty("Ok")} {outer.GetProperty("state")}");
        (await CallAsync(worker, "tst_Outer", new { Api = "tst_Guarded" })).Demand(HttpStatusCode.Forbidden);
        (await CallAsync(Http, "tst_Outer", new { Api = "tst_Nothing" })).Demand(HttpStatusCode.BadRequest);
        Assert.Equal(1, (await Http.ReadAsync("tst_projects?$filter=tst_name eq 'outer'&$count=true")).Demand(HttpStatusCode.OK).Body.GetProperty("@odata.count").GetInt32());

        (await CallAsync(worker, $"tst_projects({own})/Microsoft.Dynamics.CRM.tst_CloseProject", new { Reason = "mine" })).Demand(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync(worker, $"tst_projects({id})/Microsoft.Dynamics.CRM.tst_CloseProject", new { Reason = "not mine" })).Status);
        Assert.Equal(1, (await worker.ReadAsync("tst_projects/Microsoft.Dynamics.CRM.tst_Count(Prefix='')")).Demand(HttpStatusCode.OK).Body.GetProperty("Count").GetInt32());
        (await CallAsync(nobody, $"tst_projects({id})/Microsoft.Dynamics.CRM.tst_CloseProject", new { Reason = "x" })).Demand(HttpStatusCode.Forbidden);
        (await nobody.ReadAsync("tst_projects/Microsoft.Dynamics.CRM.tst_Count(Prefix='')")).Demand(HttpStatusCode.Forbidden);
        (await CallAsync(server.Anonymous, $"{Http.BaseAddress}tst_Event", new { })).Demand(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Wrong_calls_are_refused_in_words()
    {
        var id = await ProjectAsync("one");
        var bound = $"tst_projects({id})/Microsoft.Dynamics.CRM.";
        foreach (var (path, body, status, words) in new (string, object, HttpStatusCode, string)[]
        {
            ("tst_EchoCs", new { Number = "7" }, HttpStatusCode.BadRequest, "'Number'"),
            ("tst_EchoCs", new { Number = 7.5 }, HttpStatusCode.BadRequest, "Edm.Int32"),
            ("tst_EchoCs", new { Flag = 1 }, HttpStatusCode.BadRequest, "'Flag'"),
            ("tst_EchoCs", new { Time = "soon" }, HttpStatusCode.BadRequest, "'Time'"),
            ("tst_EchoCs", new { Texts = new object[] { 1 } }, HttpStatusCode.BadRequest, "Collection(Edm.String)"),
            ("tst_EchoCs", new { Reference = "accounts" }, HttpStatusCode.BadRequest, "'Reference' names no row"),
            ("tst_EchoCs", new { Row = new { tst_nothing = 1 } }, HttpStatusCode.BadRequest, "'tst_nothing'"),
            ("tst_EchoCs", new { Row = Typed("account", ("name", "x")) }, HttpStatusCode.BadRequest, "account"),
            ("tst_EchoCs", new { Rows = new { } }, HttpStatusCode.BadRequest, "'Rows'"),
            ("tst_EchoCs", new { Rows = new object[] { 5 } }, HttpStatusCode.BadRequest, "'Rows'"),
            ("tst_EchoCs", new { Nothing = 1 }, HttpStatusCode.BadRequest, "'Nothing'"),
            ("tst_EchoCs", new { Text = "\0" }, HttpStatusCode.BadRequest, "'Text'"),
            ("tst_Wrong", new { }, HttpStatusCode.BadRequest, "'Number'"),
            (bound + "tst_CloseProject", new { }, HttpStatusCode.BadRequest, "'Reason' is missing"),
            (bound + "tst_CloseProject", new { Reason = "x", Target = 1 }, HttpStatusCode.BadRequest, "'Target'"),
            ($"tst_projects({Guid.CreateVersion7()})/Microsoft.Dynamics.CRM.tst_CloseProject", new { Reason = "x" }, HttpStatusCode.NotFound, "Does Not Exist"),
            ("tst_CloseProject", new { Reason = "x" }, HttpStatusCode.NotFound, "tst_CloseProject"),
            ("tst_projects/Microsoft.Dynamics.CRM.tst_CloseProject", new { Reason = "x" }, HttpStatusCode.NotFound, "tst_CloseProject"),
            ($"accounts({await AccountAsync()})/Microsoft.Dynamics.CRM.tst_CloseProject", new { Reason = "x" }, HttpStatusCode.NotFound, "tst_CloseProject"),
            (bound + "tst_EchoCs", new { }, HttpStatusCode.NotFound, "tst_EchoCs"),
            ("tst_echocs", new { }, HttpStatusCode.NotFound, "tst_echocs"),
            ("tst_EchoCs(Number=1)", new { }, HttpStatusCode.NotFound, "tst_EchoCs"),
        })
        {
            var answer = await CallAsync(Http, path, body);
            Assert.Equal((path, status), (path, answer.Status));
            Assert.Contains(words, answer.ErrorMessage, StringComparison.Ordinal);
        }
        Assert.Equal("POST", (await Http.ReadAsync("tst_EchoCs")).Demand(HttpStatusCode.MethodNotAllowed).Response.Content.Headers.Allow.Single());
        Assert.Contains("GET", (await CallAsync(Http, "tst_Newest()", new { })).Demand(HttpStatusCode.MethodNotAllowed).Response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Metadata_and_openapi_list_what_is_not_private()
    {
        var xml = XDocument.Parse(await Http.GetStringAsync("$metadata"));
        XElement Element(string kind, string name) => Assert.Single(xml.Descendants(), element => element.Name.LocalName == kind && (string?)element.Attribute("Name") == name);
        var close = Element("Action", "tst_CloseProject");
        Assert.Equal("true", (string?)close.Attribute("IsBound"));
        Assert.Equal(["entity mscrm.tst_project", "Reason Edm.String", "Tasks Edm.Int32"], close.Elements().Where(element => element.Name.LocalName == "Parameter").Select(parameter => $"{(string?)parameter.Attribute("Name")} {((string?)parameter.Attribute("Type"))!.Replace("Microsoft.Dynamics.CRM", "mscrm", StringComparison.Ordinal)}"));
        Assert.Equal(2, Element("ComplexType", "tst_CloseProjectResponse").Elements().Count());
        Assert.NotNull(Element("ActionImport", "tst_EchoCs"));
        Assert.NotNull(Element("FunctionImport", "tst_Newest"));
        Assert.EndsWith(".tst_project", (string?)Element("Function", "tst_Newest").Elements().Single(element => element.Name.LocalName == "ReturnType").Attribute("Type"), StringComparison.Ordinal);
        Assert.DoesNotContain(xml.Descendants(), element => (string?)element.Attribute("Name") == "tst_Guarded");

        var openApi = (await Http.ReadAsync("/openapi/v1.json")).Demand(HttpStatusCode.OK).Body.GetProperty("paths");
        Assert.True(openApi.TryGetProperty("/tst_EchoCs", out _));
        Assert.False(openApi.TryGetProperty("/tst_Guarded", out _));
        var bound = openApi.GetProperty("/tst_projects({id})/Microsoft.Dynamics.CRM.tst_CloseProject").GetProperty("post");
        Assert.Equal(("Close a project", "Says how it ended.", 2), (Text(bound, "summary"), Text(bound, "description"), bound.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties").EnumerateObject().Count()));
        Assert.True(openApi.TryGetProperty("/tst_projects/Microsoft.Dynamics.CRM.tst_Count(Prefix=@Prefix)", out _));
    }

    private static Dictionary<string, object> Typed(string type, params (string Name, object Value)[] members)
    {
        var row = new Dictionary<string, object> { ["@odata.type"] = $"Microsoft.Dynamics.CRM.{type}" };
        foreach (var (name, value) in members) row[name] = value;
        return row;
    }

    // Parameters are named as they are written, not as .NET's clients would spell them.
    private static Task<Answer> CallAsync(HttpClient http, string path, object body) => http.CallAsync(path, JsonSerializer.Serialize(body));

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private async Task<Guid> ProjectAsync(string name) => (await Http.CreateAsync("tst_projects", new { tst_name = name })).Demand(HttpStatusCode.NoContent).EntityId;

    private async Task<Guid> AccountAsync() => (await Http.CreateAsync("accounts", new { name = "Contoso" })).Demand(HttpStatusCode.NoContent).EntityId;

    /// <summary>Name of a project, and how many tasks it has.</summary>
    private async Task<(string? Name, int Tasks)> StateAsync(Guid id)
    {
        var row = (await Http.ReadAsync($"tst_projects({id})?$select=tst_name&$expand=tst_project_tasks($select=tst_name)")).Demand(HttpStatusCode.OK).Body;
        return (Text(row, "tst_name"), row.GetProperty("tst_project_tasks").GetArrayLength());
    }
}

public sealed class SqliteApiTests() : ApiTests(TestDatabase.Sqlite);

public sealed class PostgreSqlApiTests() : ApiTests(TestDatabase.PostgreSql);
