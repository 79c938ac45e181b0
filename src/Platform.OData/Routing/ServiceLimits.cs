using System.Diagnostics;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;

namespace Platform.OData.Routing;

/// <summary>
/// Service protection: how many requests a user may send, how long they may take together, and how many may run at a
/// time, per server. As Dataverse's limits (reference/dataverse.md 1.12), which clients know how to wait for.
/// </summary>
internal sealed class ServiceLimits : IDisposable
{
    private const string RequestsLeft = "x-ms-ratelimit-burst-remaining-xrm-requests";
    private const string SecondsLeft = "x-ms-ratelimit-time-remaining-xrm-requests";
    private const int Segments = 30;

    private readonly ServiceLimitOptions limits;
    private readonly PartitionedRateLimiter<Guid>? requests;
    private readonly PartitionedRateLimiter<Guid>? milliseconds;
    private readonly PartitionedRateLimiter<Guid>? running;

    /// <exception cref="FormatException">A limit is below zero, or the window is.</exception>
    public ServiceLimits(IOptions<WebApiOptions> options)
    {
        limits = options.Value.Limits;
        if (limits.Requests < 0 || limits.ConcurrentRequests < 0 || limits.ExecutionTime < TimeSpan.Zero || limits.ExecutionTime.TotalMilliseconds > int.MaxValue)
            throw new FormatException("WebApi:Limits: Requests, ConcurrentRequests and ExecutionTime are not below 0, and ExecutionTime is below 24 days; 0 is no limit.");
        if (limits.Window <= TimeSpan.Zero || limits.Window > TimeSpan.FromDays(1)) throw new FormatException("WebApi:Limits:Window is more than 0 and at most a day.");
        if (limits.Requests > 0) requests = Sliding(limits.Requests);
        if (limits.ExecutionTime > TimeSpan.Zero) milliseconds = Sliding((int)limits.ExecutionTime.TotalMilliseconds);
        if (limits.ConcurrentRequests > 0)
            running = PartitionedRateLimiter.Create<Guid, Guid>(user => RateLimitPartition.GetConcurrencyLimiter(user, _ => new ConcurrencyLimiterOptions { PermitLimit = limits.ConcurrentRequests }));
    }

    /// <summary>Lets a request in; what is returned counts as long as it is not disposed. <c>null</c>: nothing is limited.</summary>
    /// <exception cref="PlatformException">The user has used up a limit; the answer says in how many seconds to ask again.</exception>
    public IDisposable? Enter(HttpResponse response, Guid user)
    {
        if (requests is null && milliseconds is null && running is null) return null;
        var turn = new Turn(user, milliseconds, running?.AttemptAcquire(user));
        try
        {
            if (turn.IsRefused) throw Refused(response, null, Errors.TooManyConcurrentRequests(limits.ConcurrentRequests));
            Demand(response, milliseconds, user, 0, () => Errors.TooMuchExecutionTime(limits.ExecutionTime, limits.Window));
            Demand(response, requests, user, 1, () => Errors.TooManyRequests(limits.Requests, limits.Window));
        }
        catch
        {
            turn.Forget();
            throw;
        }
        if (Left(requests, user) is { } count) response.Headers[RequestsLeft] = count.ToString(CultureInfo.InvariantCulture);
        if (Left(milliseconds, user) is { } time) response.Headers[SecondsLeft] = (time / 1000m).ToString("0.00", CultureInfo.InvariantCulture);
        return turn;
    }

    public void Dispose()
    {
        requests?.Dispose();
        milliseconds?.Dispose();
        running?.Dispose();
    }

    private static void Demand(HttpResponse response, PartitionedRateLimiter<Guid>? limiter, Guid user, int permits, Func<PlatformException> failure)
    {
        using var lease = limiter?.AttemptAcquire(user, permits);
        if (lease is { IsAcquired: false }) throw Refused(response, lease, failure());
    }

    private static PlatformException Refused(HttpResponse response, RateLimitLease? lease, PlatformException failure)
    {
        var wait = lease is not null && lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.FromSeconds(1);
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return failure;
    }

    private PartitionedRateLimiter<Guid> Sliding(int permits) =>
        PartitionedRateLimiter.Create<Guid, Guid>(user => RateLimitPartition.GetSlidingWindowLimiter(
            user, _ => new SlidingWindowRateLimiterOptions { PermitLimit = permits, Window = limits.Window, SegmentsPerWindow = Segments }));

    private static long? Left(PartitionedRateLimiter<Guid>? limiter, Guid user) => limiter?.GetStatistics(user)?.CurrentAvailablePermits;

    /// <summary>A request that runs; when it ends, its time is taken off.</summary>
    private sealed class Turn(Guid user, PartitionedRateLimiter<Guid>? milliseconds, RateLimitLease? place) : IDisposable
    {
        private readonly long begin = Stopwatch.GetTimestamp();

        public bool IsRefused => place is { IsAcquired: false };

        /// <summary>It was not let in: its time does not count.</summary>
        public void Forget() => place?.Dispose();

        public void Dispose()
        {
            Forget();
            if (milliseconds is null) return;
            var took = (long)Math.Ceiling(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            // More than is left is taken as all that is left: a limiter gives all or nothing.
            milliseconds.AttemptAcquire(user, (int)Math.Min(took, Left(milliseconds, user) ?? 0)).Dispose();
        }
    }
}
