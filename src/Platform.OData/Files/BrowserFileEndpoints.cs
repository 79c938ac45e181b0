using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Engine;
using Platform.Engine.Files;
using Platform.Engine.Messages;
using Platform.OData.Routing;
using Platform.Sdk;

namespace Platform.OData.Files;

/// <summary>
/// Files for the pages of the app, which have a cookie and no token: reading content, and uploading what a form will
/// save. A token opens them, too.
/// </summary>
/// <remarks>
/// A page of another site can make a browser send its cookie along with a simple request, but not with the header
/// <c>x-ms-file-name</c>, for which it would have to ask first: uploads demand that header.
/// </remarks>
internal sealed class BrowserFileEndpoints(PlatformEngine engine, FileUploads uploads, FileRequest receiver, FileResponse sender, RequestDispatcher dispatcher, ICallerAccessor callers)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup(ContentAddress.Root.TrimEnd('/')).RequireAuthorization(WebApi.FilePolicy);
        group.MapMethods("/{entity}/{id:guid}/{attribute}", ["GET", "HEAD"], http => dispatcher.GuardAsync(http, ReadAsync));
        group.MapPost("/{entity}/{attribute}", http => dispatcher.GuardAsync(http, UploadAsync)).DisableAntiforgery();
    }

    /// <summary>Content; <c>?size=thumbnail</c> for the small image.</summary>
    private async Task ReadAsync(HttpContext http)
    {
        var (entity, attribute) = (Value(http, "entity"), Value(http, "attribute"));
        var target = new EntityReference(entity, Guid.Parse(Value(http, "id")));
        var file = (await engine.ExecuteAsync(new RetrieveFile(target, attribute), await callers.GetAsync(http), http.RequestAborted)).File!;
        if (http.Request.Query["size"] != "thumbnail") await sender.SendAsync(http, file);
        else if (!await sender.TrySendThumbnailAsync(http, file)) throw Errors.NoThumbnail(entity, attribute);
    }

    /// <summary>Takes a file in; the form saves its id. <c>?record=</c> names the row, unless it is a new one.</summary>
    private async Task UploadAsync(HttpContext http)
    {
        if (!http.Request.Headers.ContainsKey(FileRequest.NameHeader)) throw Errors.BadRequest($"The header {FileRequest.NameHeader} is missing.");
        var target = new EntityReference(Value(http, "entity"), Guid.TryParse(http.Request.Query["record"], out var id) ? id : Guid.Empty);
        var caller = await callers.GetAsync(http);
        var upload = await uploads.BeginAsync(target, Value(http, "attribute"), FileRequest.NameOf(http.Request) ?? "", http.Request.ContentLength, caller, http.RequestAborted);
        var file = await uploads.CompleteAsync(await receiver.ReceiveAsync(http, upload), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status201Created;
        await http.Response.WriteAsJsonAsync(new Uploaded(file.Id, file.Name, file.Size), http.RequestAborted);
    }

    private static string Value(HttpContext http, string name) => (string)http.GetRouteValue(name)!;

    private sealed record Uploaded(Guid Id, string Name, long Size);
}
