using System.Text.RegularExpressions;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>The text of a query in which something was replaced or left out. It may be nonsense; what matters is that both databases say the same about it, and that no database does.</summary>
/// <param name="Query">Options as a client sends them.</param>
internal sealed partial record BrokenAsk(PlainTable Table, string Query) : Asked(Table)
{
    private static readonly string[] Pieces =
    [
        "eq", "ne", "gt", "in", "and", "or", "not", "add", "div", "mod", "sub", "mul", "null", "true", "0", "1.5", "-1", "99999999999999999999", "1e308", "1e-30", "'x'", "''", "2024-02-30", "2024-02-29", "0000-01-01", "2024-01-01T00:00:00Z",
        "duration'P99999D'", "00000000-0000-0000-0000-000000000000", "cmp_name", "cmp_int", "cmp_big", "cmp_real", "cmp_fine", "cmp_money", "cmp_day", "cmp_time", "cmp_flag", "cmp_many", "cmp_choice", "_cmp_groupid_value", "cmp_groupid/cmp_sum", "cmp_item_tags", "cmp_nothing",
        "length", "year", "substring", "tolower", "round", "contains", "date", "totalseconds", "any", "all", "sum", "average", "countdistinct", "desc", "(", ")", ",", "/",
    ];

    public static BrokenAsk Of(Ask ask, Random random)
    {
        var options = ask.Options.ToList();
        var at = random.Next(options.Count);
        for (var times = random.Next(1, 3); times > 0; times--)
        {
            var tokens = Token().Matches(options[at].Value);
            var token = tokens[random.Next(tokens.Count)];
            options[at] = (options[at].Name, options[at].Value.Remove(token.Index, token.Length).Insert(token.Index, random.Next(6) == 0 ? "" : Pieces[random.Next(Pieces.Length)]));
            if (options[at].Value.Length == 0) break;
        }
        return new BrokenAsk(ask.Table, "?" + string.Join('&', options.Select(option => $"{option.Name}={Uri.EscapeDataString(option.Value)}")));
    }

    public override IEnumerable<BrokenAsk> Smaller() => Uri.UnescapeDataString(Query)[1..].Split('&') is { Length: > 1 } ? Query[1..].Split('&').Select(option => this with { Query = "?" + string.Join('&', Query[1..].Split('&').Except([option])) }) : [];

    public override string ToString() => $"{Table.Set}{Uri.UnescapeDataString(Query)}";

    [GeneratedRegex("'(?:[^']|'')*'|[^\\s(),']+|[(),]|'")]
    private static partial Regex Token();
}
