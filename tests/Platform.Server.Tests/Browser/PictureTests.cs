using System.Net;
using Platform.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Platform.Server.Tests.Browser;

/// <summary>A contact gets a picture: chosen, seen, saved, replaced by what is none, removed.</summary>
[Collection(BrowserTests.Name)]
public sealed class PictureTests(AppBrowser browser) : IAsyncLifetime
{
    private static readonly byte[] Dot = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync("loyalty", demo: true);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public Task A_picture_is_uploaded_saved_with_the_form_and_removed() => browser.VisitAsync(server, new Look(), async app =>
    {
        var rows = (await server.Http.ReadAsync("contacts?$select=contactid&$top=1")).Demand(HttpStatusCode.OK).Body.GetProperty("value");
        var id = rows[0].GetProperty("contactid").GetGuid();
        await app.SignInAsync($"/a/loyalty/t/contact/{id:D}");

        await app.Field("entityimage").SetInputFilesAsync(new Microsoft.Playwright.FilePayload { Name = "me.gif", MimeType = "image/gif", Buffer = Dot });
        await Expect(app.Page.Locator(".ak-file-name")).ToContainTextAsync("me.gif");
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.ReadAsync($"contacts({id})/entityimage/$value?size=full")).Status);
        await app.SaveSuccessfullyAsync();
        Assert.Equal(Dot, await server.Http.GetByteArrayAsync($"contacts({id})/entityimage/$value?size=full"));
        await Expect(app.Page.Locator(".ak-record-icon img")).ToHaveJSPropertyAsync("naturalWidth", 1);

        await app.Button("Image: remove").ClickAsync();
        await app.SaveSuccessfullyAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.ReadAsync($"contacts({id})/entityimage/$value?size=full")).Status);
    });
}
