using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Packs;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.OData;
using Platform.Sdk;
using Platform.Sdk.Hosting;
using Platform.Studio.Components;
using Platform.Studio.Records;
using Platform.Studio.Session;
using Platform.Studio.Text;

namespace Platform.Studio.Tests.Rendering;

/// <summary>Pages of the app over a real engine: the core pack on a SQLite file of its own, an administrator signed in.</summary>
internal sealed class AppWorld : IAsyncDisposable
{
    private static readonly Guid Unit = new("0197a000-0000-7000-8000-00000000bb01");
    private static readonly Guid Administrator = new("0197a000-0000-7000-8000-00000000bb02");

    private readonly string folder = Directory.CreateTempSubdirectory("studio").FullName;
    private readonly Address address = new();
    private Caller admin = null!;

    private AppWorld(string language) => Host = new PageHost(services =>
    {
        var session = new StudioSession();
        session.Use(new Preferences(language, Preferences.SystemTheme, null));
        services.AddSingleton<IPluginHost>(new NoScripts());
        services.AddEngine(new EngineOptions { SqliteFile = Path.Combine(folder, "app.db") });
        services.AddWebApi();
        services.AddSingleton(session).AddSingleton<UiText>().AddSingleton<Notices>().AddSingleton<StudioRecords>();
        services.AddSingleton<NavigationManager>(address).AddSingleton<INavigationInterception>(address);
        services.AddSingleton<IStudioCaller>(new SignedIn(() => admin with { Language = language }));
    });

    public PageHost Host { get; }

    /// <summary>Where the browser is.</summary>
    public string Place => new Uri(address.Uri).PathAndQuery;

    private PlatformEngine Engine => Host.Service<PlatformEngine>();

    public static async Task<AppWorld> StartAsync(string language = "en")
    {
        var world = new AppWorld(language);
        await world.Host.Service<Publisher>().PublishAsync([await PackReader.ReadAsync(CorePack(), CancellationToken.None)], CancellationToken.None);
        var role = world.Engine.Metadata.Roles.Single(role => role.Name == "system-administrator");
        world.admin = new Caller(Administrator, Unit, [], [role.Id]);
        await world.CreateAsync(new EntityRecord("businessunit", Unit) { ["name"] = "Organization" });
        await world.CreateAsync(new EntityRecord("systemuser", Administrator) { ["lastname"] = "Admin", ["fullname"] = "Admin", ["businessunitid"] = new EntityReference("businessunit", Unit) });
        return world;
    }

    public async Task<Guid> CreateAsync(EntityRecord record) => (await Engine.ExecuteAsync(new Create(record), admin, CancellationToken.None)).Id;

    /// <summary>What somebody else does while the page is open.</summary>
    public Task SendAsync(Message message) => Engine.ExecuteAsync(message, admin, CancellationToken.None);

    public async Task<EntityRecord> ReadAsync(string entity, Guid id)
    {
        var rows = new RecordList();
        await SendAsync(new Retrieve(new EntityReference(entity, id), [], rows));
        return rows.Records.Single();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    public void GoTo(string path) => address.NavigateTo(path);

    private static string CorePack([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../../metadata/core"));

    private sealed class SignedIn(Func<Caller> caller) : IStudioCaller
    {
        public Task<Caller> GetAsync(CancellationToken ct = default) => Task.FromResult(caller());
    }

    /// <summary>An address bar: what Blazor leaves to the browser.</summary>
    private sealed class Address : NavigationManager, INavigationInterception
    {
        public Address() => Initialize("http://localhost/", "http://localhost/");

        public Task EnableNavigationInterceptionAsync() => Task.CompletedTask;

        protected override void SetNavigationLockState(bool value)
        {
        }

        protected override void NavigateToCore(string uri, NavigationOptions options) => _ = GoAsync(uri, options);

        private async Task GoAsync(string uri, NavigationOptions options)
        {
            if (!await NotifyLocationChangingAsync(uri, options.HistoryEntryState, isNavigationIntercepted: false)) return;
            Uri = ToAbsoluteUri(uri).ToString();
            NotifyLocationChanged(isInterceptedLink: false);
        }
    }

    /// <summary>The core pack has no scripts, and these tests bring none.</summary>
    private sealed class NoScripts : IPluginHost
    {
        public Task<ScriptImage> CompileAsync(ScriptSource source, CancellationToken ct) => throw new NotSupportedException(source.ToString());

        public Task<PluginOutcome> RunAsync(PluginRun run, IPluginServices services, CancellationToken ct) => throw new NotSupportedException(run.ToString());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
