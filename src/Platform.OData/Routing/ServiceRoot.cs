using Microsoft.AspNetCore.Http;
using Platform.Engine;

namespace Platform.OData.Routing;

/// <summary>The absolute URL below which a client sees the Web API (<c>https://host/api/data/v9.2/</c>); links in answers begin with it.</summary>
internal sealed class ServiceRoot
{
    // Nearly all requests come over one address: the last one made is remembered, so that answers can share what they derive from it.
    private static ServiceRoot? last;

    private readonly string scheme;
    private readonly string host;
    private readonly string pathBase;
    private readonly int minor;

    private ServiceRoot(string scheme, string host, string pathBase, int minor)
    {
        this.scheme = scheme;
        this.host = host;
        this.pathBase = pathBase;
        this.minor = minor;
        Url = $"{scheme}://{Host(host)}{new PathString(pathBase).ToUriComponent()}/api/data/v9.{minor}/";
    }

    /// <summary>Ends with a slash.</summary>
    public string Url { get; }

    /// <exception cref="PlatformException">The Host header is no name (400).</exception>
    public static ServiceRoot Of(HttpRequest request, int minor)
    {
        var known = Volatile.Read(ref last);
        var host = request.Host.Value ?? "";
        var pathBase = request.PathBase.Value ?? "";
        if (known is not null && known.minor == minor && known.host == host && known.scheme == request.Scheme && known.pathBase == pathBase) return known;
        var made = new ServiceRoot(request.Scheme, host, pathBase, minor);
        Volatile.Write(ref last, made);
        return made;
    }

    private static string Host(string host)
    {
        try
        {
            return new HostString(host).ToUriComponent();
        }
        catch (ArgumentException)
        {
            throw Errors.BadRequest("The Host header is not the name of a host.");
        }
    }
}
