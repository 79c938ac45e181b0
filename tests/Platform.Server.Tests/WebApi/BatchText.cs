using System.Text;

namespace Platform.Server.Tests.WebApi;

/// <summary>Writes batches of the form multipart/mixed, and takes their answers apart.</summary>
internal static class BatchText
{
    public const string Boundary = "batch_test";

    /// <summary>One request, with the headers of its part and of itself.</summary>
    public static string Part(string request, string? body = null, string? id = null, string headers = "") =>
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n" + (id is null ? "" : $"Content-ID: {id}\r\n")
        + $"\r\n{request} HTTP/1.1\r\n{headers}" + (body is null ? "\r\n" : $"Content-Type: application/json\r\n\r\n{body}");

    public static string ChangeSet(params string[] parts) => $"Content-Type: multipart/mixed; boundary=changeset_test\r\n\r\n{Join("changeset_test", parts)}";

    public static string Batch(params string[] parts) => Join(Boundary, parts);

    public static HttpContent Content(string text, string? type = null) => Content(Encoding.UTF8.GetBytes(text), type);

    public static HttpContent Content(byte[] bytes, string? type = null)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type ?? $"multipart/mixed; boundary=\"{Boundary}\"");
        return content;
    }

    /// <summary>The status lines of an answer, in their order.</summary>
    public static int[] Statuses(string answer) =>
        [.. answer.Split("\r\n").Where(line => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)).Select(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture))];

    private static string Join(string boundary, string[] parts) => string.Concat(parts.Select(part => $"--{boundary}\r\n{part}\r\n")) + $"--{boundary}--\r\n";
}
