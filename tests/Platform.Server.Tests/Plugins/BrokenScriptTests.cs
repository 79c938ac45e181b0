using System.Net;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Plugins;

/// <summary>Scripts that go wrong cost one message: a clear error, nothing written, the server serves on.</summary>
public sealed class BrokenScriptTests : IAsyncLifetime
{
    private static readonly object Short = new { milliseconds = 500 };

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(packs: new TestPack("trouble")
        .Table("thrower", "throw.csx", "Context.Trace(\"before\");\nthrow new InvalidOperationException(\"out of paper\");\n")
        .Table("jsthrower", "throw.js", "var paper;\ncontext.trace('before');\npaper.next();\n")
        .Table("looper", "loop.csx", "var n = 0;\nwhile (true) n++;\n", Short)
        .Table("jsloop", "loop.js", "var n = 0;\nfor (;;) { n++; }\n", Short)
        .Table("recurser", "recurse.csx", "int Down(int n) => Down(n + 1) + 1;\nContext.Target.Set(\"tst_number\", Down(0));\n", Short)
        .Table("jsdeep", "deep.js", "function down(n) { return down(n + 1) + 1; }\ncontext.target.set('tst_number', down(0));\n", Short)
        .Table("glutton", "eat.csx", "var all = new List<string>();\nwhile (true) all.Add(new string('x', 1000000));\n")
        .Table("writer", "write.csx", "Context.Service.Create(new EntityRecord(\"account\") { [\"name\"] = \"left over\" });\nthrow new InvalidOperationException(\"too late\");\n")
        .Table("chatter", "chat.csx", "for (var n = 0; n < 1000; n++) Context.Service.RetrieveMultiple(\"account\", \"?$top=1\");\n", new { serviceCalls = 20, milliseconds = 2000 })
        .WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("thrower", "throw.csx(2)", "out of paper")]
    [InlineData("jsthrower", "throw.js(3)", "")]
    [InlineData("looper", "loop.csx", "500")]
    [InlineData("jsloop", "loop.js", "500")]
    [InlineData("recurser", "recurse.csx", "")]
    [InlineData("jsdeep", "deep.js", "")]
    [InlineData("glutton", "eat.csx", "")]
    [InlineData("chatter", "chat.csx", "20 service calls")]
    public async Task A_script_that_fails_fails_one_message(string table, string place, string reason)
    {
        var answer = await Http.CreateAsync($"tst_{table}s", new { tst_name = "x" });

        Assert.True((int)answer.Status is >= 400 and < 500, $"{(int)answer.Status} {answer.Text}");
        Assert.Contains($"step of {table}", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(place, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(reason, answer.ErrorMessage, StringComparison.Ordinal);
        await ServesOnAsync($"tst_{table}s");
    }

    [Fact]
    public async Task What_a_failing_script_wrote_is_rolled_back()
    {
        (await Http.CreateAsync("tst_writers", new { tst_name = "x" })).Demand(HttpStatusCode.BadRequest);

        Assert.Equal(0, await CountAsync("accounts"));
        await ServesOnAsync("tst_writers");
    }

    [Fact]
    public async Task Many_scripts_that_fail_at_once_leave_the_server_working()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(number =>
            Http.CreateAsync(number % 2 == 0 ? "tst_loopers" : "tst_throwers", new { tst_name = "x" })));

        Assert.All(answers, answer => Assert.True((int)answer.Status is >= 400 and < 500 or 503, $"{(int)answer.Status} {answer.Text}"));
        await ServesOnAsync("tst_loopers");
    }

    private async Task ServesOnAsync(string set)
    {
        Assert.Equal(0, await CountAsync(set));
        var contact = (await Http.CreateAsync("contacts", new { lastname = "Still served" })).Demand(HttpStatusCode.NoContent);
        (await Http.ReadAsync($"contacts({contact.EntityId})")).Demand(HttpStatusCode.OK);
    }

    private async Task<int> CountAsync(string set) =>
        (await Http.ReadAsync($"{set}?$count=true&$top=1")).Demand(HttpStatusCode.OK).Body.GetProperty("@odata.count").GetInt32();
}

/// <summary>A worker that ends during a call, whatever the reason: the operating system, a crash, an exit.</summary>
[Collection(AloneInTheProcess.Name)]
public sealed class DyingWorkerTests
{
    [Fact]
    public async Task A_worker_killed_in_the_middle_of_a_script_costs_one_message()
    {
        await using var server = await TestServer.StartAsync(packs: new TestPack("trouble")
            .Table("slow", "slow.csx", "if (Context.Target.Get<string>(\"tst_name\") == \"wait\") while (true) { }\n", new { milliseconds = 20000 })
            .WriteTo);
        (await server.Http.CreateAsync("tst_slows", new { tst_name = "go" })).Demand(HttpStatusCode.NoContent);

        var waiting = server.Http.CreateAsync("tst_slows", new { tst_name = "wait" });
        await Task.Delay(TimeSpan.FromMilliseconds(700));
        Assert.NotEmpty(Workers.KillAll());
        var answer = await waiting;

        Assert.True((int)answer.Status is >= 400 and < 500, $"{(int)answer.Status} {answer.Text}");
        Assert.Contains("step of slow", answer.ErrorMessage, StringComparison.Ordinal);
        (await server.Http.CreateAsync("tst_slows", new { tst_name = "go" })).Demand(HttpStatusCode.NoContent);
        var rows = (await server.Http.ReadAsync("tst_slows?$select=tst_name")).Demand(HttpStatusCode.OK).Body.GetProperty("value");
        Assert.Equal(["go", "go"], rows.EnumerateArray().Select(row => row.GetProperty("tst_name").GetString()));
    }
}
