using System.Globalization;

namespace Platform.Studio.Session;

/// <summary>The preferences of one page view or circuit. The root component sets them before anything renders.</summary>
public sealed class StudioSession
{
    public Preferences Preferences { get; private set; } = new("en", Preferences.SystemTheme, null);

    public string Language => Preferences.Language;

    public CultureInfo Culture => Preferences.Culture;

    public void Use(Preferences preferences) => Preferences = preferences;
}
