using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Sdk;
using Platform.Studio.Components;
using Platform.Studio.Forms;
using Platform.Studio.Session;
using Platform.Studio.Tests.Rendering;
using Platform.Studio.Text;

namespace Platform.Studio.Tests;

public sealed class FieldTests
{
    private readonly EntityDefinition entity = Samples.Card();

    [Fact]
    public async Task A_text_reaches_the_form_and_is_never_written_back_into_its_input()
    {
        var form = Form(("number", "1"));
        await using var host = await ShowAsync(form, "number");

        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "12" });

        Assert.Equal("12", form["number"]);
        Assert.Equal("1", host.Find("input").GetAttribute("value"));
        Assert.Equal("0", host.Find("input").GetAttribute("data-ak-revision"));
    }

    [Fact]
    public async Task Discarding_shows_the_stored_text_again()
    {
        var form = Form(("number", "1"));
        await using var host = await ShowAsync(form, "number");
        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "12" });

        form.Discard();
        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "1" });

        Assert.Equal("1", host.Find("input").GetAttribute("data-ak-text"));
        Assert.NotEqual("0", host.Find("input").GetAttribute("data-ak-revision"));
    }

    [Fact]
    public async Task A_number_stays_as_typed_until_the_field_is_left()
    {
        var form = Form(("price", null));
        await using var host = await ShowAsync(form, "price", "ko");

        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "1만" });
        Assert.Equal("1만", host.Find("input").GetAttribute("data-ak-text"));
        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "1만", Final = true });

        Assert.Equal(10_000m, form["price"]);
        Assert.Equal("10,000.00", host.Find("input").GetAttribute("data-ak-text"));
    }

    [Fact]
    public async Task Choices_are_checked_one_by_one_and_none_is_empty()
    {
        var form = Form(("perks", new ChoiceValues(3)));
        await using var host = await ShowAsync(form, "perks", "ko");
        Assert.Contains("라운지", host.Find(".ak-check").TextContent, StringComparison.Ordinal);

        await host.RaiseAsync("input", "onchange", new ChangeEventArgs { Value = true });
        Assert.Equal(new ChoiceValues(1, 3), form["perks"]);
        await host.RaiseAsync("input", "onchange", new ChangeEventArgs { Value = false });
        Assert.False(form.IsDirty);

        form.Set("perks", new ChoiceValues(1));
        await host.RaiseAsync("input", "onchange", new ChangeEventArgs { Value = false });
        Assert.Null(form["perks"]);
    }

    [Fact]
    public async Task A_point_takes_two_degrees_or_a_pair_as_maps_write_it()
    {
        var form = Form(("place", null));
        await using var host = await ShowAsync(form, "place", "ko");
        Assert.Equal("place-ko: 위도", host.Find("#field-place").GetAttribute("aria-label"));

        await host.RaiseAsync("#field-place", "onaktext", new TextEventArgs { Value = "37.5" });
        Assert.Contains("위도와 경도", host.Find(".ak-field-error").TextContent, StringComparison.Ordinal);
        await host.RaiseAsync("#field-place-longitude", "onaktext", new TextEventArgs { Value = "181" });
        Assert.Null(form["place"]);
        await host.RaiseAsync("#field-place-longitude", "onaktext", new TextEventArgs { Value = "127" });
        Assert.Equal(new GeoPoint(37.5m, 127), form["place"]);
        Assert.Null(host.Page.QuerySelector(".ak-field-error"));

        await host.RaiseAsync("#field-place", "onaktext", new TextEventArgs { Value = " 48.856614, 2.3522219 " });
        Assert.Equal(new GeoPoint(48.856614m, 2.3522219m), form["place"]);
        Assert.Equal("2.3522219", host.Find("#field-place-longitude").GetAttribute("data-ak-text"));

        foreach (var input in new[] { "#field-place", "#field-place-longitude" }) await host.RaiseAsync(input, "onaktext", new TextEventArgs { Value = "" });
        Assert.Null(form["place"]);
    }

    [Fact]
    public async Task A_file_is_shown_by_its_name_and_the_one_uploaded_is_saved_with_the_form()
    {
        var (stored, fresh) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var form = Form(("contract", stored), ("contract_name", "old.pdf"));
        await using var host = await ShowAsync(form, "contract");
        Assert.Equal($"/api/platform/files/card/{form.Original.Id:D}/contract?version={stored:D}", host.Find("a.ak-link").GetAttribute("href"));
        Assert.Equal("old.pdf", host.Find("a.ak-link").TextContent);
        Assert.Equal((".pdf", $"/api/platform/files/card/contract?record={form.Original.Id:D}", "2097152"), (host.Find("input").GetAttribute("accept"), host.Find("input").GetAttribute("data-ak-upload"), host.Find("input").GetAttribute("data-ak-most")));

        await host.RaiseAsync(".ak-file", "onakfile", new FileEventArgs { Id = fresh, Name = "new.pdf", Size = 1536 });
        Assert.Equal(fresh, form.ToTarget()["contract"]);
        Assert.Contains("new.pdf", host.Find(".ak-file-name").TextContent, StringComparison.Ordinal);
        Assert.Contains("1.5 KB", host.Find(".ak-file-name").TextContent, StringComparison.Ordinal);
        Assert.Null(host.Page.QuerySelector("a[download]"));

        await host.ClickAsync("button");
        Assert.True(form.IsChanged("contract"));
        Assert.Null(form["contract"]);
    }

    [Fact]
    public async Task An_upload_that_was_refused_is_told_at_the_field_in_the_users_language_and_keeps_the_value()
    {
        var stored = Guid.CreateVersion7();
        var form = Form(("photo", stored));
        await using var host = await ShowAsync(form, "photo", "ko");
        Assert.EndsWith($"?version={stored:D}&size=thumbnail", host.Find("img").GetAttribute("src"), StringComparison.Ordinal);

        await host.RaiseAsync(".ak-file", "onakfile", new FileEventArgs { Code = "0x80044a02" });

        Assert.Equal(stored, form["photo"]);
        Assert.False(form.IsDirty);
        Assert.Contains("파일이 1 MB보다 큽니다.", host.Find(".ak-field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", host.Find("input").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task What_is_no_number_is_told_at_the_field_and_keeps_the_value()
    {
        var form = Form(("points", 5));
        await using var host = await ShowAsync(form, "points");

        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "five" });

        Assert.Equal(5, form["points"]);
        Assert.Equal("true", host.Find("input").GetAttribute("aria-invalid"));
        Assert.Equal(host.Find(".ak-field-error").Id, host.Find("input").GetAttribute("aria-describedby"));
        Assert.Contains("This is not a number.", host.Find(".ak-field-error").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_date_time_is_edited_on_the_users_clock_and_kept_in_UTC()
    {
        var form = Form(("issued", new DateTime(2026, 6, 30, 15, 30, 20, DateTimeKind.Utc)));
        await using var host = await ShowAsync(form, "issued");
        Assert.Equal("2026-07-01T00:30", host.Find("input").GetAttribute("data-ak-text"));

        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "2026-07-01T00:30", Final = true });
        Assert.False(form.IsDirty);
        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "2026-07-01T09:00", Final = true });

        Assert.Equal(new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc), form["issued"]);
    }

    [Fact]
    public async Task A_choice_offers_its_labels_and_can_be_emptied()
    {
        var form = Form(("level", 1));
        await using var host = await ShowAsync(form, "level", "ko");
        Assert.Equal("골드", host.Find("option[selected]").TextContent);

        await host.RaiseAsync("select", "onchange", new ChangeEventArgs { Value = "2" });
        Assert.Equal(2, form["level"]);
        await host.RaiseAsync("select", "onchange", new ChangeEventArgs { Value = "" });
        Assert.Null(form["level"]);
    }

    [Fact]
    public async Task A_new_state_brings_the_status_that_belongs_to_it()
    {
        var form = Form((SystemAttributes.StateCode, 0), (SystemAttributes.StatusCode, 1));
        await using var host = await ShowAsync(form, SystemAttributes.StateCode);

        await host.RaiseAsync("select", "onchange", new ChangeEventArgs { Value = "1" });

        Assert.Equal(2, form[SystemAttributes.StatusCode]);
    }

    [Fact]
    public async Task A_switch_says_yes_or_no_in_the_users_language()
    {
        var form = Form(("active", false));
        await using var host = await ShowAsync(form, "active", "ko");
        Assert.Equal("아니요", host.Find(".ak-switch-text").TextContent);

        await host.RaiseAsync("input", "onchange", new ChangeEventArgs { Value = true });

        Assert.Equal(true, form["active"]);
    }

    [Fact]
    public async Task The_label_belongs_to_the_input_and_marks_what_is_required_and_what_is_changed()
    {
        var form = Form(("number", "1"));
        await using var host = await ShowAsync(form, "number", "ko");
        Assert.Equal(host.Find("input").Id, host.Find("label").GetAttribute("for"));
        Assert.Contains("number-ko", host.Find("label").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", host.Find("input").GetAttribute("aria-required"));
        Assert.Null(host.Page.QuerySelector(".ak-dot"));

        await host.RaiseAsync("input", "onaktext", new TextEventArgs { Value = "2" });

        Assert.NotNull(host.Page.QuerySelector(".ak-dot"));
    }

    [Fact]
    public async Task A_read_only_attribute_has_no_input()
    {
        await using var host = await ShowAsync(Form(("balance", 1234)), "balance");

        Assert.Null(host.Page.QuerySelector("input"));
        Assert.Contains("1,234", host.Find(".ak-field-body").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.com", "https://example.com/")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("javascript://x%0aalert(1)", null)]
    public async Task Only_web_addresses_become_links(string text, string? address)
    {
        await using var host = await ShowAsync(Form(("website", text)), "website");

        Assert.Equal(address, host.Page.QuerySelector("a")?.GetAttribute("href"));
    }

    private FormState Form(params (string, object?)[] values) => FormState.ForExisting(entity, Samples.Record(entity, values));

    private async Task<PageHost> ShowAsync(FormState form, string attribute, string language = "en")
    {
        var session = new StudioSession();
        session.Use(new Preferences(language, Preferences.SystemTheme, null));
        var host = new PageHost(services => services.AddSingleton(session).AddSingleton<UiText>());
        var format = new ValueFormat(Samples.Ui(language), TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul"));
        await host.ShowAsync<AkField>(("Form", form), ("Attribute", entity.Attribute(attribute)), ("Format", format), ("App", "test"), ("OnChanged", EventCallback.Empty));
        return host;
    }
}
