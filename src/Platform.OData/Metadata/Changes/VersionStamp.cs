using System.Globalization;
using Platform.Engine;
using Platform.Engine.Packs;

namespace Platform.OData.Metadata.Changes;

/// <summary>Tells clients which version they have seen, in Dataverse's form: <c>12!10/09/2022 22:10:22</c>. The time shows whether the version is one of this system.</summary>
internal sealed class VersionStamp(MetadataHistory history)
{
    public async Task<string> OfAsync(long version, CancellationToken ct) => Text(version, await history.PublishedOnAsync(version, ct));

    /// <summary>The version that a stamp names.</summary>
    /// <exception cref="PlatformException">It is no stamp that this system gave out (400).</exception>
    public async Task<long> ReadAsync(string stamp, CancellationToken ct)
    {
        var end = stamp.IndexOf('!', StringComparison.Ordinal);
        if (end > 0 && long.TryParse(stamp.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && await history.PublishedOnAsync(version, ct) is { } published && Text(version, published) == stamp) return version;
        throw Errors.ExpiredVersionStamp(stamp);
    }

    private static string Text(long version, DateTime? published) => string.Create(CultureInfo.InvariantCulture, $"{version}!{published:MM/dd/yyyy HH:mm:ss}");
}
