using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>On whose behalf a message runs, and how that person reads. Made by <c>CallerDirectory</c>.</summary>
/// <param name="BusinessUnitId">Business unit of the user.</param>
/// <param name="Teams">Teams the user is a member of.</param>
/// <param name="Roles">Ids of the roles of the user and of the user's teams.</param>
public sealed record Caller(Guid UserId, Guid BusinessUnitId, ImmutableArray<Guid> Teams, ImmutableArray<Guid> Roles)
{
    /// <summary>Business units below <see cref="BusinessUnitId"/>, at any depth.</summary>
    public ImmutableArray<Guid> BusinessUnitsBelow { get; init; } = [];

    /// <summary>Currency of the amounts that the user enters without saying one; <c>null</c>: the base currency.</summary>
    public Guid? CurrencyId { get; init; }

    /// <summary>Two-letter language of messages and labels; English until the user chooses one.</summary>
    public string Language { get; init; } = Label.EnglishLanguage;

    /// <summary>The user's settings name the language.</summary>
    public bool HasLanguage { get; init; }

    /// <summary>Time zone in which days begin and formatted values show points in time; UTC until the user chooses one.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The user's settings name the time zone.</summary>
    public bool HasTimeZone { get; init; }

    public EntityReference User => new("systemuser", UserId);
}
