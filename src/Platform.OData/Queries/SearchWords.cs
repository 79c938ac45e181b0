using System.Text;
using Platform.Engine;

namespace Platform.OData.Queries;

/// <summary>
/// The words and phrases of <c>$search</c> that hold more than letters. The parser's lexer knows the letters of OData 4.0
/// only, so that words of letters stand for them until it has read the text.
/// </summary>
internal sealed class SearchWords
{
    /// <summary>Begin of the words that stand for others; no client can know it.</summary>
    private static readonly string Mark = $"platformphrase{Letters(Marks.Own)}";

    private readonly List<string> words = [];

    /// <summary>What a word of the rewritten text stands for.</summary>
    public string this[string word] =>
        word.StartsWith(Mark, StringComparison.Ordinal) && Number(word.AsSpan(Mark.Length)) is var number && number < words.Count ? words[number] : word;

    /// <summary>The text in words that the parser can read.</summary>
    /// <exception cref="PlatformException">A phrase is empty or has no end.</exception>
    public string Rewrite(string search)
    {
        var text = new StringBuilder(search.Length + 8);
        for (var at = 0; at < search.Length;)
        {
            if (search[at] == '"')
            {
                var phrase = Phrase(search, ref at);
                text.Append(' ').Append(Stand(phrase.Length > 0 ? phrase : throw Errors.BadRequest("$search has a phrase without a word."))).Append(' ');
                continue;
            }
            var end = at + 1;
            if (!IsBorder(search[at])) while (end < search.Length && !IsBorder(search[end])) end++;
            var part = search[at..end];
            text.Append(IsBorder(part[0]) || part.All(char.IsLetter) ? part : Stand(part));
            at = end;
        }
        return text.ToString();
    }

    /// <summary>A message of the parser's without the words that stand for others.</summary>
    public static string Restore(string message)
    {
        while (message.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var begin)
        {
            var end = begin + Mark.Length;
            while (end < message.Length && char.IsAsciiLetterLower(message[end])) end++;
            message = $"{message[..begin]}…{message[end..]}";
        }
        return message;
    }

    private string Stand(string word)
    {
        words.Add(word);
        return Mark + Letters(words.Count - 1);
    }

    private static bool IsBorder(char character) => character is '"' or '(' or ')' || char.IsWhiteSpace(character);

    /// <summary>What stands between the quotes; a backslash before a quote or another backslash makes it stand for itself.</summary>
    private static string Phrase(string search, ref int at)
    {
        var phrase = new StringBuilder();
        while (++at < search.Length)
        {
            if (search[at] == '"')
            {
                at++;
                return phrase.ToString();
            }
            if (search[at] == '\\' && (++at == search.Length || search[at] is not ('"' or '\\')))
                throw Errors.BadRequest("In a phrase of $search a backslash stands before a quote or another backslash.");
            phrase.Append(search[at]);
        }
        throw Errors.BadRequest($"The phrase \"{phrase} in $search is not closed by a quote.");
    }

    private static string Letters(int number) => number < 26 ? $"{(char)('a' + number)}" : $"{Letters(number / 26)}{(char)('a' + number % 26)}";

    private static int Number(ReadOnlySpan<char> letters)
    {
        var number = 0;
        foreach (var letter in letters) number = number * 26 + letter - 'a';
        return number;
    }

    private static string Letters(string hexadecimal) => string.Concat(hexadecimal.Select(digit => (char)(char.IsAsciiDigit(digit) ? 'g' + digit - '0' : digit)));
}
