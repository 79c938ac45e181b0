using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.OData;
using Platform.OData.Routing;

namespace Platform.Server.Tests.OData;

/// <summary>What a user may use of the Web API, and how the answer says it.</summary>
public sealed class ServiceLimitTests
{
    private static readonly Guid Anna = new("01900000-0000-7000-8000-00000000000a");
    private static readonly Guid Bo = new("01900000-0000-7000-8000-00000000000b");

    private readonly HttpResponse response = new DefaultHttpContext().Response;

    [Fact]
    public void A_user_sends_as_many_requests_as_the_limit_says_and_others_do_not_notice()
    {
        using var limits = Limits(new ServiceLimitOptions { Requests = 3 });

        foreach (var left in (string[])["2", "1", "0"])
        {
            limits.Enter(response, Anna)!.Dispose();
            Assert.Equal(left, response.Headers["x-ms-ratelimit-burst-remaining-xrm-requests"]);
        }

        var refused = Assert.Throws<PlatformException>(() => limits.Enter(response, Anna));
        Assert.Equal((ErrorKind.Throttled, "0x80072322", "Number of requests exceeded the limit of 3 over time window of 300 seconds."), (refused.Kind, refused.Code, refused.Message));
        Assert.InRange(int.Parse(response.Headers.RetryAfter!, null), 1, 300);
        limits.Enter(response, Bo)!.Dispose();
        Assert.Equal("2", response.Headers["x-ms-ratelimit-burst-remaining-xrm-requests"]);
    }

    [Fact]
    public async Task The_window_slides_on()
    {
        using var limits = Limits(new ServiceLimitOptions { Requests = 1, Window = TimeSpan.FromMilliseconds(300) });
        limits.Enter(response, Anna)!.Dispose();
        Assert.Throws<PlatformException>(() => limits.Enter(response, Anna));

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!IsLetIn()) await Task.Delay(50, patience.Token);

        bool IsLetIn()
        {
            try
            {
                limits.Enter(response, Anna)!.Dispose();
                return true;
            }
            catch (PlatformException refused) when (refused.Kind == ErrorKind.Throttled)
            {
                return false;
            }
        }
    }

    [Fact]
    public void Requests_that_run_take_a_place_until_they_end()
    {
        using var limits = Limits(new ServiceLimitOptions { ConcurrentRequests = 2 });
        var first = limits.Enter(response, Anna)!;
        var second = limits.Enter(response, Anna)!;

        var refused = Assert.Throws<PlatformException>(() => limits.Enter(response, Anna));
        Assert.Equal(("0x80072326", "Number of concurrent requests exceeded the limit of 2.", "1"), (refused.Code, refused.Message, response.Headers.RetryAfter.ToString()));
        limits.Enter(response, Bo)!.Dispose();

        first.Dispose();
        limits.Enter(response, Anna)!.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_place_of_a_request_that_is_refused_for_another_reason_is_free_again()
    {
        using var limits = Limits(new ServiceLimitOptions { ConcurrentRequests = 1, Requests = 1, Window = TimeSpan.FromMilliseconds(300) });
        limits.Enter(response, Anna)!.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var codes = new HashSet<string>();
        while (true)
        {
            try
            {
                limits.Enter(response, Anna)!.Dispose();
                break;
            }
            catch (PlatformException refused)
            {
                codes.Add(refused.Code);
                await Task.Delay(20, patience.Token);
            }
        }

        Assert.DoesNotContain("0x80072326", codes);
    }

    [Fact]
    public async Task Time_that_requests_took_together_is_limited_whatever_the_last_one_took()
    {
        using var limits = Limits(new ServiceLimitOptions { ExecutionTime = TimeSpan.FromMilliseconds(100) });
        using (limits.Enter(response, Anna))
        {
            Assert.Equal("0.10", response.Headers["x-ms-ratelimit-time-remaining-xrm-requests"]);
            await Task.Delay(150);
        }

        var refused = Assert.Throws<PlatformException>(() => limits.Enter(response, Anna));
        Assert.Equal(("0x80072321", "Combined execution time of incoming requests exceeded limit of 100 milliseconds over time window of 300 seconds."), (refused.Code, refused.Message));
        limits.Enter(response, Bo)!.Dispose();
    }

    [Fact]
    public void Without_limits_nothing_is_counted_and_senseless_ones_are_refused()
    {
        using var none = Limits(new ServiceLimitOptions());
        Assert.Null(none.Enter(response, Anna));
        Assert.Empty(response.Headers);

        foreach (var wrong in (ServiceLimitOptions[])[
            new() { Requests = -1 }, new() { ConcurrentRequests = -1 }, new() { ExecutionTime = TimeSpan.FromSeconds(-1) }, new() { ExecutionTime = TimeSpan.FromDays(30) },
            new() { Window = TimeSpan.Zero }, new() { Window = TimeSpan.FromDays(2) }])
            Assert.StartsWith("WebApi:Limits", Assert.Throws<FormatException>(() => Limits(wrong)).Message, StringComparison.Ordinal);
    }

    private static ServiceLimits Limits(ServiceLimitOptions limits) => new(Options.Create(new WebApiOptions { Limits = limits }));
}
