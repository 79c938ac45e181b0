using System.Threading.Channels;

namespace Platform.Engine.Packs;

/// <summary>Wakes one who waits for something to do; whoever tells does not wait, and much of it at once is one piece of news.</summary>
/// <param name="every">Longest wait: news can get lost.</param>
internal sealed class News(TimeSpan every)
{
    private readonly Channel<bool> told = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Tell() => told.Writer.TryWrite(true);

    /// <summary>Done when there are news, or the longest wait is over.</summary>
    /// <exception cref="OperationCanceledException">The wait was called off.</exception>
    public async Task WaitAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(every);
        try
        {
            await told.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // No news: look all the same.
        }
    }
}
