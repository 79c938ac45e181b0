using System.Globalization;
using System.Resources;
using Platform.Studio.Session;

namespace Platform.Studio.Text;

/// <summary>Texts of the user interface in the language of the session. The keys are those of <c>UiText.resx</c>.</summary>
public sealed class UiText(StudioSession session)
{
    internal static ResourceManager Resources { get; } = new("Platform.Studio.Text.UiText", typeof(UiText).Assembly);

    public string Language => session.Language;

    public CultureInfo Culture => session.Culture;

    /// <summary>The text with this key; the key itself when there is none, so that a gap is seen instead of a crash.</summary>
    public string this[string key] => Resources.GetString(key, session.Culture) ?? key;

    /// <summary>The text with its placeholders filled.</summary>
    public string this[string key, params object?[] values] => string.Format(session.Culture, this[key], values);

    /// <summary>A metadata label in the session's language.</summary>
    public string this[Label label] => label.For(session.Language);

    /// <summary>A number with grouping.</summary>
    public string Count(long count) => count.ToString("N0", session.Culture);
}
