using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

public sealed partial class FirstStartTests
{
    [Fact]
    public async Task The_password_is_made_up_printed_once_and_works()
    {
        using var folder = new TestFolder();
        string password;
        await using (var first = ServerProcess.Start(null, "--urls", "http://127.0.0.1:0", "--data", folder["data"]))
        {
            var address = await first.ListeningAsync();
            password = PrintedPassword().Match(first.Output).Groups["password"].Value;
            Assert.True(password.Length >= 20, first.Output);
            Assert.Equal(HttpStatusCode.OK, await SignInAsync(address, password));
            Assert.Equal(0, await first.StopAsync());
        }

        await using var second = ServerProcess.Start(null, "--urls", "http://127.0.0.1:0", "--data", folder["data"]);
        var again = await second.ListeningAsync();
        Assert.DoesNotMatch(PrintedPassword(), second.Output);
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(again, password));
    }

    [Fact]
    public async Task A_start_on_an_address_in_use_ends_before_a_password_is_made_up()
    {
        using var folder = new TestFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        foreach (var host in (string[])["127.0.0.1", "localhost", "*"])
        {
            await using var refused = ServerProcess.Start(null, "--urls", $"http://{host}:{((IPEndPoint)taken.LocalEndpoint).Port}", "--data", folder["data"]);
            Assert.Equal(1, await refused.ExitAsync());
            Assert.Contains("already in use", refused.Output, StringComparison.Ordinal);
            Assert.DoesNotMatch(PrintedPassword(), refused.Output);
        }

        await using var first = ServerProcess.Start(null, "--urls", "http://127.0.0.1:0", "--data", folder["data"]);
        await first.ListeningAsync();
        Assert.Matches(PrintedPassword(), first.Output);
    }

    [Fact]
    public async Task A_password_that_was_given_is_not_printed()
    {
        using var folder = new TestFolder();
        await using var server = ServerProcess.Start(TestServer.Password, "--urls", "http://127.0.0.1:0", "--data", folder["data"]);

        var address = await server.ListeningAsync();

        Assert.DoesNotContain("password", server.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(TestServer.Password, server.Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(address, TestServer.Password));
    }

    [Fact]
    public async Task The_demo_brings_packs_and_rows_that_a_second_start_does_not_double_and_that_stay_without_the_option()
    {
        using var folder = new TestFolder();
        var counts = new List<int>();
        foreach (var options in (string[][])[["--demo"], ["--demo"], []])
        {
            await using var server = ServerProcess.Start(TestServer.Password, [.. options, "--urls", "http://127.0.0.1:0", "--data", folder["data"]]);
            using var http = await SignedInAsync(await server.ListeningAsync());
            counts.Add((await http.ReadAsync("loy_cards?$count=true&$top=1")).Demand(HttpStatusCode.OK).Body.GetProperty("@odata.count").GetInt32());
            await server.StopAsync();
        }

        Assert.True(counts[0] > 0);
        Assert.Equal([counts[0], counts[0], counts[0]], counts);
    }

    internal static async Task<HttpClient> SignedInAsync(Uri address)
    {
        using var anonymous = new HttpClient { BaseAddress = address };
        using var answer = await anonymous.PostAsync("/connect/token", Grant(TestServer.Password));
        var token = (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("access_token").GetString();
        var http = new HttpClient { BaseAddress = new Uri(address, "/api/data/v9.2/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }

    private static async Task<HttpStatusCode> SignInAsync(Uri address, string password)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var answer = await http.PostAsync("/connect/token", Grant(password));
        return answer.StatusCode;
    }

    private static FormUrlEncodedContent Grant(string password) =>
        new(new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = "admin", ["password"] = password });

    [GeneratedRegex("password (?<password>[A-Za-z0-9]{20,}) ")]
    private static partial Regex PrintedPassword();
}
