using System.Collections.Immutable;
using System.Data.Common;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;

namespace Platform.Engine.Packs;

/// <summary>A version that this process could not take into force.</summary>
/// <param name="Errors">Why not.</param>
public sealed record RefusedVersion(long Version, ImmutableArray<MetadataError> Errors);

/// <summary>What somebody may want to know about following.</summary>
public interface IFollowReport
{
    /// <summary>A version that another process has published is in force.</summary>
    void Followed(long version);

    /// <summary>A newer version cannot be taken into force; the one before is served on. Told once for each version.</summary>
    void Refused(RefusedVersion version);

    /// <summary>The database does not answer; it is asked again.</summary>
    void Disconnected(DbException fault);
}

/// <summary>
/// Takes into force what other processes on the same database publish, and drops what this one has cached of users'
/// rights and of currencies when another one changes them. Each such change sends a notice; because one can get lost with
/// its connection, the catalog is also asked, and the caches are dropped, every few seconds.
/// </summary>
public sealed class MetadataFollower
{
    /// <summary>Channel of the notices.</summary>
    internal const string NoticeChannel = "platform_metadata";

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Database database;
    private readonly Publisher publisher;
    private readonly Action forget;
    private readonly TimeProvider clock;
    private readonly News news;

    /// <param name="forget">Drops caches of what other processes may have changed.</param>
    /// <param name="every">Longest time until a change is seen whose notice got lost.</param>
    internal MetadataFollower(Database database, Publisher publisher, Action forget, TimeSpan every, TimeProvider clock) =>
        (this.database, this.publisher, this.forget, news, this.clock) = (database, publisher, forget, new News(every), clock);

    /// <summary>Follows until cancelled; at once done where no other process can publish: the embedded database belongs to one.</summary>
    public async Task RunAsync(IFollowReport report, CancellationToken ct)
    {
        if (!database.IsShared) return;
        try
        {
            await Task.WhenAll(ListenAsync(report, ct), FollowAsync(report, ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task FollowAsync(IFollowReport report, CancellationToken ct)
    {
        long told = 0;
        while (true)
        {
            await news.WaitAsync(ct);
            forget();
            try
            {
                if (await publisher.FollowAsync(ct)) report.Followed(publisher.Version);
                if (publisher.Behind is not { } refused || refused.Version == told) continue;
                told = refused.Version;
                report.Refused(refused);
            }
            catch (DbException fault)
            {
                report.Disconnected(fault);
            }
        }
    }

    private async Task ListenAsync(IFollowReport report, CancellationToken ct)
    {
        var pause = ShortestPause;
        while (true)
        {
            try
            {
                await database.ListenAsync(NoticeChannel, Hear, ct);
            }
            catch (DbException fault)
            {
                report.Disconnected(fault);
            }
            await Task.Delay(pause, clock, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        void Hear()
        {
            pause = ShortestPause;
            news.Tell();
        }
    }
}
