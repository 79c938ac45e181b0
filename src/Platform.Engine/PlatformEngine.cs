using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Security;

namespace Platform.Engine;

/// <summary>The one door to records and metadata: designer, app, Web API, command line and scripts all come through <see cref="ExecuteAsync"/>.</summary>
public sealed class PlatformEngine
{
    private MetadataSnapshot metadata = MetadataSnapshot.Empty;

    /// <summary>Metadata of the current version; take it once per message.</summary>
    public MetadataSnapshot Metadata => Volatile.Read(ref metadata);

    /// <summary>Executes a message through the pipeline.</summary>
    /// <exception cref="PlatformException">The message was refused; nothing of it remains.</exception>
    public Task<MessageResult> ExecuteAsync(Message message, Caller caller, CancellationToken ct) =>
        throw new NotSupportedException($"{message.Name} {caller.UserId} {ct.IsCancellationRequested}");

    internal void Publish(MetadataSnapshot next) => Volatile.Write(ref metadata, next);
}
