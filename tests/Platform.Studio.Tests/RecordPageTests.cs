using Microsoft.AspNetCore.Components;
using Platform.Engine.Messages;
using Platform.Sdk;
using Platform.Studio.Components;
using Platform.Studio.Pages;
using Platform.Studio.Tests.Rendering;

namespace Platform.Studio.Tests;

public sealed class RecordPageTests
{
    [Fact]
    public async Task Saving_writes_what_changed_and_shows_the_record_as_saved()
    {
        await using var app = await AppWorld.StartAsync();
        var id = await OpenAsync(app);

        await TypeAsync(app, "fax", "02-1");
        Assert.Equal("true", app.Host.Find(".ak-record").GetAttribute("data-ak-dirty"));
        await SaveAsync(app);

        Assert.Equal("02-1", (await app.ReadAsync("account", id))["fax"]);
        Assert.Equal("false", app.Host.Find(".ak-record").GetAttribute("data-ak-dirty"));
        Assert.Contains("Saved", app.Host.Find(".ak-record-name").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Related_rows_begin_with_what_the_site_map_shows_first()
    {
        await using var app = await AppWorld.StartAsync();
        await OpenAsync(app);

        await app.Host.ClickAsync("[id='tab-~related']");

        var shown = app.Host.Page.QuerySelectorAll(".ak-related option").Select(option => option.TextContent).ToList();
        Assert.Equal(["Contacts", "Tasks"], shown.Take(2));
        Assert.True(shown.IndexOf("Accounts") > shown.IndexOf("Notes"), string.Join(", ", shown));
    }

    [Fact]
    public async Task A_change_of_somebody_else_to_another_field_is_merged_in_and_told()
    {
        await using var app = await AppWorld.StartAsync("ko");
        var id = await OpenAsync(app);
        await app.SendAsync(new Update(new EntityRecord("account", id) { ["accountnumber"] = "theirs" }));

        await TypeAsync(app, "fax", "mine");
        await SaveAsync(app);

        var stored = await app.ReadAsync("account", id);
        Assert.Equal(("mine", "theirs"), (stored["fax"], stored["accountnumber"]));
        Assert.Contains("Admin 님이 바꾼 항목을 함께 반영했습니다", app.Host.Find(".ak-bar.is-info").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_somebody_else_to_the_same_field_is_never_overwritten_unasked()
    {
        await using var app = await AppWorld.StartAsync();
        var id = await OpenAsync(app);
        await app.SendAsync(new Update(new EntityRecord("account", id) { ["fax"] = "theirs" }));

        await TypeAsync(app, "fax", "mine");
        await SaveAsync(app);

        Assert.Equal("theirs", (await app.ReadAsync("account", id))["fax"]);
        Assert.Equal(["mine", "theirs", "—"], app.Host.Page.QuerySelectorAll(".ak-conflict-value").Select(value => value.TextContent));
        Assert.True(app.Host.Find("dialog .is-primary").HasAttribute("disabled"));

        await app.Host.RaiseAsync(".ak-conflict-choice:first-of-type input", "onchange", new ChangeEventArgs { Value = "on" });
        await app.Host.ClickAsync("dialog .is-primary");

        Assert.Equal("mine", (await app.ReadAsync("account", id))["fax"]);
        Assert.Null(app.Host.Page.QuerySelector("dialog"));
    }

    [Fact]
    public async Task A_record_deleted_meanwhile_can_be_created_again_with_what_was_typed()
    {
        await using var app = await AppWorld.StartAsync();
        var id = await OpenAsync(app);
        await app.SendAsync(new Delete(new EntityReference("account", id)));

        await TypeAsync(app, "fax", "kept");
        await SaveAsync(app);
        Assert.Equal("The record was deleted", app.Host.Find("dialog h2").TextContent);
        await app.Host.ClickAsync("dialog .is-primary");

        var again = await app.ReadAsync("account", id);
        Assert.Equal(("Contoso", "kept"), (again["name"], again["fax"]));
    }

    [Fact]
    public async Task A_missing_name_is_told_at_its_field_and_nothing_is_written()
    {
        await using var app = await AppWorld.StartAsync("ko");
        var id = await OpenAsync(app);

        await TypeAsync(app, "name", "");
        await SaveAsync(app);

        Assert.Equal("값을 입력하십시오.", app.Host.Find("#field-name-error").TextContent);
        Assert.Equal("Contoso", (await app.ReadAsync("account", id))["name"]);
    }

    [Fact]
    public async Task Leaving_a_changed_record_asks_and_stays()
    {
        await using var app = await AppWorld.StartAsync();
        await OpenAsync(app);
        var place = app.Place;
        await TypeAsync(app, "fax", "02-1");

        app.GoTo("/a/core/t/contact");

        Assert.Equal(place, app.Place);
        Assert.Equal("Save your changes?", app.Host.Find("dialog h2").TextContent);
    }

    [Fact]
    public async Task A_new_record_belongs_to_its_author_and_opens_once_it_is_saved()
    {
        await using var app = await AppWorld.StartAsync();
        app.GoTo("/a/core/t/account/new");
        await app.Host.ShowAsync<RecordPage>(("App", "core"), ("Entity", "account"));

        await TypeAsync(app, "name", "Fabrikam");
        await SaveAsync(app);

        var id = Guid.Parse(app.Place.Split('/')[^1]);
        var stored = await app.ReadAsync("account", id);
        Assert.Equal("Fabrikam", stored["name"]);
        Assert.NotNull(stored.GetLookup("ownerid"));
    }

    private static async Task<Guid> OpenAsync(AppWorld app)
    {
        var id = await app.CreateAsync(new EntityRecord("account") { ["name"] = "Contoso" });
        app.GoTo($"/a/core/t/account/{id:D}");
        await app.Host.ShowAsync<RecordPage>(("App", "core"), ("Entity", "account"), ("Id", id));
        return id;
    }

    private static Task TypeAsync(AppWorld app, string attribute, string text) =>
        app.Host.RaiseAsync("#" + AkField.IdOf(attribute), "onaktext", new TextEventArgs { Value = text, Final = true });

    private static Task SaveAsync(AppWorld app) => app.Host.RaiseAsync(".ak-record", "onakcommand", new CommandEventArgs { Name = "save" });
}
