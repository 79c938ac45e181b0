namespace Platform.Server.Tests.Fuzz;

/// <summary>Headers that mean something to the Web API, with values that mean something or not.</summary>
internal sealed class HeaderGrammar(Dice dice, HostileValues values)
{
    private static readonly (string Name, string[] Values)[] Known =
    [
        ("If-Match", ["*", "W/\"1\"", "W/\"999999999999999999999\"", "\"x\"", "W/", "W/\"1\",W/\"2\"", "*,*", "W/\"-1\"", "1"]),
        ("If-None-Match", ["*", "W/\"1\"", "W/\"1\", *", "\"", "null", "W/\"18446744073709551616\""]),
        ("Prefer", ["return=representation", "return=minimal", "odata.maxpagesize=2", "odata.maxpagesize=0", "odata.maxpagesize=-1", "odata.maxpagesize=99999999999", "odata.include-annotations=\"*\"", "odata.include-annotations=\"OData.*,-x\"", "odata.continue-on-error",
            "respond-async", "return=", "=", ",,,", "odata.include-annotations=\"", "odata.track-changes", "odata.track-changes,odata.maxpagesize=2", "platform.explain", "a=b;c=d", "return=representation,return=minimal", "odata.allow-entityreferences"]),
        ("Accept", ["application/json", "application/json;odata.metadata=full", "application/xml", "*/*", "text/html", "multipart/mixed", "x", ";", "application/json;q=2"]),
        ("Accept-Language", ["ko", "en-US,en;q=0.5", "*", "zz", "x;q=a", "ko-KR-u-ca-buddhist"]),
        ("OData-Version", ["4.0", "4.01", "3.0", "x", "", "99999999999"]),
        ("OData-MaxVersion", ["4.0", "4.01", "x", ""]),
        ("MSCRM.MergeLabels", ["true", "x"]),
        ("MSCRM.SuppressDuplicateDetection", ["true", "false", "x"]),
        ("MSCRM.BypassCustomPluginExecution", ["true", "x"]),
        ("MSCRM.SolutionUniqueName", ["x", ""]),
        ("MSCRMCallerID", ["x", "0197a000-0000-7000-8000-000000000001"]),
        ("CallerObjectId", ["x"]),
        ("Content-ID", ["1", "x"]),
        ("Content-Encoding", ["gzip", "br", "deflate", "identity", "x"]),
        ("Range", ["bytes=0-0", "bytes=5-1", "bytes=x", "bytes=0-99999999999999999999", "bytes=-1"]),
        ("Content-Range", ["bytes 0-3/4", "bytes 0-3/*", "bytes 3-0/4", "x"]),
        ("x-ms-file-name", ["a.txt", "..", "%2e%2e%2fa", "a/b", "a\\b", "한.txt", ""]),
        ("x-ms-transfer-mode", ["chunked", "x"]),
        ("Origin", ["http://example.com", "null"]),
        ("X-HTTP-Method", ["DELETE", "PATCH"]),
        ("X-HTTP-Method-Override", ["DELETE"]),
        ("Cookie", ["a=b", ";;;"]),
    ];

    public IReadOnlyList<(string Name, string Value)> Make() =>
        !dice.Oddly(2) ? [] : [.. dice.Some(1, 4, () => dice.One(Known)).Select(header => (header.Name, Safe(dice.Oddly(10) ? values.Text() : dice.MaybeBroken(dice.One(header.Values), 6))))];

    public string ContentType() => dice.Oddly(10)
        ? dice.One("text/plain", "application/xml", "application/json; charset=utf-16", "application/json;charset=x", "application/json;odata.metadata=full;IEEE754Compatible=true", "multipart/mixed", "x", "", ";", "application/octet-stream", "application/x-www-form-urlencoded")
        : "application/json";

    /// <summary>What a header can hold; the transport sees to the rest.</summary>
    public static string Safe(string value)
    {
        var safe = string.Concat(value.Where(one => one is >= ' ' and not '\u007f' && !char.IsSurrogate(one)));
        return safe.Length > 1500 ? safe[..1500] : safe;
    }
}
