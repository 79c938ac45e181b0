using System.Collections.Immutable;
using Platform.Engine;

namespace Platform.OData.Queries;

/// <summary>
/// The text of <c>$apply</c> as a chain of transformations. Each is parsed by itself, over what the ones before it have
/// made, so that the library checks names and types of groups as it does those of rows; <c>concat</c> it does not know.
/// </summary>
internal static class ApplyText
{
    /// <summary>The transformations of a chain, in their order.</summary>
    /// <exception cref="PlatformException">There is none between two slashes, or a parenthesis is not closed.</exception>
    public static ImmutableArray<string> Chain(string text) => Split(text, '/');

    /// <summary>The chains of <c>concat(…,…)</c>; <c>null</c> for another transformation.</summary>
    /// <exception cref="PlatformException">There are fewer than two.</exception>
    public static ImmutableArray<string>? Concat(string transformation)
    {
        if (!transformation.StartsWith("concat", StringComparison.Ordinal) || transformation["concat".Length..].TrimStart() is not ['(', .. var inner, ')']) return null;
        var chains = Split(inner, ',');
        return chains.Length > 1 ? chains : throw Errors.BadRequest("concat in $apply has fewer than two chains of transformations.", "Write concat(groupby((name)),aggregate($count as n)).");
    }

    private static ImmutableArray<string> Split(string text, char separator)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var (depth, begin, quote) = (0, 0, '\0');
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (quote != '\0') quote = character == quote ? '\0' : quote;
            else if (character is '\'' or '"') quote = character;
            else if (character == '(') depth++;
            else if (character == ')' && --depth < 0) throw Errors.BadRequest($"A parenthesis in $apply is closed that was not opened: '{text[..(at + 1)]}'.");
            else if (character == separator && depth == 0)
            {
                Add(text[begin..at]);
                begin = at + 1;
            }
        }
        if (depth > 0) throw Errors.BadRequest($"A parenthesis in $apply is not closed: '{text[begin..]}'.");
        Add(text[begin..]);
        return parts.ToImmutable();

        void Add(string part) => parts.Add(string.IsNullOrWhiteSpace(part) ? throw Errors.BadRequest($"A transformation is missing in '{text}' of $apply.") : part.Trim());
    }
}
