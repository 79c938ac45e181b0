using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Server.Tests.Fuzz;

/// <param name="Status">0 when there was no answer.</param>
internal sealed record FuzzAnswer(FuzzRequest Request, int Status, string ContentType, string Text)
{
    /// <summary>Nothing of it was carried out: in a batch not one request.</summary>
    public bool IsRefused => Status >= 400 && !Text.Contains("HTTP/1.1 2", StringComparison.Ordinal) && !Text.Contains("\"status\":2", StringComparison.Ordinal);
}

/// <summary>What every answer must be, whatever was asked.</summary>
internal static partial class FuzzJudge
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    /// <summary>What is wrong with an answer; <c>null</c> for nothing.</summary>
    public static string? Fault(FuzzAnswer answer)
    {
        if (answer.Status == 0) return answer.Text;
        if (answer.Status is >= 500 and not 501) return "a failure of the server";
        if (answer.Request.IsBatch && InnerFault(answer) is { } inner) return inner;
        if (answer.Status >= 400 && !IsExplained(answer) && Leaks().Match(answer.Text) is { Success: true } leak && !answer.Request.Text.Contains(leak.Value, StringComparison.OrdinalIgnoreCase)) return $"the answer tells of '{leak.Value}'";
        if (answer.Request.Method is "HEAD" || !answer.Request.IsWebApi || IsOfTheTransport(answer)) return null;
        if (answer.Status is >= 400 && !(answer.Request.IsBatch && !answer.ContentType.StartsWith("application/json", StringComparison.Ordinal)) && !IsBatchAnswer(answer)) return ErrorFault(answer.Text);
        return answer.ContentType.StartsWith("application/json", StringComparison.Ordinal) && answer.Text.Length > 0 && !IsJson(answer.Text) ? "the body is no JSON" : null;
    }

    /// <summary>Who asks how a query is answered, or asks too much, is told its statement: of rows that the caller may read.</summary>
    private static bool IsExplained(FuzzAnswer answer) =>
        answer.Request.Text.Contains("explain", StringComparison.Ordinal) || answer.Text.Contains("@Platform.Explanation", StringComparison.Ordinal);

    /// <summary>What no request line can hold is refused before there is a request.</summary>
    private static bool IsOfTheTransport(FuzzAnswer answer) =>
        answer.Text.Length == 0 && (answer.Status is 414 or 431 || (answer.Status == 400 && answer.Request.Path.Contains("%00", StringComparison.Ordinal)));

    private static bool IsBatchAnswer(FuzzAnswer answer) => answer.Request.IsBatch && answer.Text.StartsWith("{\"responses\"", StringComparison.Ordinal);

    private static string? ErrorFault(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Deep);
            var error = document.RootElement.GetProperty("error");
            return error.GetProperty("code").GetString() is { Length: > 0 } && error.GetProperty("message").GetString() is { Length: > 0 } ? null : "the error has no code or message";
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "the error has not the form of one";
        }
    }

    private static string? InnerFault(FuzzAnswer answer)
    {
        foreach (Match status in InnerStatus().Matches(answer.Text))
        {
            var code = int.Parse(status.Groups[1].Value + status.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);
            if (code is >= 500 and not 501) return "a failure of the server within a batch";
        }
        return null;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Deep);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex("""HTTP/1\.1 (\d{3}) |"status":(\d{3})\b""")]
    private static partial Regex InnerStatus();

    /// <summary>Words of the database, of .NET and of our own types.</summary>
    [GeneratedRegex("""(?-i:\bSELECT [\w"*(]|\bINSERT INTO\b|\bFROM ["\w]|\bWHERE [\w"(])|sqlite|npgsql|postgres|SQLSTATE|\b\d{2}[0-9P]\d{2}: |System\.[A-Z]\w+|Microsoft\.(?!Dynamics)[A-Z]\w+|Platform\.(Engine|OData|Server|Sandbox|Sdk)\b|\w+Exception\b|^\s+at \w|\.cs\b|`\d|Parameter '\w+'\)|object reference""", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Leaks();
}
