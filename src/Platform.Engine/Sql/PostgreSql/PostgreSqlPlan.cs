using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Engine.Records;

namespace Platform.Engine.Sql.PostgreSql;

/// <summary>Reads <c>EXPLAIN</c>.</summary>
internal sealed partial class PostgreSqlPlan : IRowReceiver
{
    private readonly ImmutableArray<string>.Builder lines = ImmutableArray.CreateBuilder<string>();

    public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
    {
        lines.Add(row.GetString(0));
        return ValueTask.FromResult(true);
    }

    /// <summary>Plans a statement without running it.</summary>
    public static async Task<StatementPlan> OfAsync(PostgreSqlSession session, SqlStatement statement, CancellationToken ct)
    {
        var plan = new PostgreSqlPlan();
        await session.QueryAsync(statement with { Text = "EXPLAIN " + statement.Text }, plan, ct);
        var all = plan.lines.ToImmutable();
        var cost = all.Select(line => Total().Match(line)).FirstOrDefault(match => match.Success) is { } total ? double.Parse(total.Groups["cost"].Value, CultureInfo.InvariantCulture) : 0;
        ImmutableArray<string> scanned = [.. all.Select(line => Scan().Match(line)).Where(match => match.Success).Select(match => match.Groups["alias"].Value).Distinct()];
        return new StatementPlan(all, cost, scanned, all.Any(line => line.Contains("Sort Key:", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"\(cost=[\d.]+\.\.(?<cost>[\d.]+) rows=", RegexOptions.CultureInvariant)]
    private static partial Regex Total();

    [GeneratedRegex(@"Seq Scan on ""?\w+""? (?<alias>\w+) ", RegexOptions.CultureInvariant)]
    private static partial Regex Scan();
}
