namespace Platform.Server.SignIn;

/// <summary>Section <c>SignIn</c> of the configuration.</summary>
internal sealed class SignInSettings
{
    /// <summary>Characters of a password, at least.</summary>
    public const int ShortestPassword = 8;

    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>The browser's cookie; each request in its second half renews it.</summary>
    public TimeSpan CookieLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Wrong passwords in a row until the account is locked.</summary>
    public int FailuresUntilLocked { get; init; } = 10;

    public TimeSpan LockedFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Attempts per minute and client address, of token endpoint and sign-in page together.</summary>
    public int AttemptsPerMinute { get; init; } = 120;

    /// <summary>Password checks at a time on this server: each costs a fifth of a second of a core, on purpose.</summary>
    public int ConcurrentAttempts { get; init; } = Math.Max(2, Environment.ProcessorCount);
}
