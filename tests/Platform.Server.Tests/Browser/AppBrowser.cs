using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Browser;

/// <summary>One Chromium for all browser tests. Each visit has a context of its own: own cookies, language, theme and window.</summary>
public sealed class AppBrowser : IAsyncLifetime
{
    /// <summary>Longest wait for a condition. Far more than the app needs: a slow machine must not fail a test.</summary>
    internal const float Patience = 30_000;

    private static readonly string[] Programs = ["/usr/lib/chromium/chromium", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>As root there is no sandbox to be had; the rest keeps the browser from calling home.</summary>
    private static readonly string[] Switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Where pictures of failed visits go.</summary>
    private static string FailureFolder => Path.Combine(AppContext.BaseDirectory, "browser-failures");

    public async Task InitializeAsync()
    {
        var program = Programs.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"Browser tests need Chromium, and none of {string.Join(", ", Programs)} is there. tests/run installs it; else: apt-get install chromium");
        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Switches });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <summary>
    /// A visit of the app. When it fails, a picture of the page is left behind; it fails as well when the page reported
    /// errors of its own: scripts that throw, files that are missing, what the content security policy blocked.
    /// </summary>
    internal async Task VisitAsync(TestServer server, Look look, Func<AppPage, Task> visit, [CallerMemberName] string test = "")
    {
        await using var context = await browser!.NewContextAsync(new()
        {
            BaseURL = server.Address.ToString(),
            Locale = look.Locale,
            TimezoneId = "Asia/Seoul",
            ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = look.Width, Height = look.Height },
            IsMobile = look.IsPhone,
            HasTouch = look.IsPhone,
        });
        context.SetDefaultTimeout(Patience);
        var app = new AppPage(await context.NewPageAsync(), look);
        try
        {
            await visit(app);
        }
        catch (Exception)
        {
            var picture = Path.Combine(FailureFolder, $"{test}-{look}-{Guid.CreateVersion7():N}.png");
            await app.Page.ScreenshotAsync(new() { Path = picture });
            await Console.Error.WriteLineAsync($"{test}: the page at its end is in {picture}; it said: {string.Join(" | ", app.Faults)}");
            throw;
        }

        Assert.Empty(app.Faults);
    }
}

/// <summary>The browser tests: one after another, so that two Chromium pages do not fight for a small machine.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<AppBrowser>
{
    public const string Name = "browser";
}
