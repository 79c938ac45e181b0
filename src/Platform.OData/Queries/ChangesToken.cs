using System.Globalization;
using Platform.Engine;
using Platform.Engine.Queries;

namespace Platform.OData.Queries;

/// <summary>Where the next page of changes begins: what the first page found out, and the place, as the text of <c>$skiptoken</c>.</summary>
/// <param name="Until">What the delta link behind the last page says.</param>
/// <param name="After">The row before the page; <c>null</c> when rows that went are told.</param>
/// <param name="AfterDeletion">The deletion before the page; <c>null</c> when rows are told.</param>
internal readonly record struct ChangesToken(DeltaToken Until, PageToken? After, long? AfterDeletion)
{
    private const string Begin = "changes.";

    /// <summary>The text is one of these; pages of other lists have others.</summary>
    public static bool Is(string? text) => text is not null && text.StartsWith(Begin, StringComparison.Ordinal);

    /// <param name="query">The query of the pages.</param>
    public string Encode(Query query) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Begin}{Until.Version}.{Until.Time.Ticks}.{(After is { } row ? SkipToken.Encode(row, SkipToken.Hash(query)) : $"d{AfterDeletion}")}");

    /// <param name="query">The query of the pages.</param>
    /// <exception cref="PlatformException">It is none of these pages.</exception>
    public static ChangesToken Decode(string text, Query query)
    {
        if (text.Split('.') is not [_, var version, var ticks, var place] || !Number(version, out var until) || !Number(ticks, out var time) || time > DateTime.MaxValue.Ticks) throw SkipToken.Broken();
        var token = new DeltaToken(until, new DateTime(time, DateTimeKind.Utc));
        if (place is ['d', .. var deletion]) return Number(deletion, out var after) ? new ChangesToken(token, null, after) : throw SkipToken.Broken();
        return new ChangesToken(token, SkipToken.Decode(place, query, SkipToken.Hash(query)), null);
    }

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
