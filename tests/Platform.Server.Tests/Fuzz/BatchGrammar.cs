using System.Text;
using System.Text.Json;

namespace Platform.Server.Tests.Fuzz;

/// <summary>Batches of both forms, whose requests are cases themselves.</summary>
internal sealed class BatchGrammar(int number, Dice dice, BodyGrammar bodies, Func<FuzzRequest> single)
{
    private const string Path = "/api/data/v9.2/$batch";

    public FuzzRequest Make(HeaderGrammar headers)
    {
        var many = dice.Oddly(15) ? dice.One(120, 1001) : 4;
        var parts = dice.Some(0, many, single).ToList();
        if (many > 4) parts = [.. parts.Select(part => part with { Method = "GET", Path = "/api/data/v9.2/WhoAmI()", Body = null })];
        var isJson = dice.Once(2);
        var text = dice.MaybeBroken(isJson ? Json(parts) : Multipart(parts), 3);
        var type = dice.Oddly(6)
            ? dice.One("multipart/mixed", "multipart/mixed; boundary=", "multipart/mixed; boundary=other", "multipart/mixed; boundary=\"b", $"multipart/mixed; boundary={new string('b', 80)}", "multipart/form-data; boundary=b", "text/plain", "", "application/json; charset=utf-16")
            : isJson ? "application/json" : dice.One("multipart/mixed; boundary=b", "multipart/mixed;boundary=\"b\"");
        return new FuzzRequest(number, dice.Oddly(20) ? "GET" : "POST", Path, headers.Make(), Mutation.Bytes(text), type);
    }

    private string Multipart(IReadOnlyList<FuzzRequest> parts)
    {
        var text = new StringBuilder();
        var end = dice.Oddly(6) ? "\n" : "\r\n";
        var (open, ids) = (false, 1);
        foreach (var part in parts)
        {
            var isRead = part.Method == "GET";
            if (open && (isRead || dice.Once(3)))
            {
                text.Append("--c--").Append(end);
                open = false;
            }
            else if (!open && (!isRead || dice.Oddly(6)) && dice.Once(2))
            {
                text.Append("--b").Append(end).Append("Content-Type: multipart/mixed; boundary=c").Append(end).Append(end);
                open = true;
            }
            text.Append(open ? "--c" : "--b").Append(end);
            if (!dice.Oddly(15)) text.Append("Content-Type: application/http").Append(end).Append("Content-Transfer-Encoding: binary").Append(end);
            if (dice.Once(2)) text.Append("Content-ID: ").Append(dice.Oddly(3) ? dice.One("1", "x y", "$1", "", new string('9', 200)) : $"{ids++}").Append(end);
            text.Append(end).Append(part.Method).Append(' ').Append(Url(part)).Append(dice.Oddly(15) ? dice.One("", " HTTP/9", " x") : " HTTP/1.1").Append(end);
            foreach (var (name, value) in part.Headers) text.Append(name).Append(": ").Append(value).Append(end);
            if (part.Body is { } body) text.Append("Content-Type: ").Append(part.ContentType).Append(end).Append(end).Append(Encoding.UTF8.GetString(body));
            else text.Append(end);
            text.Append(end);
        }
        if (open && !dice.Oddly(8)) text.Append("--c--").Append(end);
        if (!dice.Oddly(8)) text.Append("--b--").Append(end);
        return text.ToString();
    }

    private string Json(IReadOnlyList<FuzzRequest> parts)
    {
        var requests = new List<string>();
        foreach (var part in parts)
        {
            var members = new List<(string Name, string Value)> { ("id", Quoted(dice.Oddly(5) ? dice.One("1", "2", "") : $"{requests.Count}")), ("method", Quoted(dice.One(part.Method, part.Method, part.Method.ToLowerInvariant()))), ("url", Quoted(Url(part))) };
            if (part.Method != "GET" && dice.Once(2)) members.Add(("atomicityGroup", Quoted(dice.Oddly(4) ? dice.One("h", "", "1") : "g")));
            if (dice.Oddly(4)) members.Add(("dependsOn", dice.One("[\"1\"]", "[\"g\",\"nothing\"]", "\"1\"", "[1]", "null")));
            if (part.Headers.Count > 0) members.Add(("headers", $"{{{string.Join(',', part.Headers.Select(header => $"{Quoted(header.Name)}:{Quoted(header.Value)}"))}}}"));
            if (part.Body is not null) members.Add(("body", Body(Encoding.UTF8.GetString(part.Body))));
            if (dice.Oddly(10)) members.Add((dice.One("id", "method", "url", "headers", "body", "x"), dice.One("1", "null", "true", "[]", "{}")));
            requests.Add($"{{{string.Join(',', members.Select(member => $"{Quoted(member.Name)}:{member.Value}"))}}}");
        }
        return $"{{{Quoted(dice.Oddly(15) ? "request" : "requests")}:[{string.Join(',', requests)}]}}";
    }

    /// <summary>As it is where it is JSON, or else as text.</summary>
    private string Body(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException)
        {
            return Quoted(text);
        }
    }

    private string Quoted(string text) => bodies.Quoted(text);

    private string Url(FuzzRequest part) => !dice.Oddly(3) ? part.Path.Replace("/api/data/v9.2/", "", StringComparison.OrdinalIgnoreCase) : dice.Below(3) switch
    {
        0 => dice.One("$1", "$2/name", "/$1", "$1/$ref", "$nothing", "$", "", "/", "$batch", "//example.com/x", "http://example.com/api/data/v9.2/accounts", "accounts('$1')"),
        _ => part.Path,
    };
}
