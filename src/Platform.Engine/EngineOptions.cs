namespace Platform.Engine;

/// <summary>Where the engine keeps its data. Exactly one of the two is set.</summary>
public sealed record EngineOptions
{
    /// <summary>File of the embedded database; made when it is not there.</summary>
    public string? SqliteFile { get; init; }

    /// <summary>PostgreSQL connection string in Npgsql's form: <c>Host=…;Database=…;Username=…</c>.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>How often the database is asked whether another process has published, beside the notice that each publish sends; 3 seconds by default.</summary>
    public TimeSpan FollowEvery { get; init; } = TimeSpan.FromSeconds(3);
}
