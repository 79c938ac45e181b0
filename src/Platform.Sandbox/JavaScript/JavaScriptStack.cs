using System.Globalization;

namespace Platform.Sandbox.JavaScript;

/// <summary>Reads the text of a JavaScript stack: lines such as <c>at f (post-points.js:12)</c>.</summary>
internal static class JavaScriptStack
{
    /// <summary>Line of the innermost frame inside <paramref name="path"/>.</summary>
    public static int? InnermostLine(string stack, string path)
    {
        foreach (var frame in stack.AsSpan().EnumerateLines())
        {
            var place = frame.TrimEnd(')');
            var colon = place.LastIndexOf(':');
            if (colon < 0 || !place.TrimStart().StartsWith("at ", StringComparison.Ordinal)) continue;
            var before = place[..colon];
            var isHere = before.EndsWith(path, StringComparison.Ordinal)
                && before.Length > path.Length && before[^(path.Length + 1)] is ' ' or '(';
            if (isHere && int.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var line)) return line;
        }
        return null;
    }
}
