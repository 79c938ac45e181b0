using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Engine.Records;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>
/// Reads <c>EXPLAIN QUERY PLAN</c>, and estimates what SQLite does not say: how many rows it visits. Loops that stand beside
/// each other are nested in each other, so their numbers multiply; a search by an index finds as many rows as SQLite itself
/// assumes where nothing has been counted, one by a unique index finds one.
/// </summary>
internal sealed partial class SqlitePlan : IRowReceiver
{
    /// <summary>Rows of a table that have one value of an index (SQLite's assumption, https://sqlite.org/fileformat2.html#stat1tab without a table of statistics).</summary>
    private const double AlikeInIndex = 10;

    private readonly List<(long Id, long Parent, string Detail)> nodes = [];

    public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
    {
        nodes.Add((row.GetInt64(0), row.GetInt64(1), row.GetString(3)));
        return ValueTask.FromResult(true);
    }

    /// <summary>Plans a statement without running it.</summary>
    public static async Task<StatementPlan> OfAsync(SqliteSession session, SqlStatement statement, CancellationToken ct)
    {
        var plan = new SqlitePlan();
        await session.QueryAsync(statement with { Text = "EXPLAIN QUERY PLAN " + statement.Text }, plan, ct);
        var sizes = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (alias, table) in Aliases().Matches(statement.Text).Select(match => (match.Groups["alias"].Value, match.Groups["table"].Value)).DistinctBy(found => found.Item1))
        {
            var highest = new OneNumber();
            // Rows that went are counted, too: an estimate, and found at once however large the table is.
            await session.QueryAsync(new SqlStatement($"SELECT max(rowid) FROM {SqlDialect.Quote(table)}"), highest, ct);
            sizes[alias] = Math.Max(1, highest.Value);
        }
        return plan.Read(sizes, statement.Text);
    }

    private StatementPlan Read(Dictionary<string, double> sizes, string text)
    {
        var lines = ImmutableArray.CreateBuilder<string>(nodes.Count);
        Write(0, 0, lines);
        // "… FOR LAST TERM OF ORDER BY" brings but rows into order that are alike in what comes before.
        var sorts = nodes.Any(node => node.Detail == "USE TEMP B-TREE FOR ORDER BY");
        var scanned = nodes.Select(node => Scan().Match(node.Detail)).Where(match => match.Success).Select(match => match.Groups["alias"].Value).Distinct().ToImmutableArray();
        return new StatementPlan(lines.ToImmutable(), Math.Round(Cost(0, sizes)), scanned, sorts);
    }

    private void Write(long parent, int depth, ImmutableArray<string>.Builder lines)
    {
        foreach (var node in nodes.Where(node => node.Parent == parent))
        {
            lines.Add(new string(' ', 2 * depth) + node.Detail);
            Write(node.Id, depth + 1, lines);
        }
    }

    private double Cost(long parent, Dictionary<string, double> sizes)
    {
        var (rows, cost) = (1.0, 0.0);
        foreach (var (id, _, detail) in nodes.Where(node => node.Parent == parent))
        {
            var below = Cost(id, sizes);
            if (detail.StartsWith("CORRELATED", StringComparison.Ordinal)) cost += rows * Math.Max(1, below);
            else if (Visit().Match(detail) is { Success: true } visit)
            {
                rows *= Visited(visit, sizes);
                cost += rows + below;
            }
            else cost += below;
        }
        return cost;
    }

    private static double Visited(Match visit, Dictionary<string, double> sizes)
    {
        var size = sizes.GetValueOrDefault(visit.Groups["alias"].Value, 1000);
        var how = visit.Groups["how"].Value;
        if (visit.Groups["kind"].Value == "SCAN") return size;
        if (how.Contains("PRIMARY KEY (rowid=?)", StringComparison.Ordinal) || (how.Contains("sqlite_autoindex", StringComparison.Ordinal) && how.Contains("=?)", StringComparison.Ordinal))) return 1;
        return how.Contains("=?", StringComparison.Ordinal) ? Math.Min(size, AlikeInIndex) : size / 4;
    }

    [GeneratedRegex("""(?:FROM|JOIN) "(?<table>\w+)"(?: AS (?<alias>\w+))""", RegexOptions.CultureInvariant)]
    private static partial Regex Aliases();

    [GeneratedRegex(@"^SCAN (?<alias>\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Scan();

    [GeneratedRegex(@"^(?<kind>SCAN|SEARCH) (?<alias>\w+)(?<how>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Visit();
}
