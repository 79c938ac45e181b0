using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Platform.Engine.Files;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Engine.Tracing;
using Platform.Engine.Tests.Databases;
using Platform.OData;
using Platform.Sandbox;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Tests;

/// <summary>A whole engine on a database of its own, with the core pack, and whatever other packs a test names.</summary>
public sealed class TestEngine : IAsyncDisposable
{
    private static readonly Guid Unit = new("0197a000-0000-7000-8000-00000000aa01");
    private static readonly Guid Administrator = new("0197a000-0000-7000-8000-00000000aa02");

    private readonly TestDatabase? database;
    private readonly ServiceProvider services;

    private TestEngine(TestDatabase? database, ServiceProvider services)
    {
        this.database = database;
        this.services = services;
    }

    /// <summary>May do everything.</summary>
    public Caller Admin { get; private set; } = null!;

    /// <summary>Options with which another engine opens the same database.</summary>
    public EngineOptions Target => database!.Target;

    public PlatformEngine Engine => services.GetRequiredService<PlatformEngine>();

    public MetadataSnapshot Metadata => Engine.Metadata;

    public Publisher Publisher => services.GetRequiredService<Publisher>();

    public FileUploads Uploads => services.GetRequiredService<FileUploads>();

    public FileContents Contents => services.GetRequiredService<FileContents>();

    public Database Database => services.GetRequiredService<Database>();

    public TraceLog Traces => services.GetRequiredService<TraceLog>();

    public Seeder Seeder => services.GetRequiredService<Seeder>();

    public CallerDirectory Callers => services.GetRequiredService<CallerDirectory>();

    public IQueryTextParser Parser => services.GetRequiredService<IQueryTextParser>();

    /// <summary>An engine with core, the shipped packs named, and packs that the test brings as text.</summary>
    public static Task<TestEngine> StartAsync(TestDatabase database, string[]? shipped = null, params PackFiles[] packs) => StartAsync(database, TimeProvider.System, shipped, packs);

    /// <summary>The same with a clock of the test's.</summary>
    public static Task<TestEngine> StartAsync(TestDatabase database, TimeProvider clock, string[]? shipped = null, params PackFiles[] packs) => StartAsync(database, clock, static options => options, shipped, packs);

    /// <summary>The same with other options.</summary>
    public static async Task<TestEngine> StartAsync(TestDatabase database, TimeProvider clock, Func<EngineOptions, EngineOptions> change, string[]? shipped = null, params PackFiles[] packs)
    {
        await database.CloseAsync();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(clock);
        services.AddSingleton<IPluginHost>(new WorkerPluginHost());
        services.AddEngine(change(database.Target));
        services.AddWebApi();
        var engine = new TestEngine(database, services.BuildServiceProvider());
        await engine.Publisher.PublishAsync(await PacksAsync(shipped ?? [], packs), CancellationToken.None);
        await engine.CreateAdministratorAsync();
        return engine;
    }

    /// <summary>Core and other packs as the publisher takes them.</summary>
    public static async Task<IReadOnlyList<PackFiles>> PacksAsync(string[] shipped, params PackFiles[] packs)
    {
        var all = new List<PackFiles> { await PackReader.ReadAsync(RepositoryRoot.At("metadata", "core"), CancellationToken.None) };
        foreach (var name in shipped)
            all.Add(await PackReader.ReadAsync(RepositoryRoot.At("plugins", name), CancellationToken.None));
        return [.. all, .. packs];
    }

    public Task<MessageResult> SendAsync(Message message, Caller? caller = null) =>
        Engine.ExecuteAsync(message, caller ?? Admin, CancellationToken.None);

    /// <summary>Creates a row and returns its id.</summary>
    public async Task<Guid> CreateAsync(EntityRecord row, Caller? caller = null) => (await SendAsync(new Create(row), caller)).Id;

    /// <summary>Reads a row with all its attributes.</summary>
    public async Task<EntityRecord> ReadAsync(string entity, Guid id, Caller? caller = null)
    {
        var rows = new RecordList();
        await SendAsync(new Retrieve(new EntityReference(entity, id), [], rows), caller);
        return rows.Records.Single();
    }

    /// <summary>Reads rows with an OData query string.</summary>
    public async Task<List<EntityRecord>> QueryAsync(string entity, string query, Caller? caller = null)
    {
        var rows = new RecordList();
        await SendAsync(new RetrieveMultiple(Parser.Parse(Metadata, Metadata.Entity(entity), query), rows), caller);
        return rows.Records;
    }

    /// <summary>A user in the root business unit with the roles named, as a caller.</summary>
    public async Task<Caller> UserAsync(params Guid[] roles) => await UserInAsync(Unit, roles);

    /// <summary>A user in a business unit with the roles named, as a caller.</summary>
    public async Task<Caller> UserInAsync(Guid unit, params Guid[] roles)
    {
        var user = await CreateAsync(new EntityRecord("systemuser") { ["lastname"] = "User", ["fullname"] = "User", ["businessunitid"] = new EntityReference("businessunit", unit) });
        foreach (var role in roles)
        {
            await CreateAsync(new EntityRecord("systemuserroles") { ["systemuserid"] = new EntityReference("systemuser", user), ["roleid"] = new EntityReference("role", role) });
        }
        return await Callers.ForUserAsync(user, CancellationToken.None);
    }

    /// <summary>A business unit below the root.</summary>
    public Task<Guid> UnitAsync(string name, Guid? parent = null) =>
        CreateAsync(new EntityRecord("businessunit") { ["name"] = name, ["parentbusinessunitid"] = new EntityReference("businessunit", parent ?? Unit) });

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
    }

    private async Task CreateAdministratorAsync()
    {
        var role = Metadata.Roles.Single(role => role.Name == "system-administrator");
        Admin = new Caller(Administrator, Unit, [], [role.Id]);
        await CreateAsync(new EntityRecord("businessunit", Unit) { ["name"] = "Organization" });
        await CreateAsync(new EntityRecord("systemuser", Administrator) { ["lastname"] = "Administrator", ["fullname"] = "Administrator", ["businessunitid"] = new EntityReference("businessunit", Unit) });
        foreach (var known in Metadata.Roles)
            await CreateAsync(new EntityRecord("role", known.Id) { ["name"] = known.Title.English, ["businessunitid"] = new EntityReference("businessunit", Unit) });
    }
}
