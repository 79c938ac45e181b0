using Microsoft.AspNetCore.Http;
using Platform.Engine.Security;

namespace Platform.OData;

/// <summary>Tells on whose behalf a request runs; implemented by the server, which knows how people sign in.</summary>
public interface ICallerAccessor
{
    /// <summary>The caller of an authorized request. Called once per request, on the hot path: answer from a cache.</summary>
    /// <exception cref="Engine.PlatformException">The user is disabled or not known (403).</exception>
    ValueTask<Caller> GetAsync(HttpContext context);
}
