using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What a message does at its own places in the pipeline; the order is <see cref="MessagePipeline"/>'s.</summary>
internal abstract class MessageHandler
{
    /// <summary>Type of the messages it handles.</summary>
    public abstract Type MessageType { get; }

    /// <summary>Needs a transaction that writes.</summary>
    public abstract bool Writes { get; }

    /// <summary>The work waits for steps while it holds its transaction.</summary>
    public virtual bool Waits(Message message, StepList plan) => plan.InTransaction;

    /// <summary>Before anything runs: the caller's rights on the entity, and attributes that this sender may not write. Returns the message that goes on.</summary>
    public abstract Message Admit(Message message, MessageScope scope);

    /// <summary>A message that the stages may change without changing this one.</summary>
    public virtual Message Copy(Message message) => message;

    /// <summary>Reads and locks the row as it was; checks the caller's rights on it.</summary>
    public abstract Task ReadBeforeAsync(Message message, MessageScope scope, StepList plan, CancellationToken ct);

    /// <summary>The operation itself (stage 30).</summary>
    public abstract Task<MessageResult> HandleAsync(Message message, MessageScope scope, CancellationToken ct);

    /// <summary>After all steps: what the message leaves behind.</summary>
    public virtual ValueTask<MessageResult> CompleteAsync(Message message, MessageResult result, MessageScope scope, CancellationToken ct) => ValueTask.FromResult(result);
}

/// <summary>A handler of one type of message.</summary>
internal abstract class MessageHandler<TMessage> : MessageHandler
    where TMessage : Message
{
    public override Type MessageType => typeof(TMessage);

    public sealed override Message Admit(Message message, MessageScope scope) => Admit((TMessage)message, scope);

    public sealed override Task ReadBeforeAsync(Message message, MessageScope scope, StepList plan, CancellationToken ct) => ReadBeforeAsync((TMessage)message, scope, plan, ct);

    public sealed override Task<MessageResult> HandleAsync(Message message, MessageScope scope, CancellationToken ct) => HandleAsync((TMessage)message, scope, ct);

    public sealed override ValueTask<MessageResult> CompleteAsync(Message message, MessageResult result, MessageScope scope, CancellationToken ct) => CompleteAsync((TMessage)message, result, scope, ct);

    protected abstract TMessage Admit(TMessage message, MessageScope scope);

    protected virtual Task ReadBeforeAsync(TMessage message, MessageScope scope, StepList plan, CancellationToken ct) => Task.CompletedTask;

    protected abstract Task<MessageResult> HandleAsync(TMessage message, MessageScope scope, CancellationToken ct);

    protected virtual ValueTask<MessageResult> CompleteAsync(TMessage message, MessageResult result, MessageScope scope, CancellationToken ct) => ValueTask.FromResult(result);

    /// <summary>Reads the row for the images of steps, where the operation itself does not need it.</summary>
    protected static async Task ReadImageAsync(EntityReference row, Privilege privilege, MessageScope scope, StepList plan, CancellationToken ct)
    {
        if (!plan.All.Any(step => step.Images.Any(image => image.Type == StepImageType.Pre))) return;
        scope.Before = await ExistingRow.LockAsync(row, ImageColumns.For(scope.Metadata.Entity(row.LogicalName), plan.All, StepImageType.Pre), privilege, scope, ct);
    }
}

/// <summary>All handlers by message type.</summary>
internal sealed class MessageHandlers(IEnumerable<MessageHandler> handlers)
{
    private readonly Dictionary<Type, MessageHandler> byType = handlers.ToDictionary(handler => handler.MessageType);

    public MessageHandler For(Message message) =>
        byType.GetValueOrDefault(message.GetType()) ?? throw new InvalidOperationException($"The message {message.Name} has no handler.");
}
