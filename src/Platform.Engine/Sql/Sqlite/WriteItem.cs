namespace Platform.Engine.Sql.Sqlite;

/// <summary>A piece of work in the writer's queue.</summary>
internal abstract class WriteItem(WriteKind kind)
{
    public WriteKind Kind { get; } = kind;

    /// <summary>The work threw: its savepoint is rolled back.</summary>
    public abstract bool Failed { get; }

    public abstract Task RunAsync(SqlSession session);

    /// <summary>Gives the caller the result, or the work's own failure. Called after the commit.</summary>
    public abstract void Answer();

    /// <summary>The commit failed.</summary>
    public abstract void Abandon(Exception failure);
}

internal sealed class WriteItem<T>(Func<SqlSession, CancellationToken, Task<T>> work, WriteKind kind, CancellationToken ct) : WriteItem(kind)
{
    // Whoever has the turn runs it, on behalf of its caller: with the caller's activity and culture.
    private readonly ExecutionContext? context = ExecutionContext.Capture();
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? failure;

    public Task<T> Completion => completion.Task;

    public override bool Failed => failure is not null;

    public override async Task RunAsync(SqlSession session)
    {
        if (context is not null) ExecutionContext.Restore(context);
        try
        {
            ct.ThrowIfCancellationRequested();
            result = await work(session, ct);
        }
        catch (Exception error)
        {
            // Whatever it is, it belongs to the caller of this piece of work, not to the writer.
            failure = error;
        }
    }

    public override void Answer()
    {
        switch (failure)
        {
            case null:
                completion.SetResult(result!);
                break;
            case OperationCanceledException when ct.IsCancellationRequested:
                completion.SetCanceled(ct);
                break;
            default:
                completion.SetException(failure);
                break;
        }
    }

    public override void Abandon(Exception error) => completion.SetException(failure ?? error);
}
