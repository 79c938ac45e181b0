using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Platform.Engine.Security;

namespace Platform.Studio.Session;

/// <summary>The user of the sign-in cookie, asked anew for every message: a role that was taken away must not live on in an open tab.</summary>
internal sealed class StudioCaller(AuthenticationStateProvider authentication, CallerDirectory directory, StudioSession session) : IStudioCaller
{
    public async Task<Caller> GetAsync(CancellationToken ct = default)
    {
        var state = await authentication.GetAuthenticationStateAsync();
        var id = Guid.TryParse(state.User.FindFirstValue(ClaimTypes.NameIdentifier), out var user) ? user : Guid.Empty;
        var caller = await directory.ForUserAsync(id, ct);
        return caller with { Language = session.Language, TimeZone = ZoneOf(caller) };
    }

    /// <summary>A zone in the user's settings wins over the browser's.</summary>
    private TimeZoneInfo ZoneOf(Caller caller) =>
        !caller.HasTimeZone
            && session.Preferences.TimeZone is { } name
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var browser)
            ? browser
            : caller.TimeZone;
}
