using System.Globalization;

namespace Platform.Engine.Metadata;

/// <summary>Windows' numbers of languages, by which Dataverse names them: 1033 English, 1042 Korean.</summary>
public static class LanguageCode
{
    /// <summary>The two letters under which texts in the language are kept; <c>null</c> for a number that is no language's, and for languages that have no name of two letters.</summary>
    public static string? TwoLetters(int code)
    {
        try
        {
            // The culture of no language calls itself "iv".
            return CultureInfo.GetCultureInfo(code) is { Name.Length: > 0, TwoLetterISOLanguageName: { Length: 2 } language } ? language : null;
        }
        catch (Exception unknown) when (unknown is CultureNotFoundException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
