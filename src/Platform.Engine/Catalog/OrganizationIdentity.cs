using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace Platform.Engine.Catalog;

/// <summary>The id of the installation: made with the database, the same for all processes on it, and in its copies.</summary>
public sealed class OrganizationIdentity(CatalogDatabase catalog)
{
    private StrongBox<Guid>? known;

    /// <summary>The id; read once.</summary>
    public ValueTask<Guid> IdAsync(CancellationToken ct)
    {
        return Volatile.Read(ref known) is { } box ? ValueTask.FromResult(box.Value) : LoadAsync();

        async ValueTask<Guid> LoadAsync()
        {
            var id = await catalog.ReadAsync((context, token) => context.Organizations.Select(row => row.Id).SingleAsync(token), ct);
            Volatile.Write(ref known, new StrongBox<Guid>(id));
            return id;
        }
    }
}
