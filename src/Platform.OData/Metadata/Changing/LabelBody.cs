using System.Collections.Immutable;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;

namespace Platform.OData.Metadata.Changing;

/// <summary>A label as a client writes it.</summary>
/// <param name="English">The English text, else the first one.</param>
/// <param name="Translations">By two-letter language.</param>
/// <param name="HasEnglish">The body says something in English.</param>
internal sealed record LabelBody(string English, ImmutableDictionary<string, string> Translations, bool HasEnglish)
{
    /// <exception cref="PlatformException">A language is none, or a text is none.</exception>
    public static LabelBody? Of(DefinitionBody label)
    {
        var texts = label.Objects("LocalizedLabels");
        if (texts.Count == 0 && label.Object("UserLocalizedLabel") is { } own) texts = [own];
        var translations = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        string? english = null, first = null;
        foreach (var text in texts)
        {
            if (text.Text("Label") is not { Length: > 0 } written) continue;
            first ??= written;
            var language = LanguageOf(text, text.Integer("LanguageCode") ?? throw text.Missing("LanguageCode"));
            if (language == Label.EnglishLanguage) english = written;
            else translations[language] = written;
        }

        return first is null ? null : new LabelBody(english ?? first, translations.ToImmutable(), english is not null);
    }

    /// <summary>It says anything else than a label that holds.</summary>
    /// <param name="merge">Languages that the body leaves out say nothing.</param>
    public bool Changes(Label current, bool merge) =>
        (HasEnglish && English != current.English)
        || Translations.Any(text => current.Translations.GetValueOrDefault(text.Key) != text.Value)
        || (!merge && current.Translations.Keys.Any(language => !Translations.ContainsKey(language)));

    /// <summary>Writes the translations, and what of the languages that the body leaves out goes or stays.</summary>
    /// <param name="path">Where in the component the label is, as in label files.</param>
    /// <param name="current">The label as it holds; <c>null</c> for a new one.</param>
    /// <param name="merge">Languages that the body leaves out keep their text.</param>
    public void WriteTranslations(CustomizationDraft draft, string component, string path, Label? current, bool merge)
    {
        foreach (var (language, text) in Translations)
        {
            if (current?.Translations.GetValueOrDefault(language) != text) draft.SetLabel(language, component, path, text);
        }

        if (merge || current is null) return;
        foreach (var language in current.Translations.Keys.Where(language => !Translations.ContainsKey(language))) draft.SetLabel(language, component, path, null);
    }

    private static string LanguageOf(DefinitionBody label, int code) =>
        LanguageCode.TwoLetters(code) ?? throw label.Wrong("LanguageCode", "the code of a language with a name of two letters, such as 1033 or 1042");
}
