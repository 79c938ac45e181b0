using System.Collections.Immutable;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Engine.Sql;

namespace Platform.Engine;

/// <summary>The one door to records and metadata: designer, app, Web API, command line and scripts all come through <see cref="ExecuteAsync"/>.</summary>
public sealed class PlatformEngine
{
    private readonly Lazy<MessagePipeline> pipeline;
    private readonly TimeProvider clock;
    private readonly Lock swap = new();
    private readonly AsyncLocal<ChangeSet?> current = new();
    private MetadataSnapshot metadata = MetadataSnapshot.Empty;

    internal PlatformEngine(Lazy<MessagePipeline> pipeline, TimeProvider clock)
    {
        this.pipeline = pipeline;
        this.clock = clock;
    }

    /// <summary>Metadata of the current version; take it once per message.</summary>
    public MetadataSnapshot Metadata => Volatile.Read(ref metadata);

    /// <summary>
    /// Executes a message through the pipeline; returns when what it wrote is durable, or, within
    /// <see cref="ExecuteTogetherAsync"/>, when it is written.
    /// </summary>
    /// <exception cref="PlatformException">The message was refused; nothing of it remains.</exception>
    public Task<MessageResult> ExecuteAsync(Message message, Caller caller, CancellationToken ct) => Open is { } set
        ? pipeline.Value.RunMemberAsync(message, set.Root.ForMember(Metadata, caller, Now()), ct)
        : pipeline.Value.RunAsync(message, NewScope(caller), ct);

    /// <summary>
    /// Executes all messages that <paramref name="work"/> sends with <see cref="ExecuteAsync"/> in one transaction; returns
    /// when it is durable. Each message sees what those before it wrote. An exception that leaves the work, or two minutes,
    /// roll all of it back.
    /// </summary>
    /// <param name="work">
    /// Sends one message after the other, with the token given, and waits for nothing outside: on SQLite nobody else writes
    /// meanwhile. It may run again from its beginning, when the database chose this transaction to end a deadlock.
    /// </param>
    /// <param name="caller">Who answers for the whole; each message names its own.</param>
    /// <exception cref="PlatformException">It took longer than two minutes, or is what the work let pass.</exception>
    public Task<T> ExecuteTogetherAsync<T>(Func<CancellationToken, Task<T>> work, Caller caller, CancellationToken ct)
    {
        if (Open is not null) throw new InvalidOperationException("Messages that are executed together cannot hold others that are.");
        var root = NewScope(caller);
        return pipeline.Value.RunTogetherAsync(token => WithinSetAsync(work, new ChangeSet(root), token), root, ct);
    }

    /// <summary>The transaction of the messages that are executed together here; <c>null</c> outside of such.</summary>
    internal SqlSession? OpenTransaction => Open?.Root.InTransaction;

    /// <summary>Makes a version current, unless a newer one is. Messages that run keep the one they pinned.</summary>
    internal void Publish(MetadataSnapshot next)
    {
        lock (swap)
        {
            if (next.Version >= Metadata.Version) Volatile.Write(ref metadata, next);
        }
    }

    /// <summary>What the database does not have yet of the current version has changed.</summary>
    internal void Show(ImmutableSortedDictionary<string, IndexBuild> open)
    {
        lock (swap) Volatile.Write(ref metadata, Metadata.WithBuilds(open));
    }

    private ChangeSet? Open => current.Value is { IsOpen: true } set ? set : null;

    private async Task<T> WithinSetAsync<T>(Func<CancellationToken, Task<T>> work, ChangeSet set, CancellationToken ct)
    {
        current.Value = set;
        try
        {
            return await work(ct);
        }
        finally
        {
            set.Close();
        }
    }

    private MessageScope NewScope(Caller caller) => new()
    {
        Metadata = Metadata,
        Caller = caller,
        Now = Now(),
        CorrelationId = Guid.CreateVersion7(clock.GetUtcNow()),
    };

    private DateTime Now()
    {
        var ticks = clock.GetUtcNow().Ticks;
        return new DateTime(ticks - (ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
    }
}
