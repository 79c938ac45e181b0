using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.OData.Queries;
using Platform.OData.Routing;

namespace Platform.OData.Batch;

/// <summary>What a URL within a batch addresses, always of the service that the batch was sent to.</summary>
/// <param name="Root">Where the service begins: <c>/api/data/v9.2/</c>.</param>
/// <param name="Path">Below the root, still encoded.</param>
/// <param name="Query">With its question mark; may be empty.</param>
internal readonly record struct PartUrl(string Root, string Path, string Query)
{
    /// <param name="url">Absolute, from the host's root on, or relative to the service's root; may begin with a Content-ID.</param>
    /// <param name="host">Value of the Host header of the part; empty for none.</param>
    /// <param name="minor">Version that the batch was sent to.</param>
    /// <exception cref="PlatformException">It is too long, no URL, of another host, or refers to what is not there (400).</exception>
    public static PartUrl Resolve(string url, string host, HttpRequest batch, int minor, ContentIds ids)
    {
        if (url.Length > QueryPlans.LongestUrlInBatch) throw Errors.BadRequest($"The URL is longer than {QueryPlans.LongestUrlInBatch} characters.");
        if (url.Length == 0 || url.Any(char.IsControl) || url.Contains("%00", StringComparison.Ordinal)) throw Errors.BadRequest("The URL of the request is none.", "Write accounts?$top=1.");
        if (host.Length > 0) DemandHost(host, batch);
        var (root, rest) = Split(OfHost(url, batch), batch, minor);
        rest = ids.Expand(rest);
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? new PartUrl(root, rest, "") : new PartUrl(root, rest[..query], ids.ExpandQuery(rest[query..]));
    }

    /// <summary>The URL without the host that it names.</summary>
    private static string OfHost(string url, HttpRequest batch)
    {
        var end = url.AsSpan().IndexOfAny('?', '(', '\'');
        var scheme = (end < 0 ? url : url[..end]).IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 && !url.StartsWith("//", StringComparison.Ordinal)) return url;
        if (scheme < 0 || !(url[..scheme].ToUpperInvariant() is "HTTP" or "HTTPS")) throw OtherService(url);
        var rest = url[(scheme + 3)..];
        var path = rest.IndexOf('/', StringComparison.Ordinal);
        if (path <= 0) throw OtherService(url);
        DemandHost(rest[..path], batch);
        return rest[path..];
    }

    private static (string Root, string Below) Split(string url, HttpRequest batch, int minor)
    {
        var root = FormattableString.Invariant($"{ResourcePath.Service}v9.{minor}/");
        if (!url.StartsWith('/')) return (root, url);
        var pathBase = batch.PathBase.ToUriComponent();
        if (pathBase.Length > 0 && url.StartsWith(pathBase, StringComparison.OrdinalIgnoreCase)) url = url[pathBase.Length..];
        if (url.StartsWith("/$", StringComparison.Ordinal)) return (root, url[1..]);
        if (!url.StartsWith(ResourcePath.Service, StringComparison.OrdinalIgnoreCase)) throw OtherService(url);
        var version = url.IndexOf('/', ResourcePath.Service.Length);
        return version < 0 ? (url, "") : (url[..(version + 1)], url[(version + 1)..]);
    }

    // The scheme may be that of a proxy before us.
    private static void DemandHost(string authority, HttpRequest batch)
    {
        if (!string.Equals(WithoutPort(authority), WithoutPort(batch.Host.Value ?? ""), StringComparison.OrdinalIgnoreCase)) throw OtherService(authority);
    }

    private static string WithoutPort(string authority) => authority.EndsWith(":443", StringComparison.Ordinal) ? authority[..^4] : authority.EndsWith(":80", StringComparison.Ordinal) ? authority[..^3] : authority;

    private static PlatformException OtherService(string url) =>
        Errors.BadRequest($"'{(url.Length > 200 ? url[..200] : url)}' is not of this service.", "A batch holds requests to the Web API that it is sent to: accounts?$top=1 or /api/data/v9.2/accounts?$top=1.");
}
