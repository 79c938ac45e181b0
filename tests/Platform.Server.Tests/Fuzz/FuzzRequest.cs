using System.Text;

namespace Platform.Server.Tests.Fuzz;

/// <param name="Path">Below the host, percent-encoded.</param>
/// <param name="Body"><c>null</c> for none.</param>
internal sealed record FuzzRequest(int Number, string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, string ContentType)
{
    private const int Shown = 3000;

    public bool IsBatch => Path.Contains("/$batch", StringComparison.Ordinal);

    /// <summary>Goes to the Web API, whatever a server makes of dots in its path.</summary>
    public bool IsWebApi => Path.StartsWith("/api/data/", StringComparison.Ordinal) && !Path.Contains("..", StringComparison.Ordinal) && !Path.Contains("/.", StringComparison.Ordinal) && !Path.Contains("%2e", StringComparison.OrdinalIgnoreCase);

    public HttpRequestMessage Message(Uri server)
    {
        // As it stands: what a client would mend is what is tried here.
        var url = new Uri(server.GetLeftPart(UriPartial.Authority) + Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(Method), url);
        foreach (var (name, value) in Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (Body is null) return message;
        message.Content = new ByteArrayContent(Body);
        message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        return message;
    }

    /// <summary>All that the client says, to look in it for what an answer repeats.</summary>
    public string Text => $"{Uri.UnescapeDataString(Path)} {Path} {string.Join(' ', Headers.Select(header => header.Value))} {ContentType} {(Body is null ? "" : Encoding.UTF8.GetString(Body))}";

    public override string ToString() => string.Join("\n    ", (string[])
    [
        $"#{Number} {Method} {Short(Path)}",
        .. Headers.Select(header => $"{header.Name}: {Short(header.Value)}"),
        .. Body is null ? (string[])[] : [$"Content-Type: {ContentType}", Short(Encoding.UTF8.GetString(Body))],
    ]);

    private static string Short(string text) => text.Length <= Shown ? text : $"{text[..Shown]}… ({text.Length} characters)";
}
