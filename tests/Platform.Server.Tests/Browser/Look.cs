namespace Platform.Server.Tests.Browser;

/// <summary>What a browser asks for on behalf of its user.</summary>
/// <param name="Language"><c>en</c> or <c>ko</c>.</param>
/// <param name="Dark">The system's theme is dark.</param>
/// <param name="Width">CSS pixels; up to 640 the browser is a phone.</param>
public sealed record Look(string Language = "en", bool Dark = false, int Width = 1440)
{
    public const int Desktop = 1440;
    public const int Phone = 390;

    public bool IsPhone => Width <= 640;

    public int Height => IsPhone ? 844 : 900;

    public string Locale => Language == "ko" ? "ko-KR" : "en-US";

    public override string ToString() => $"{Language}-{(Dark ? "dark" : "light")}-{Width}";
}
