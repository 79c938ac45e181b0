using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Platform.Engine.Metadata;
using Platform.Studio.Forms;
using Platform.Studio.Lists;
using Platform.Studio.Text;

namespace Platform.Studio.Tests;

public sealed partial class UiTextTests
{
    [Fact]
    public void Every_text_exists_in_English_and_in_Korean_with_the_same_placeholders()
    {
        var english = Texts("");
        var korean = Texts("ko");

        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), korean.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Placeholders(text.Value), Placeholders(korean[text.Key])));
        Assert.All(korean.Values, text => Assert.False(string.IsNullOrWhiteSpace(text)));
    }

    [Fact]
    public void Every_key_in_the_sources_has_a_text_and_every_text_is_used()
    {
        var folder = SourceFolder();
        var sources = Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(File.ReadAllText);
        var literals = sources.SelectMany(source => Literal().Matches(source)).Select(match => match.Groups[1].Value).ToHashSet();
        string[] composed =
        [
            .. Enum.GetNames<FilterOperator>().Select(name => "filter." + name),
            .. Enum.GetNames<ConflictChoice>().Select(name => "conflict." + name),
            .. Session.Preferences.Themes.Select(name => "theme." + name),
        ];
        var texts = Texts("").Keys;

        Assert.Empty(composed.Except(texts));
        Assert.Empty(sources.SelectMany(source => Indexed().Matches(source)).Select(match => match.Groups[1].Value).Where(key => !key.EndsWith('.')).Except(texts));
        Assert.Empty(texts.Except(literals).Except(composed));
    }

    [Fact]
    public void A_label_shows_in_the_sessions_language_and_falls_back_to_English()
    {
        var label = new Label("Card", new Dictionary<string, string> { ["ko"] = "카드" });

        Assert.Equal("카드", Samples.Ui("ko")[label]);
        Assert.Equal("Card", Samples.Ui("en")[label]);
        Assert.Equal("Card", Samples.Ui("ko")[new Label("Card")]);
    }

    private static Dictionary<string, string> Texts(string culture)
    {
        var set = UiText.Resources.GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: false);
        return set!.Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
    }

    private static IEnumerable<string> Placeholders(string text) =>
        Placeholder().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "../../src/Platform.Studio");

    [GeneratedRegex(@"\{\d+(:\w+)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("\"([a-z]+(?:\\.[a-zA-Z]+)*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("\\b[Uu]i\\[\"([^\"]+)\"")]
    private static partial Regex Indexed();
}
