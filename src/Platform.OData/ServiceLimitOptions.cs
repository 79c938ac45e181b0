namespace Platform.OData;

/// <summary>
/// What one user may use of one server within <see cref="Window"/>; more is 429. 0 is no limit, which is the default: how
/// much is too much depends on the machine. Dataverse has 6,000 requests, 20 minutes and 52 at a time.
/// </summary>
public sealed class ServiceLimitOptions
{
    /// <summary>Requests within the window; a batch is one.</summary>
    public int Requests { get; set; }

    /// <summary>Time that the requests within the window may take together.</summary>
    public TimeSpan ExecutionTime { get; set; }

    /// <summary>Requests that may run at a time.</summary>
    public int ConcurrentRequests { get; set; }

    /// <summary>More than 0 and at most a day; it slides on in thirtieths.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);
}
