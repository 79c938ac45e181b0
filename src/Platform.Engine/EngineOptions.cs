namespace Platform.Engine;

/// <summary>Where the engine keeps its data. Exactly one of the two is set.</summary>
public sealed record EngineOptions
{
    /// <summary>File of the embedded database; made when it is not there.</summary>
    public string? SqliteFile { get; init; }

    /// <summary>PostgreSQL connection string in Npgsql's form: <c>Host=…;Database=…;Username=…</c>.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>Rows from which on a table gets its new indexes and keys in the background, after the publish; 10,000 by default. Fewer are indexed within it.</summary>
    public int BuildLaterFrom { get; init; } = 10_000;

    /// <summary>
    /// Most that a query may cost, estimated before it runs: rows visited on SQLite, cost of the planner on PostgreSQL; 500
    /// million by default, which is minutes of work for one core. 0 is no limit.
    /// </summary>
    public double QueryBudget { get; init; } = 500_000_000;

    /// <summary>How often the database is asked whether another process has published, beside the notice that each publish sends; 3 seconds by default.</summary>
    public TimeSpan FollowEvery { get; init; } = TimeSpan.FromSeconds(3);
}
