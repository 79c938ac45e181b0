using System.Globalization;
using Platform.Engine;
using Platform.Engine.History;

namespace Platform.OData.Queries;

/// <summary>Up to where a client knows a table, as the text of <c>$deltatoken</c> in Dataverse's form: <c>919042!08/22/2026 08:10:44</c>.</summary>
/// <param name="Version">Row version.</param>
/// <param name="Time">When the client read it, UTC, whole seconds: deletions are remembered for a while.</param>
internal readonly record struct DeltaToken(long Version, DateTime Time)
{
    private const string Format = "MM/dd/yyyy HH:mm:ss";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}!{Time.ToString(Format, CultureInfo.InvariantCulture)}");

    /// <exception cref="PlatformException">It is none, or too old.</exception>
    public static DeltaToken Parse(string text, DateTime now)
    {
        var mark = text.IndexOf('!', StringComparison.Ordinal);
        if (mark < 0 || !long.TryParse(text.AsSpan(0, mark), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !DateTime.TryParseExact(text.AsSpan(mark + 1), Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            throw Errors.BadRequest($"'{text}' is no delta token.", "Follow the link in @odata.deltaLink as it is.");
        return now - time > Deletions.Kept || time > now.AddDays(1) ? throw Errors.ExpiredDeltaToken(text) : new DeltaToken(version, time);
    }
}
