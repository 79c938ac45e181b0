namespace Platform.Engine.Files;

/// <summary>Where content is read below the server's root, with a token or in the browser's session: <c>/api/platform/files/contact/&lt;id&gt;/entityimage</c>.</summary>
public static class ContentAddress
{
    /// <summary>Ends with a slash.</summary>
    public const string Root = "/api/platform/files/";
}
