namespace Platform.Engine.Sql.PostgreSql;

/// <summary>
/// Which row versions transactions may have taken that are still running. Before a transaction takes its first one it holds
/// a shared advisory lock whose key names the last version taken until then; the lock goes with the transaction, and not
/// before what it wrote can be seen. Nobody waits for such locks, they are only looked at.
/// </summary>
internal static class RunningVersions
{
    /// <summary>Upper 16 bits of the keys, the platform's own; the version is in the other 48.</summary>
    private const int Space = 0x504C;

    /// <summary>The last version that any transaction has taken.</summary>
    public const string Last = $"SELECT {Taken} FROM platform_version";

    /// <summary>Takes the next version.</summary>
    public const string Next = "SELECT nextval('platform_version')";

    /// <summary>Announces that this transaction takes versions above the last one.</summary>
    public static readonly string Announce = $"SELECT pg_advisory_xact_lock_shared(({Space}::bigint << 48) | ({Taken})) FROM platform_version";

    /// <summary>The lowest version above which a running transaction has taken some; empty where none is running.</summary>
    public static readonly string Lowest =
        $"SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND (classid::bigint >> 16) = {Space} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    // Before the first version the sequence says which one that will be.
    private const string Taken = "CASE WHEN is_called THEN last_value ELSE last_value - 1 END";
}
