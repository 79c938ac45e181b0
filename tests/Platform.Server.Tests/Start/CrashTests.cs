using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

public sealed class CrashTests
{
    [Fact]
    public async Task Every_acknowledged_write_survives_a_kill_under_load()
    {
        using var folder = new TestFolder();
        var acknowledged = new ConcurrentDictionary<Guid, string>();
        await using (var server = ServerProcess.Start(TestServer.Password, "--urls", "http://127.0.0.1:0", "--data", folder["data"]))
        {
            using var http = await FirstStartTests.SignedInAsync(await server.ListeningAsync());
            var writers = Enumerable.Range(0, 16).Select(writer => WriteUntilItEndsAsync(http, writer, acknowledged)).ToList();
            while (acknowledged.Count < 300 && !writers.TrueForAll(writer => writer.IsCompleted)) await Task.Delay(10);
            await server.KillAsync();
            await Task.WhenAll(writers);
        }

        Assert.True(acknowledged.Count >= 300, $"only {acknowledged.Count} writes were acknowledged before the kill");
        await using var restarted = ServerProcess.Start(null, "--urls", "http://127.0.0.1:0", "--data", folder["data"]);
        using var after = await FirstStartTests.SignedInAsync(await restarted.ListeningAsync());
        var found = await AllAccountsAsync(after);
        foreach (var (id, name) in acknowledged) Assert.Equal(name, found.GetValueOrDefault(id));
        (await after.CreateAsync("accounts", new { name = "after the crash" })).Demand(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_stop_answers_what_is_under_way()
    {
        using var folder = new TestFolder();
        var acknowledged = new ConcurrentDictionary<Guid, string>();
        await using (var server = ServerProcess.Start(TestServer.Password, "--urls", "http://127.0.0.1:0", "--data", folder["data"]))
        {
            using var http = await FirstStartTests.SignedInAsync(await server.ListeningAsync());
            var writers = Enumerable.Range(0, 4).Select(writer => WriteUntilItEndsAsync(http, writer, acknowledged)).ToList();
            while (acknowledged.Count < 20 && !writers.TrueForAll(writer => writer.IsCompleted)) await Task.Delay(10);
            Assert.Equal(0, await server.StopAsync());
            await Task.WhenAll(writers);
        }

        await using var restarted = ServerProcess.Start(null, "--urls", "http://127.0.0.1:0", "--data", folder["data"]);
        using var after = await FirstStartTests.SignedInAsync(await restarted.ListeningAsync());
        var found = await AllAccountsAsync(after);
        foreach (var (id, name) in acknowledged) Assert.Equal(name, found.GetValueOrDefault(id));
    }

    private static async Task WriteUntilItEndsAsync(HttpClient http, int writer, ConcurrentDictionary<Guid, string> acknowledged)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var name = $"writer {writer}, row {number}";
                var answer = await http.CreateAsync("accounts", new { name });
                if (answer.Status != HttpStatusCode.NoContent) return;
                acknowledged[answer.EntityId] = name;
            }
        }
        catch (HttpRequestException)
        {
            // The server is gone: what this test waits for.
        }
    }

    private static async Task<Dictionary<Guid, string>> AllAccountsAsync(HttpClient http)
    {
        var found = new Dictionary<Guid, string>();
        for (var next = "accounts?$select=name"; next is not null;)
        {
            var page = (await http.ReadAsync(next)).Demand(HttpStatusCode.OK).Body;
            foreach (var row in page.GetProperty("value").EnumerateArray()) found[row.GetProperty("accountid").GetGuid()] = row.GetProperty("name").GetString()!;
            next = page.TryGetProperty("@odata.nextLink", out JsonElement link) ? link.GetString() : null;
        }

        return found;
    }
}
