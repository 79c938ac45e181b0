using Platform.Engine.Security;

namespace Platform.Studio.Session;

/// <summary>On whose behalf the pages send messages.</summary>
public interface IStudioCaller
{
    /// <summary>The signed-in user with the language and time zone of this browser.</summary>
    /// <exception cref="PlatformException">Nobody is signed in, or the user was disabled since.</exception>
    Task<Caller> GetAsync(CancellationToken ct = default);
}
