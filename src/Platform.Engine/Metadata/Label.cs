using System.Collections.ObjectModel;

namespace Platform.Engine.Metadata;

/// <summary>A text that people read, in English and in any number of further languages.</summary>
/// <param name="english">The text in the pack's files; the fallback of every language.</param>
/// <param name="translations">Texts by two-letter language (<c>ko</c>); nobody changes them any more.</param>
public sealed class Label(string english, IReadOnlyDictionary<string, string>? translations = null)
{
    public const string EnglishLanguage = "en";

    /// <summary>The English text.</summary>
    public string English { get; } = english;

    /// <summary>Translations by two-letter language, English not among them.</summary>
    public IReadOnlyDictionary<string, string> Translations { get; } = translations ?? ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The text in a two-letter language, in English where that language has none.</summary>
    public string For(string language) => Translations.GetValueOrDefault(language, English);

    public override string ToString() => English;

    public static implicit operator Label(string english) => new(english);
}
