using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;

namespace Platform.Server.SignIn;

/// <summary>The key ring in the database, so that every node on it reads the tokens and cookies of the others.</summary>
/// <remarks>The interface is synchronous, and the framework calls it about once a day: blocking here starves nobody.</remarks>
internal sealed class CatalogKeyRing(CatalogDatabase catalog) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => Task.Run(LoadAsync).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => Task.Run(() => StoreAsync(element, friendlyName)).GetAwaiter().GetResult();

    private Task<IReadOnlyCollection<XElement>> LoadAsync() =>
        catalog.ReadAsync<IReadOnlyCollection<XElement>>(
            async (context, ct) =>
            {
                var keys = await context.DataProtectionKeys.AsNoTracking().Select(key => key.Xml).ToListAsync(ct);
                return [.. keys.Select(XElement.Parse)];
            },
            CancellationToken.None);

    private Task<int> StoreAsync(XElement element, string name) =>
        catalog.WriteAsync(
            (context, ct) =>
            {
                context.DataProtectionKeys.Add(new DataProtectionKey { FriendlyName = name, Xml = element.ToString(SaveOptions.DisableFormatting) });
                return context.SaveChangesAsync(ct);
            },
            CancellationToken.None);
}
