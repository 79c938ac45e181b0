using Microsoft.EntityFrameworkCore;
using Platform.Engine;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;

namespace Platform.Server.Start;

/// <summary>Brings the database to what the packs' folders say. What cannot be deployed is reported whole, and what was deployed before is served on.</summary>
internal sealed class Deployment(
    PlatformEngine engine,
    CatalogDatabase catalog,
    Publisher publisher,
    Seeder seeder,
    FirstAdministrator administrator,
    ServerOptions options,
    ILogger<Deployment> logger)
{
    /// <summary>Deploys. False: there is nothing to serve.</summary>
    public async Task<bool> RunAsync(CancellationToken ct)
    {
        var folders = FolderReads.Begin(options.Packs, ct);
        await catalog.MigrateAsync(ct);
        if (!await PublishAsync(folders, ct) && !await LoadAsync(ct)) return false;

        var invented = await administrator.EnsureAsync(options.AdminPassword, ct);
        if (invented is not null) Console.WriteLine($"User {FirstAdministrator.UserName}, password {invented} (shown this once)");
        await SeedAsync(ct);
        return true;
    }

    private async Task<bool> PublishAsync(FolderReads folders, CancellationToken ct)
    {
        try
        {
            var result = await publisher.PublishAsync(await ReadPacksAsync(folders, ct), ct);
            foreach (var note in result.Notes) logger.PublishNote(note);
            if (result.Changed) logger.Deployed(result.Version, string.Join(", ", engine.Metadata.Packs.Select(pack => $"{pack.Id} {pack.Version}")));
            return true;
        }
        catch (MetadataException refused)
        {
            Report(refused);
            return false;
        }
    }

    /// <summary>Takes what is deployed into force.</summary>
    private async Task<bool> LoadAsync(CancellationToken ct)
    {
        try
        {
            if (await publisher.LoadAsync(ct))
            {
                logger.MetadataKept(engine.Metadata.Version);
                return true;
            }
        }
        catch (MetadataException refused)
        {
            Report(refused);
        }

        logger.NothingToServe();
        return false;
    }

    /// <summary>A row that cannot be brought in is a fault of its pack, no reason to be down.</summary>
    private async Task SeedAsync(CancellationToken ct)
    {
        try
        {
            await seeder.SeedAsync(options.DemoRows, administrator.Caller, ct);
        }
        catch (MetadataException refused)
        {
            Report(refused);
        }
    }

    /// <summary>Core, and of the other packs those installed before, or all. An installed pack whose folder is gone stays as it was deployed.</summary>
    private async Task<IReadOnlyList<PackFiles>> ReadPacksAsync(FolderReads folders, CancellationToken ct)
    {
        var installed = await catalog.ReadAsync((context, token) => context.Packs.AsNoTracking().Select(pack => pack.Id).ToListAsync(token), ct);
        return await folders.OfAsync(id => options.AllPacks || installed.Contains(id));
    }

    private void Report(MetadataException refused)
    {
        foreach (var error in refused.Errors) logger.MetadataError(error.File, error.Pointer, error.Reason, error.Hint);
    }
}
