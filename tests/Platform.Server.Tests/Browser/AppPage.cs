using Microsoft.Playwright;
using Platform.Server.Start;
using Platform.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Platform.Server.Tests.Browser;

/// <summary>The app in the words of its user. Each verb waits for what it names; nothing sleeps.</summary>
internal sealed class AppPage
{
    private readonly List<string> faults = [];

    public AppPage(IPage page, Look look)
    {
        Page = page;
        Look = look;
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") faults.Add($"{message.Text} ({message.Location})");
        };
    }

    public IPage Page { get; }

    public Look Look { get; }

    /// <summary>Errors that the page reported so far.</summary>
    public IReadOnlyList<string> Faults => faults;

    public ILocator Heading => Page.Locator("main h1");

    /// <summary>Bar above a form or a list that says what went wrong.</summary>
    public ILocator Refusal => Page.Locator(".ak-bar.is-error");

    public ILocator Rows => Page.Locator("tbody tr[aria-rowindex]");

    public ILocator Dialog => Page.Locator("dialog[open]");

    public ILocator Notices => Page.Locator(".ak-notices");

    /// <summary>Editor of a column.</summary>
    public ILocator Field(string attribute) => Page.Locator($"#field-{attribute}");

    /// <summary>Sentence below a field.</summary>
    public ILocator FieldError(string attribute) => Page.Locator($"#field-{attribute}-error");

    public ILocator Row(string text) => Rows.Filter(new() { HasText = text });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Cells of the column with this header, from top to bottom.</summary>
    public async Task<IReadOnlyList<string>> ColumnAsync(string header) =>
        [.. (await Page.Locator($"tbody td[data-label='{header}']").AllInnerTextsAsync()).Select(text => text.Trim())];

    /// <summary>Fills in the sign-in form and sends it.</summary>
    public async Task SubmitPasswordAsync(string user, string password)
    {
        await Page.Locator("#username").FillAsync(user);
        await Page.Locator("#password").FillAsync(password);
        await Page.Locator("button[type=submit]").ClickAsync();
    }

    /// <summary>Signs in and lands at the address.</summary>
    public async Task SignInAsync(string address = "/", string user = FirstAdministrator.UserName)
    {
        await Page.GotoAsync(address);
        await SubmitPasswordAsync(user, TestServer.Password);
        await ReadyAsync();
    }

    public async Task GoAsync(string address)
    {
        await Page.GotoAsync(address);
        await ReadyAsync();
    }

    /// <summary>The page is live and shows what it has to show: no skeleton, no list that still loads.</summary>
    public async Task ReadyAsync()
    {
        await Expect(Heading.First).ToBeVisibleAsync();
        await Expect(Page.Locator(".ak-skeleton, [aria-busy=true]")).ToHaveCountAsync(0);
    }

    /// <summary>Chooses a row in a lookup field by typing.</summary>
    public async Task ChooseAsync(string attribute, string typed, string choice)
    {
        await Field(attribute).FillAsync(typed);
        await Page.Locator($"#field-{attribute}-list").GetByRole(AriaRole.Option, new() { Name = choice, Exact = true }).ClickAsync();
        await Expect(Field(attribute)).ToHaveValueAsync(choice);
    }

    /// <summary>Ctrl+S.</summary>
    public Task SaveAsync() => Page.Keyboard.PressAsync("Control+s");

    /// <summary>Ctrl+S, and waits until the form has nothing left to save.</summary>
    public async Task SaveSuccessfullyAsync()
    {
        await SaveAsync();
        await ShowsSavedAsync();
    }

    public async Task ShowsSavedAsync()
    {
        await Expect(Page.Locator(".ak-record[data-ak-dirty=false]")).ToBeVisibleAsync();
        await Expect(Notices.Locator(".is-success")).Not.ToHaveCountAsync(0);
    }

    public Task FindAsync(string words) => Page.Locator("#quick-find").FillAsync(words);

    /// <summary>Waits until the list says how many rows it has.</summary>
    public Task ShowsRowsAsync(string footer) =>
        Expect(Page.Locator(".ak-list-foot")).ToHaveTextAsync(footer);

    /// <summary>True when the page scrolls sideways.</summary>
    public Task<bool> ScrollsSidewaysAsync() =>
        Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth");
}
