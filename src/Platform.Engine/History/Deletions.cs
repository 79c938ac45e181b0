using Platform.Engine.Sql;

namespace Platform.Engine.History;

/// <summary>The memory of deletions, which ends.</summary>
public sealed class Deletions(Database database, TimeProvider clock)
{
    /// <summary>How long a deletion is remembered at least, and so how old a delta link may be: Dataverse's <c>ExpireChangeTrackingInDays</c>.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Forgets deletions that no delta link can ask for any more.</summary>
    /// <returns>Their number.</returns>
    public Task<int> ForgetExpiredAsync(CancellationToken ct) =>
        // A day longer than links live: whoever asks at the last moment finds all of them.
        database.WriteAsync((session, token) => DeletionTable.ForgetAsync(session, clock.GetUtcNow().UtcDateTime - Kept - TimeSpan.FromDays(1), token), waits: false, ct);
}
