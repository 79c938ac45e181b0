using Microsoft.Extensions.Primitives;
using Platform.Engine.Queries;

namespace Platform.OData.Headers;

/// <summary>The <c>Prefer</c> header. As RFC 7240 asks, what is not understood is passed over, not refused.</summary>
internal sealed record Preferences
{
    private const string ReturnName = "return";
    private const string PageSizeName = "odata.maxpagesize";
    private const string ContinueName = "continue-on-error";
    private const string LongContinueName = "odata." + ContinueName;
    /// <summary>Honoured for lists of tables, and echoed there.</summary>
    public const string TrackName = "odata.track-changes";
    /// <summary>Honoured where rows are read by a query, and echoed there.</summary>
    public const string ExplainName = "platform.explain";
    private const string AnnotationsName = "odata.include-annotations";

    private static readonly BoundedCache<string, Preferences> Parsed = new(256);

    public static Preferences None { get; } = new();

    /// <summary>The row written goes into the answer.</summary>
    public bool ReturnRepresentation { get; private init; }

    /// <summary>Rows of a page, 1 to <see cref="Query.LargestPage"/>.</summary>
    public int? MaxPageSize { get; private init; }

    public AnnotationSet Annotations { get; private init; }

    /// <summary>The answer ends with a link to what changes from then on.</summary>
    public bool TrackChanges { get; private init; }

    /// <summary>How the query would be answered is asked for, not its rows.</summary>
    public bool Explain { get; private init; }

    /// <summary>A batch goes on behind a request that failed.</summary>
    public bool ContinueOnError { get; private init; }

    /// <summary>Value of <c>Preference-Applied</c>; <c>null</c> when nothing was honoured.</summary>
    public string? Applied { get; private init; }

    public static Preferences Of(StringValues header)
    {
        if (header.Count == 0) return None;
        var text = header.ToString();
        if (Parsed.TryGet(text, out var known)) return known;
        var parsed = Parse(text);
        if (text.Length <= 1024) Parsed.Add(text, parsed);
        return parsed;
    }

    private static Preferences Parse(ReadOnlySpan<char> header)
    {
        var result = None;
        while (!header.IsEmpty)
        {
            var end = EndOfItem(header);
            var item = header[..end].Trim();
            header = end < header.Length ? header[(end + 1)..] : [];
            if (Is(item, ContinueName) || Is(item, LongContinueName)) result = result with { ContinueOnError = true };
            if (Is(item, ExplainName)) result = result with { Explain = true };
            if (Is(item, TrackName)) result = result with { TrackChanges = true };
            var equals = item.IndexOf('=');
            if (equals < 0) continue;
            result = result.With(item[..equals].Trim(), item[(equals + 1)..].Trim().Trim('"'));
        }
        return result;
    }

    private Preferences With(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        // What is honoured is echoed in a header, and a header holds plain ASCII.
        if (value.ContainsAnyExceptInRange(' ', '~')) return this;
        if (Is(name, ReturnName) && value is "representation" or "minimal")
            return this with { ReturnRepresentation = value is "representation", Applied = Echo($"{ReturnName}={value}") };
        if (Is(name, PageSizeName) && int.TryParse(value, out var size) && size > 0)
            return this with { MaxPageSize = Math.Min(size, Query.LargestPage), Applied = Echo($"{PageSizeName}={Math.Min(size, Query.LargestPage)}") };
        if (Is(name, ContinueName) || Is(name, LongContinueName))
            return this with { ContinueOnError = value.Equals("true", StringComparison.OrdinalIgnoreCase) };
        if (Is(name, AnnotationsName))
            return this with { Annotations = AnnotationNames.Matching(value), Applied = Echo($"{AnnotationsName}=\"{value}\"") };
        return this;
    }

    private string Echo(string preference) => Applied is null ? preference : $"{Applied},{preference}";

    private static bool Is(ReadOnlySpan<char> item, string name) => item.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static int EndOfItem(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"') quoted = !quoted;
            else if (text[at] == ',' && !quoted) return at;
        }
        return text.Length;
    }
}
