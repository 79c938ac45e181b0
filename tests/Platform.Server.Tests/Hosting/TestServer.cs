using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Platform.Engine.Catalog;
using Platform.Engine.Tests.Databases;
using Platform.Server.SignIn;
using Platform.Server.Start;

namespace Platform.Server.Tests.Hosting;

/// <summary>Which database a test runs on.</summary>
public enum TestDatabase
{
    Sqlite,
    PostgreSql,
}

/// <summary>The real server of one test: own folder or own PostgreSQL database, own port, gone afterwards.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private readonly TestFolder folder;
    private readonly PostgreSqlServerDatabase? postgres;
    private readonly bool demo;
    private WebApplication? app;

    private TestServer(TestFolder folder, PostgreSqlServerDatabase? postgres, bool demo)
    {
        this.folder = folder;
        this.postgres = postgres;
        this.demo = demo;
        Directory.CreateDirectory(Packs);
    }

    /// <summary>Folder of the packs that this server installs.</summary>
    public string Packs => folder["packs"];

    /// <summary>Where the server listens; another port after each start.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Nobody, at the server's root; follows no redirects and keeps cookies.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>The administrator, at the root of the Web API.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <param name="pack">Pack of the repository to install beside core.</param>
    /// <param name="packs">Further packs, written by the test into the folder of packs that it gets.</param>
    /// <param name="demo">Bring the packs' demo rows.</param>
    public static async Task<TestServer> StartAsync(
        string? pack = null,
        TestDatabase database = TestDatabase.Sqlite,
        Action<string>? packs = null,
        bool demo = false)
    {
        var postgres = database == TestDatabase.PostgreSql ? await (await PostgreSqlCluster.SharedAsync()).CreateDatabaseAsync() : null;
        var server = new TestServer(new TestFolder(), postgres, demo);
        if (pack is not null) TestFolder.Copy(Path.Combine(PackFolders.Found().Plugins, pack), Path.Combine(server.Packs, pack));
        packs?.Invoke(server.Packs);
        Assert.True(await server.TryStartAsync(), "The server has nothing to serve.");
        return server;
    }

    /// <summary>Stops the server and starts it again on what it left.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        Assert.True(await TryStartAsync(), "The server has nothing to serve.");
    }

    /// <summary>An access token by password.</summary>
    public async Task<string> TokenAsync(string user = FirstAdministrator.UserName, string password = Password)
    {
        using var answer = await Anonymous.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = user, ["password"] = password }));
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.IsSuccessStatusCode, json.ToString());
        return json.GetProperty("access_token").GetString()!;
    }

    /// <summary>A user at the root of the Web API.</summary>
    public async Task<HttpClient> ClientAsync(string user)
    {
        var client = new HttpClient { BaseAddress = Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(user));
        return client;
    }

    /// <summary>A user with one role or none, made as an administrator makes one; the password goes straight to the credentials, for which the Web API has no door.</summary>
    /// <param name="role">Title of the role; <c>null</c> for none.</param>
    public async Task AddUserAsync(string name, string? role)
    {
        var unit = (await Http.ReadAsync("WhoAmI()")).Demand(HttpStatusCode.OK).Body.GetProperty("BusinessUnitId").GetGuid();
        var row = new Dictionary<string, object> { ["lastname"] = name, ["domainname"] = name, ["businessunitid@odata.bind"] = $"/businessunits({unit})" };
        var user = (await Http.CreateAsync("systemusers", row)).Demand(HttpStatusCode.NoContent).EntityId;
        if (role is not null)
        {
            var roles = (await Http.ReadAsync($"roles?$select=roleid&$filter=name eq '{role}'")).Demand(HttpStatusCode.OK).Body.GetProperty("value");
            var binding = new Dictionary<string, object>
            {
                ["systemuserid@odata.bind"] = $"/systemusers({user})",
                ["roleid@odata.bind"] = $"/roles({roles[0].GetProperty("roleid").GetGuid()})",
            };
            (await Http.CreateAsync("systemuserrolescollection", binding)).Demand(HttpStatusCode.NoContent);
        }
        await using var scope = app!.Services.CreateAsyncScope();
        var created = await scope.ServiceProvider.GetRequiredService<UserManager<UserCredential>>().CreateAsync(CredentialStore.New(user, name), Password);
        Assert.True(created.Succeeded, created.ToString());
    }

    /// <summary>What the database holds, to compare with another moment.</summary>
    public Task<SortedDictionary<string, string>> FingerprintAsync() => DatabaseFingerprint.OfAsync(postgres?.ConnectionString, Path.Combine(folder["data"], "platform.db"));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (postgres is not null) await postgres.DisposeAsync();
        folder.Dispose();
    }

    private async Task<bool> TryStartAsync()
    {
        app = Program.Build(new ServerOptions
        {
            Urls = "http://127.0.0.1:0",
            Data = folder["data"],
            Database = postgres?.ConnectionString,
            AllPacks = true,
            DemoRows = demo,
            AdminPassword = Password,
            Packs = PackFolders.Found() with { Plugins = Packs },
        });
        if (!await Program.StartAsync(app, CancellationToken.None)) return false;
        Address = new Uri(Program.Addresses(app).First());
        Anonymous = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        Http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = new Uri(Address, "/api/data/v9.2/") };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync());
        return true;
    }

    private async Task StopAsync()
    {
        Http.Dispose();
        Anonymous.Dispose();
        await app!.StopAsync();
        await app.DisposeAsync();
    }
}
