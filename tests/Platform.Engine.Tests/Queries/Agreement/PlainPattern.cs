using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>FetchXML's <c>like</c> and its relatives.</summary>
internal static class PlainPattern
{
    /// <summary>The opposites hold for nothing, too.</summary>
    public static bool Holds(LikeTest test, string? text)
    {
        var isOpposite = test.Word.StartsWith("not-", StringComparison.Ordinal);
        if (text is null) return isOpposite;
        var (folded, pattern) = (PlainOrder.Fold(text), PlainOrder.Fold(test.Pattern.Normalize()));
        var holds = test.Word switch
        {
            "begins-with" or "not-begin-with" => folded.StartsWith(pattern, StringComparison.Ordinal),
            "ends-with" or "not-end-with" => folded.EndsWith(pattern, StringComparison.Ordinal),
            _ => Regex.IsMatch(folded, Expression(pattern)),
        };
        return holds != isOpposite;
    }

    private static string Expression(string pattern)
    {
        var expression = new StringBuilder("^");
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '[')
            {
                expression.Append(Regex.Escape(pattern[at + 1].ToString()));
                at += 2;
            }
            else expression.Append(pattern[at] switch { '%' => @"[\s\S]*", '_' => @"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\uD800-\uDFFF])", var other => Regex.Escape(other.ToString()) });
        }
        return expression.Append(@"\z").ToString();
    }
}
