using System.Collections.Immutable;

namespace Platform.OData.Metadata.Types;

/// <summary>A text in several languages.</summary>
/// <param name="UserLocalizedLabel">In the caller's language, in English where there is none; <c>null</c> for no text at all.</param>
internal sealed record Label(ImmutableArray<LocalizedLabel> LocalizedLabels, LocalizedLabel? UserLocalizedLabel)
{
    public static Label Empty { get; } = new([], null);
}

/// <param name="Label">The text.</param>
/// <param name="LanguageCode">Windows' number of the language: 1033 English, 1042 Korean.</param>
internal sealed record LocalizedLabel(string Label, int LanguageCode, bool IsManaged, Guid MetadataId, bool? HasChanged = null);
