using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>Delta links as clients of Dataverse follow them, on both databases.</summary>
public abstract class ChangeTrackingTests(TestDatabase database) : IAsyncLifetime
{
    private static readonly (string, string) Track = ("Prefer", "odata.track-changes,odata.maxpagesize=2");

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_list_ends_with_a_link_that_tells_what_has_changed_since()
    {
        var ids = new Dictionary<string, Guid>();
        foreach (var name in new[] { "A", "B", "C", "D", "E" }) ids[name] = await CreateAsync(name);

        var first = (await Http.ReadAsync("accounts?$select=name&$count=true", Track)).Demand(HttpStatusCode.OK);
        Assert.Contains("odata.track-changes", first.Response.Headers.GetValues("Preference-Applied").Single(), StringComparison.Ordinal);
        Assert.Equal(5, first.Body.GetProperty("@odata.count").GetInt32());
        Assert.False(first.Body.TryGetProperty("@odata.deltaLink", out _));
        // What changes while the pages are read is told behind them.
        (await Http.UpdateAsync($"accounts({ids["A"]})", new { name = "A2" })).Demand(HttpStatusCode.NoContent);
        var (names, delta) = await FollowAsync(first.Body);
        Assert.Equal(["A", "B", "C", "D", "E"], names);
        Assert.Contains("$deltatoken=", delta, StringComparison.Ordinal);
        Assert.Contains("$select=name", delta, StringComparison.Ordinal);

        (await Http.RemoveAsync($"accounts({ids["B"]})")).Demand(HttpStatusCode.NoContent);
        (await Http.UpdateAsync($"accounts({ids["D"]})", new { name = "D2" })).Demand(HttpStatusCode.NoContent);
        ids["F"] = await CreateAsync("F");
        var gone = await CreateAsync("Gone");
        (await Http.RemoveAsync($"accounts({gone})")).Demand(HttpStatusCode.NoContent);
        (await Http.RemoveAsync($"accounts({ids["C"]})")).Demand(HttpStatusCode.NoContent);
        await server.RestartAsync();
        delta = new Uri(Http.BaseAddress!, "accounts" + new Uri(delta).Query).ToString();

        Assert.Equal("6", (await Http.ReadAsync($"accounts/$count{new Uri(delta).Query}")).Demand(HttpStatusCode.OK).Text);
        var changes = (await Http.ReadAsync(delta, Track)).Demand(HttpStatusCode.OK).Body;
        Assert.EndsWith("$metadata#accounts(name)/$delta", changes.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        (names, var next) = await FollowAsync(changes);
        Assert.Equal(["A2", "D2", "F", $"-{ids["B"]}", $"-{gone}", $"-{ids["C"]}"], names);
        Assert.Empty((await FollowAsync((await Http.ReadAsync(next)).Body)).Names);

        // A row brings the columns that were selected, its key and its version.
        Assert.Equal(["@odata.etag", "accountid", "name"], changes.GetProperty("value")[0].EnumerateObject().Select(member => member.Name).Order());
        var removed = (await Http.ReadAsync(delta)).Body.GetProperty("value").EnumerateArray().Last();
        Assert.Equal(["@odata.context", "id", "reason"], removed.EnumerateObject().Select(member => member.Name));
        Assert.EndsWith("$metadata#accounts/$deletedEntity", removed.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.Equal("deleted", removed.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task What_cannot_be_followed_is_refused()
    {
        var row = await CreateAsync("A");
        // Only what is honoured is said to be.
        Assert.DoesNotContain("track", (await Http.ReadAsync($"accounts({row})/contact_customer_accounts", Track)).Demand(HttpStatusCode.OK).Response.Headers.GetValues("Preference-Applied").Single(), StringComparison.Ordinal);
        foreach (var option in new[] { "$filter=name eq 'A'", "$orderby=name", "$expand=primarycontactid", "$top=1", "$skip=1", "$apply=groupby((name))", "$search=A", "$compute=revenue mul 2 as twice" })
            Assert.Contains("change tracking", (await Http.ReadAsync($"accounts?{option}", Track)).Demand(HttpStatusCode.BadRequest).ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("not enabled", (await Http.ReadAsync("transactioncurrencies", Track)).Demand(HttpStatusCode.BadRequest).ErrorMessage, StringComparison.Ordinal);
        foreach (var token in new[] { "", "x", "12", "12!yesterday", "-1!01/31/2026 00:00:00", "1!02/30/2026 00:00:00", "99999999999999999999!01/31/2026 00:00:00" })
            (await Http.ReadAsync($"accounts?$deltatoken={Uri.EscapeDataString(token)}")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("accounts/$explain", Track)).Demand(HttpStatusCode.BadRequest);
        Assert.Equal("0x80044352", (await Http.ReadAsync($"accounts?$deltatoken={Uri.EscapeDataString($"99999999!{TimeProvider.System.GetUtcNow():MM\\/dd\\/yyyy HH:mm:ss}")}")).Demand(HttpStatusCode.BadRequest).ErrorCode);
        Assert.Equal("0x80044352", (await Http.ReadAsync($"accounts?$deltatoken={Uri.EscapeDataString("1200!01/31/2026 09:30:00")}")).Demand(HttpStatusCode.BadRequest).ErrorCode);
        foreach (var token in new[] { "changes.", "changes.1.2", "changes.1.2.x", "changes.1.9999999999999999999.d1", "changes.x.1.d1", "changes.1.2.d" })
            (await Http.ReadAsync($"accounts?$skiptoken={token}", Track)).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("accounts?$deltatoken=1!x&$deltatoken=1!x")).Demand(HttpStatusCode.BadRequest);

        // Who sees but a part of the table cannot be told what left it.
        await server.AddUserAsync("anna", "Basic User");
        using var anna = await server.ClientAsync("anna");
        (await anna.ReadAsync("accounts", Track)).Demand(HttpStatusCode.Forbidden);
        (await anna.ReadAsync($"accounts/$count?$deltatoken={Uri.EscapeDataString($"1200!{TimeProvider.System.GetUtcNow():MM\\/dd\\/yyyy HH:mm:ss}")}")).Demand(HttpStatusCode.Forbidden);
    }

    private async Task<Guid> CreateAsync(string name) => (await Http.CreateAsync("accounts", new { name })).Demand(HttpStatusCode.NoContent).EntityId;

    /// <summary>Names of rows and, behind a minus, ids of those that went, over all pages; and the delta link of the last one.</summary>
    private async Task<(List<string> Names, string Delta)> FollowAsync(JsonElement page)
    {
        var names = new List<string>();
        while (true)
        {
            Assert.InRange(page.GetProperty("value").GetArrayLength(), 0, 4);
            names.AddRange(page.GetProperty("value").EnumerateArray().Select(row => row.TryGetProperty("id", out var gone) ? $"-{gone}" : row.GetProperty("name").GetString()!));
            if (page.TryGetProperty("@odata.deltaLink", out var delta)) return (names, delta.GetString()!);
            page = (await Http.ReadAsync(page.GetProperty("@odata.nextLink").GetString()!, Track)).Demand(HttpStatusCode.OK).Body;
        }
    }
}

public sealed class SqliteChangeTrackingTests() : ChangeTrackingTests(TestDatabase.Sqlite);

public sealed class PostgreSqlChangeTrackingTests() : ChangeTrackingTests(TestDatabase.PostgreSql);
