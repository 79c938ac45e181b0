using System.Collections.Immutable;
using System.Globalization;
using Platform.OData.Metadata.Types;
using EngineLabel = Platform.Engine.Metadata.Label;

namespace Platform.OData.Metadata.Projection;

/// <summary>Labels with all their languages, seen by a caller of one of them.</summary>
/// <param name="language">Two letters.</param>
internal sealed class LabelProjection(string language)
{
    private const int English = 1033;

    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal) { [EngineLabel.EnglishLanguage] = English };

    /// <param name="owner">Id of what the label belongs to.</param>
    /// <param name="part">Which of its labels.</param>
    /// <param name="isManaged">It comes from a managed layer.</param>
    public Label Of(EngineLabel? label, Guid owner, string part, bool isManaged)
    {
        if (label is null || (label.English.Length == 0 && label.Translations.Count == 0)) return Label.Empty;
        var id = MetadataIds.Label(owner, part);
        var texts = ImmutableArray.CreateBuilder<LocalizedLabel>(label.Translations.Count + 1);
        texts.Add(new LocalizedLabel(label.English, English, isManaged, id));
        foreach (var (translated, text) in label.Translations.OrderBy(translation => translation.Key, StringComparer.Ordinal))
            texts.Add(new LocalizedLabel(text, CodeOf(translated), isManaged, id));
        var own = CodeOf(language);
        var all = texts.DrainToImmutable();
        return new Label(all, all.FirstOrDefault(text => text.LanguageCode == own) ?? all[0]);
    }

    private int CodeOf(string twoLetters)
    {
        if (!codes.TryGetValue(twoLetters, out var code)) codes[twoLetters] = code = CultureInfo.CreateSpecificCulture(twoLetters).LCID;
        return code;
    }
}
