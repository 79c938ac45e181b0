using System.Collections.Immutable;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;

namespace Platform.Engine;

/// <summary>The one door to records and metadata: designer, app, Web API, command line and scripts all come through <see cref="ExecuteAsync"/>.</summary>
public sealed class PlatformEngine
{
    private readonly Lazy<MessagePipeline> pipeline;
    private readonly TimeProvider clock;
    private readonly Lock swap = new();
    private MetadataSnapshot metadata = MetadataSnapshot.Empty;

    internal PlatformEngine(Lazy<MessagePipeline> pipeline, TimeProvider clock)
    {
        this.pipeline = pipeline;
        this.clock = clock;
    }

    /// <summary>Metadata of the current version; take it once per message.</summary>
    public MetadataSnapshot Metadata => Volatile.Read(ref metadata);

    /// <summary>Executes a message through the pipeline; returns when what it wrote is durable.</summary>
    /// <exception cref="PlatformException">The message was refused; nothing of it remains.</exception>
    public Task<MessageResult> ExecuteAsync(Message message, Caller caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var scope = new MessageScope
        {
            Metadata = Metadata,
            Caller = caller,
            Now = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc),
            CorrelationId = Guid.CreateVersion7(now),
        };
        return pipeline.Value.RunAsync(message, scope, ct);
    }

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
}
