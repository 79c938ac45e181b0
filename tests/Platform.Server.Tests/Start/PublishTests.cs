using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

/// <summary>A consultant publishes on a running server with the <c>platform</c> command, as a process.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public sealed class PublishTests : IAsyncLifetime
{
    private readonly TestFolder work = new();
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(packs: folder => Things().WriteTo(folder));
        Things().WriteTo(work.Path);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        work.Dispose();
    }

    [Fact]
    public async Task What_a_pack_no_longer_has_is_parked_and_a_rollback_brings_it_back()
    {
        (await Http.CreateAsync("tst_things", new { tst_name = "one", tst_number = 7 })).Demand(HttpStatusCode.NoContent);
        var entity = work["things/entities/tst_thing/entity.json"];
        await File.WriteAllTextAsync(entity, (await File.ReadAllTextAsync(entity)).Replace(""","tst_number":{"type":"integer","title":"Number"}""", "", StringComparison.Ordinal));

        var (planned, plan) = await RunAsync("pack", "plan", work["things"]);
        Assert.True(planned == 0, plan);
        Assert.Contains("- attribute/tst_thing/tst_number (things)", plan, StringComparison.Ordinal);
        Assert.Contains("attribute/tst_thing/tst_number: 1 row\n", plan, StringComparison.Ordinal);
        (await Http.ReadAsync("tst_things?$select=tst_number")).Demand(HttpStatusCode.OK);

        var (applied, told) = await RunAsync("pack", "apply", work["things"], "--yes");
        Assert.True(applied == 0, told);
        (await Http.ReadAsync("tst_things?$select=tst_number")).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("attribute/tst_thing/tst_number", (await RunAsync("metadata", "parked")).Output, StringComparison.Ordinal);

        var (back, answer) = await RunAsync("pack", "rollback", "1", "--yes");
        Assert.True(back == 0, answer);
        var rows = (await Http.ReadAsync("tst_things?$select=tst_number")).Demand(HttpStatusCode.OK);
        Assert.Equal(7, rows.Body.GetProperty("value")[0].GetProperty("tst_number").GetInt32());
    }

    [Fact]
    public async Task What_is_wrong_is_told_with_its_place_and_nothing_is_published()
    {
        await File.WriteAllTextAsync(work["things/entities/tst_thing/entity.json"], "{ \"title\": ");

        var (code, output) = await RunAsync("pack", "apply", work["things"], "--yes");

        Assert.Equal(1, code);
        Assert.Contains("tst_thing/entity.json#1:", output, StringComparison.Ordinal);
        Assert.Single(JsonSerializer.Deserialize<JsonElement>((await RunAsync("metadata", "versions", "--json")).Output).EnumerateArray());
    }

    [Fact]
    public async Task An_export_has_the_files_that_were_applied()
    {
        var (code, output) = await RunAsync("pack", "export", work["out"]);

        Assert.True(code == 0, output);
        foreach (var file in Directory.EnumerateFiles(work["things"], "*", SearchOption.AllDirectories))
            Assert.Equal(await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(Path.Combine(work["out"], "things", Path.GetRelativePath(work["things"], file))));
    }

    [Fact]
    public async Task A_second_export_leaves_no_file_of_before_and_keeps_what_people_have_beside()
    {
        Assert.Equal(0, (await RunAsync("pack", "export", work["out"])).Code);
        string[] stale = ["out/things/entities/tst_gone/entity.json", "out/things/entities/tst_thing/old.js", "out/things/roles/none.json"];
        string[] kept = ["out/things/README.md", "out/things/.git/config.json", "out/things/tests/first.json", "out/other/pack.json", "out/notes.json"];
        foreach (var file in stale.Concat(kept))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(work[file])!);
            await File.WriteAllTextAsync(work[file], "{}");
        }

        var (code, output) = await RunAsync("pack", "export", work["out"], "--json");

        Assert.True(code == 0, output);
        Assert.Contains(JsonSerializer.Deserialize<JsonElement>(output).EnumerateArray(), folder => folder.GetString() == work["out/things"]);
        Assert.All(stale, file => Assert.False(File.Exists(work[file]), file));
        Assert.All(kept, file => Assert.True(File.Exists(work[file]), file));
        Assert.False(Directory.Exists(work["out/things/roles"]));
    }

    [Fact]
    public async Task An_export_writes_neither_over_another_pack_nor_through_links()
    {
        Directory.CreateDirectory(work["out/things"]);
        await File.WriteAllTextAsync(work["out/things/pack.json"], """{ "id": "mine" }""");
        var (code, output) = await RunAsync("pack", "export", work["out"]);
        Assert.Equal(1, code);
        Assert.Contains("not the pack 'things'", output, StringComparison.Ordinal);
        Assert.Equal("""{ "id": "mine" }""", await File.ReadAllTextAsync(work["out/things/pack.json"]));

        Directory.Delete(work["out"], recursive: true);
        Directory.CreateDirectory(work["out/things"]);
        Directory.CreateDirectory(work["elsewhere"]);
        await File.WriteAllTextAsync(work["elsewhere/file"], "mine");
        Directory.CreateSymbolicLink(work["out/things/entities"], work["elsewhere"]);
        Assert.Equal(1, (await RunAsync("pack", "export", work["out"])).Code);
        Assert.Equal([work["elsewhere/file"]], Directory.EnumerateFileSystemEntries(work["elsewhere"]));

        Directory.Delete(work["out/things/entities"]);
        File.CreateSymbolicLink(work["out/things/README.md"], work["elsewhere/file"]);
        File.CreateSymbolicLink(work["out/things/pack.json"], work["things/pack.json"]);
        Assert.Equal(0, (await RunAsync("pack", "export", work["out"])).Code);
        Assert.Null(new FileInfo(work["out/things/pack.json"]).LinkTarget);
    }

    [Fact]
    public async Task Where_a_component_is_used_is_told_with_places_and_a_mistyped_one_is_guessed()
    {
        var (code, output) = await RunAsync("metadata", "where-used", "attribute/tst_thing/tst_name");
        Assert.True(code == 0, output);
        Assert.Contains("entity/tst_thing  column  things/entities/tst_thing/entity.json#/x-entity/primaryNameAttribute", output, StringComparison.Ordinal);

        var use = JsonSerializer.Deserialize<JsonElement>((await RunAsync("metadata", "where-used", "attribute/tst_thing/tst_name", "--json")).Output)[0];
        Assert.Equal(("entity/tst_thing", true), (use.GetProperty("by").GetString(), use.GetProperty("isCertain").GetBoolean()));

        (code, output) = await RunAsync("metadata", "where-used", "attribute/tst_thing/tst_nmae");
        Assert.Equal(1, code);
        Assert.Contains("attribute/tst_thing/tst_name", output, StringComparison.Ordinal);
        (await Http.ReadAsync(new Uri(server.Address, "/api/platform/where-used?component=entity/nothing").ToString())).Demand(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("versions")]
    [InlineData("where-used?component=entity/account")]
    [InlineData("parked")]
    [InlineData("packs")]
    public async Task Without_a_token_nothing_is_shown(string path) =>
        (await server.Anonymous.ReadAsync($"/api/platform/{path}")).Demand(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task Only_administrators_publish()
    {
        await server.AddUserAsync("basic", "Basic User");
        using var basic = new HttpClient { BaseAddress = server.Address };
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.TokenAsync("basic"));
        await server.AddUserAsync("nobody", role: null);
        using var nobody = new HttpClient { BaseAddress = server.Address };
        nobody.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.TokenAsync("nobody"));

        foreach (var user in new[] { basic, nobody })
        {
            foreach (var path in new[] { "plan", "apply", "customize", "purge", "builds/retry" })
            {
                using var content = new StringContent("{ \"uninstall\": [\"things\"], \"park\": true }");
                (await user.AskAsync(HttpMethod.Post, $"/api/platform/{path}", content)).Demand(HttpStatusCode.Forbidden);
            }
            using var streamed = new StringContent("{ \"uninstall\": [\"things\"], \"park\": true }");
            (await user.AskAsync(HttpMethod.Post, "/api/platform/apply", streamed, ("Accept", "application/x-ndjson"))).Demand(HttpStatusCode.Forbidden);
            foreach (var path in new[] { "versions", "parked", "packs", "components", "builds", "layers?component=entity/account", "where-used?component=entity/account" })
                (await user.ReadAsync($"/api/platform/{path}")).Demand(HttpStatusCode.Forbidden);
        }

        (await Http.ReadAsync("tst_things")).Demand(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("plan", "{ \"packs\": 3 }")]
    [InlineData("plan", "{ \"rollBackTo\": 1, \"uninstall\": [\"things\"] }")]
    [InlineData("apply", "{ \"nonsense\": true }")]
    [InlineData("apply", "null")]
    [InlineData("purge", "{ }")]
    public async Task A_body_of_another_form_is_refused(string path, string body)
    {
        using var content = new StringContent(body);

        (await Http.AskAsync(HttpMethod.Post, new Uri(server.Address, $"/api/platform/{path}").ToString(), content)).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_plan_that_somebody_outran_is_a_conflict_with_the_plan_of_now()
    {
        using var content = new StringContent("{ \"uninstall\": [\"things\"], \"park\": true, \"expectedPlan\": \"of yesterday\" }");

        var answer = (await Http.AskAsync(HttpMethod.Post, new Uri(server.Address, "/api/platform/apply").ToString(), content)).Demand(HttpStatusCode.Conflict);

        Assert.Equal(1, answer.Body.GetProperty("plan").GetProperty("baseVersion").GetInt64());
        (await Http.ReadAsync("tst_things")).Demand(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_uninstall_lists_what_of_the_customization_is_in_its_way_and_takes_it_along_when_told_to()
    {
        using var content = new StringContent("""{ "put": { "attribute/account/new_thingid": { "title": "Thing", "x-lookup": { "targets": ["tst_thing"], "relationship": "new_thing_accounts" } } } }""");
        (await Http.AskAsync(HttpMethod.Post, new Uri(server.Address, "/api/platform/customize").ToString(), content)).Demand(HttpStatusCode.OK);

        var (refused, plan) = await RunAsync("pack", "uninstall", "things", "--yes");
        Assert.Equal(1, refused);
        Assert.Contains("attribute/account/new_thingid: uses entity/tst_thing", plan, StringComparison.Ordinal);
        Assert.Contains("--with-dependents", plan, StringComparison.Ordinal);
        (await Http.ReadAsync("tst_things")).Demand(HttpStatusCode.OK);

        var (done, told) = await RunAsync("pack", "uninstall", "things", "--with-dependents", "--yes");
        Assert.True(done == 0, told);
        (await Http.ReadAsync("tst_things")).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync("accounts?$select=new_thingid")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_administrator_changes_a_label_and_an_upgrade_asks_who_prevails()
    {
        using var content = new StringContent("""{ "put": { "attribute/tst_thing/tst_number": { "type": "integer", "title": "Count" } } }""");
        (await Http.AskAsync(HttpMethod.Post, new Uri(server.Address, "/api/platform/customize").ToString(), content)).Demand(HttpStatusCode.OK);
        var (_, layers) = await RunAsync("metadata", "layers", "attribute/tst_thing/tst_number");
        Assert.Contains("/title: \"Count\" (customization)", layers, StringComparison.Ordinal);

        var entity = work["things/entities/tst_thing/entity.json"];
        await File.WriteAllTextAsync(entity, (await File.ReadAllTextAsync(entity)).Replace("\"Number\"", "\"Amount\"", StringComparison.Ordinal));
        var (undecided, plan) = await RunAsync("pack", "plan", work["things"], "--out", work["undecided.json"]);
        Assert.Equal(1, undecided);
        Assert.Contains("attribute/tst_thing/tst_number#/title: before \"Number\", pack \"Amount\", customization \"Count\": to be decided", plan, StringComparison.Ordinal);

        var (decided, told) = await RunAsync("pack", "plan", work["things"], "--resolve", "attribute/tst_thing/tst_number#/title=pack", "--out", work["plan.json"]);
        Assert.True(decided == 0, told);
        var (applied, answer) = await RunAsync("pack", "apply", "--plan", work["plan.json"], "--yes");
        Assert.True(applied == 0, answer);
        Assert.Contains("/title: \"Amount\" (things)", (await RunAsync("metadata", "layers", "attribute/tst_thing/tst_number")).Output, StringComparison.Ordinal);

        var (again, late) = await RunAsync("pack", "apply", "--plan", work["plan.json"], "--yes");
        Assert.Equal(1, again);
        Assert.Contains("since the plan was saved", late, StringComparison.Ordinal);
    }

    private static TestPack Things() => new TestPack("things").Table("thing");

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "platform.dll"), .. arguments, "--url", server.Address.ToString()])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["PLATFORM_TOKEN"] = Http.DefaultRequestHeaders.Authorization!.Parameter;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
