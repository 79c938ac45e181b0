using Platform.Engine.Messages;
using Platform.Engine.Packs;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>
/// The one order for every message: rights → 10 PreValidation → begin → the row as it was → 20 PreOperation → 30 the
/// operation → 40 PostOperation → commit. A cross-cutting thing is a line here.
/// </summary>
internal sealed class MessagePipeline(Database database, MessageHandlers handlers, StepRunner steps, UpsertRun upserts, CallerDirectory callers, CurrencyDirectory currencies)
{
    /// <summary>Steps may call each other this deep (Dataverse's limit).</summary>
    private const int DeepestCall = 8;

    /// <summary>Longest time of a message, its steps included (Dataverse's limit).</summary>
    private static readonly TimeSpan LongestMessage = TimeSpan.FromMinutes(2);

    /// <summary>Runs a message from outside.</summary>
    public async Task<MessageResult> RunAsync(Message message, MessageScope scope, CancellationToken ct)
    {
        if (message is not Upsert && !handlers.For(message).Writes) return await DispatchAsync(message, scope, ct);
        var result = await WithinLimitAsync(limited => DispatchAsync(message, scope, limited), scope, ct);
        return result with { Plugins = scope.PluginTime };
    }

    /// <summary>Runs work that sends messages with <see cref="RunMemberAsync"/>, all in one transaction and within the time of one message.</summary>
    /// <param name="work">May run again from its beginning.</param>
    /// <param name="root">Scope of the transaction.</param>
    public Task<T> RunTogetherAsync<T>(Func<CancellationToken, Task<T>> work, MessageScope root, CancellationToken ct) => WithinLimitAsync(
        limited => database.WriteAsync(
            async (session, token) =>
            {
                root.Enter(session);
                var result = await work(token);
                await NotifyAsync(root, session, token);
                return result;
            },
            waits: true,
            limited),
        root,
        ct);

    /// <summary>Runs a message from outside in the transaction that its scope is in.</summary>
    public async Task<MessageResult> RunMemberAsync(Message message, MessageScope scope, CancellationToken ct)
    {
        var result = await DispatchAsync(message, scope, ct);
        return result with { Plugins = scope.PluginTime };
    }

    /// <summary>Runs a message that a step or a cascade sent, in the transaction of its parent when that has one.</summary>
    public async Task<MessageResult> RunNestedAsync(Message message, MessageScope scope, CancellationToken ct)
    {
        if (scope.Depth > DeepestCall) throw Errors.TooDeep(scope.Depth);
        try
        {
            return await DispatchAsync(message, scope, ct);
        }
        finally
        {
            // The time of a step's calls is the step's own.
            if (scope.Parent is { } whole && whole.Depth == scope.Depth) whole.PluginTime += scope.PluginTime;
        }
    }

    private Task<MessageResult> DispatchAsync(Message message, MessageScope scope, CancellationToken ct)
    {
        scope.DetectsDuplicates |= message.DetectDuplicates;
        return message is Upsert upsert ? upserts.RunAsync(upsert, scope, ct) : RunStagesAsync(handlers.For(message), message, scope, ct);
    }

    private async Task<MessageResult> RunStagesAsync(MessageHandler handler, Message message, MessageScope scope, CancellationToken ct)
    {
        if (handler.Writes && scope.Reading is { } reading) throw Errors.WriteInRead(message.Name, reading);
        // Also before there is a transaction: nothing that a read leads to writes.
        if (!handler.Writes) scope.OnlyRead(message.Name);
        var plan = StepTable.Of(scope.Metadata).For(message.EntityName, message.Name);
        message = handler.Admit(message, scope);
        scope.Hold(message);
        message = await steps.RunAsync(plan, PluginStage.PreValidation, message, scope, ct);
        if (scope.Session is not null) return await JoinTransactionAsync(handler, plan, message, scope, ct);
        // A copy for each attempt: the stages change the message, and the database may ask for a second one.
        return handler.Writes
            ? await database.WriteAsync((session, token) => WriteAsync(handler, plan, handler.Copy(message), scope, session, token), handler.Waits(message, plan), ct)
            : await database.ReadAsync((session, token) => InTransactionAsync(handler, plan, message, scope, session, token), ct);
    }

    private async Task<MessageResult> InTransactionAsync(MessageHandler handler, StepList plan, Message message, MessageScope scope, SqlSession session, CancellationToken ct)
    {
        scope.Enter(session);
        await handler.ReadBeforeAsync(message, scope, plan, ct);
        message = await steps.RunAsync(plan, PluginStage.PreOperation, message, scope, ct);
        scope.Hold(message);
        var result = await handler.HandleAsync(message, scope, ct);
        if (plan.After) message.Tell(result, scope.Output);
        await steps.RunAsync(plan, PluginStage.PostOperation, message, scope, ct);
        return await handler.CompleteAsync(message, result, scope, ct);
    }

    private async Task<MessageResult> WriteAsync(MessageHandler handler, StepList plan, Message message, MessageScope scope, SqlSession session, CancellationToken ct)
    {
        var result = await InTransactionAsync(handler, plan, message, scope, session, ct);
        await NotifyAsync(scope, session, ct);
        return result;
    }

    // Other processes have cached it, too; they hear of it when this commits.
    private static ValueTask NotifyAsync(MessageScope scope, SqlSession session, CancellationToken ct) =>
        scope.CachesAreOutdated ? session.NotifyAsync(MetadataFollower.NoticeChannel, ct) : ValueTask.CompletedTask;

    private async Task<T> WithinLimitAsync<T>(Func<CancellationToken, Task<T>> run, MessageScope scope, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(LongestMessage);
        try
        {
            var result = await run(limit.Token);
            if (scope.RightsChanged) callers.Forget();
            if (scope.CurrenciesChanged) currencies.Forget();
            return result;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && limit.IsCancellationRequested)
        {
            throw Errors.MessageTimeout();
        }
    }

    // A step may catch the failure of a call that it made; what that call did until then must not remain.
    private async Task<MessageResult> JoinTransactionAsync(MessageHandler handler, StepList plan, Message message, MessageScope scope, CancellationToken ct)
    {
        var session = scope.InTransaction;
        if (!handler.Writes || scope.IsCascade || scope.FailsWhole) return await InTransactionAsync(handler, plan, message, scope, session, ct);
        var name = $"call{scope.Depth}";
        await session.ExecuteAsync(new SqlStatement($"SAVEPOINT {name}"), ct);
        try
        {
            var result = await InTransactionAsync(handler, plan, message, scope, session, ct);
            await session.ExecuteAsync(new SqlStatement($"RELEASE SAVEPOINT {name}"), ct);
            return result;
        }
        catch
        {
            // Even when the message was cancelled: the transaction may go on without this call.
            await session.ExecuteAsync(new SqlStatement($"ROLLBACK TO SAVEPOINT {name}"), CancellationToken.None);
            await session.ExecuteAsync(new SqlStatement($"RELEASE SAVEPOINT {name}"), CancellationToken.None);
            throw;
        }
    }
}
