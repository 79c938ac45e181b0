using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Platform.Engine;
using Platform.OData.Apis;
using Platform.OData.Batch;
using Platform.OData.Files;
using Platform.OData.Headers;
using Platform.OData.Metadata;
using Platform.OData.Metadata.Changes;
using Platform.OData.Queries;
using Platform.OData.Writing;

namespace Platform.OData.Routing;

/// <summary>The one endpoint of the Web API: reads the path, finds the method for it, and turns failures into answers.</summary>
internal sealed class RequestDispatcher(
    PlatformEngine engine, ICallerAccessor callers, RowFinder finder, RecordEndpoints records, NavigationEndpoints navigation, ServiceEndpoints service, AutoNumberActions numbers, FileEndpoints files,
    PropertyEndpoints properties, BulkActions bulk, RowActions rowActions, RowFunctions rowFunctions, SharingEndpoints sharing, ApiEndpoints apis,
    MetadataFunctions functions, DefinitionChanges definitions, MetadataActions actions, BatchEndpoint batch, ServiceLimits limits, ILogger<RequestDispatcher> logger)
{
    /// <summary>Acting with more rights than the client asked for would be worse than not acting.</summary>
    private static readonly string[] ImpersonationHeaders = ["MSCRMCallerID", "CallerObjectId"];

    public Task HandleAsync(HttpContext context) => GuardAsync(context, DispatchAsync);

    /// <summary>Turns the failures of what handles a request into answers.</summary>
    public async Task GuardAsync(HttpContext context, RequestDelegate handle)
    {
        try
        {
            BodyEncoding.Demand(context);
            await handle(context);
        }
        catch (Exception failure)
        {
            await RefuseAsync(context, failure);
        }
    }

    /// <summary>Answers with a failure.</summary>
    internal async Task RefuseAsync(HttpContext context, Exception failure)
    {
        switch (failure)
        {
            case PlatformException { Kind: ErrorKind.NotAllowed } when HttpMethods.IsOptions(context.Request.Method) && !context.Response.HasStarted && context.Features.Get<BatchPart>() is null:
                // No resource takes it: each says what it takes.
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                WebApiHeaders.SetVersion(context.Response);
                break;
            case PlatformException refused:
                Log.RequestRefused(logger, context.Request.Method, context.Request.Path, refused.Code, refused.Message);
                await AnswerAsync(context, refused);
                break;
            case BadHttpRequestException bad:
                await AnswerAsync(context, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? Errors.BodyTooLarge(context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? 0)
                    : Errors.BadRequest(bad.Message));
                break;
            case InvalidDataException or InvalidOperationException when failure.Source?.StartsWith("System.IO.Compression", StringComparison.Ordinal) == true:
                await AnswerAsync(context, Errors.BadRequest("The body is not compressed as its Content-Encoding says."));
                break;
            case OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested:
                break; // The client went away: nobody is there to answer.
            default:
                await FailAsync(context, failure);
                break;
        }
    }

    /// <summary>Finds the method for a request and calls it; failures fly.</summary>
    internal async Task DispatchAsync(HttpContext context)
    {
        var part = context.Features.Get<BatchPart>();
        var metadata = engine.Metadata;
        var path = ResourcePath.Parse(PathOf(context), metadata);
        part?.Demand(path.Kind);
        if (part is not null) BodyEncoding.Demand(context);
        // The server sends no body in answer to HEAD, whatever is written; only files are spared being read.
        if (part is null && HttpMethods.IsHead(context.Request.Method) && path.Kind != ResourceKind.FileValue) context.Request.Method = HttpMethods.Get;
        var longest = part is null ? QueryPlans.LongestUrl : QueryPlans.LongestUrlInBatch;
        if ((context.Request.Path.Value?.Length ?? 0) + (context.Request.QueryString.Value?.Length ?? 0) > longest)
            throw Errors.BadRequest($"The URL is longer than {longest} characters.");
        if (ImpersonationHeaders.FirstOrDefault(context.Request.Headers.ContainsKey) is { } header) throw Errors.NotOffered($"Impersonation ({header})");
        var caller = await callers.GetAsync(context);
        // A batch is one request of its user.
        using var turn = part is null ? limits.Enter(context.Response, caller.UserId) : null;
        if (path.Through is { } through) path = path with { Key = new RowKey(await finder.DemandAsync(through, caller, context.RequestAborted)), Through = null };
        var request = new ApiRequest(context, ServiceRoot.Of(context.Request, path.Minor), path, metadata, caller, Preferences.Of(context.Request.Headers["Prefer"]));
        await (path.Kind switch
        {
            ResourceKind.Row => records.RowAsync(request),
            ResourceKind.EntitySet => records.SetAsync(request),
            ResourceKind.Count => records.CountAsync(request),
            ResourceKind.Explain => records.ExplainAsync(request),
            ResourceKind.Navigation => navigation.ReadAsync(request),
            ResourceKind.NavigationCount => navigation.CountAsync(request),
            ResourceKind.NavigationLink => navigation.LinkAsync(request),
            ResourceKind.Definitions => definitions.HandleAsync(request),
            ResourceKind.MetadataAction => actions.HandleAsync(request, LastOf(context.Request.Path)),
            ResourceKind.MetadataFunction => functions.ReadAsync(request),
            ResourceKind.File => files.PropertyAsync(request),
            ResourceKind.FileValue => files.ValueAsync(request),
            ResourceKind.Property => properties.PropertyAsync(request),
            ResourceKind.PropertyValue => properties.ValueAsync(request),
            ResourceKind.BulkAction => bulk.HandleAsync(request),
            ResourceKind.RowAction => rowActions.HandleAsync(request),
            ResourceKind.RowFunction => rowFunctions.ReadAsync(request),
            ResourceKind.SharingAction => sharing.ActAsync(request),
            ResourceKind.SharingFunction => sharing.ReadAsync(request),
            ResourceKind.Api => apis.HandleAsync(request),
            ResourceKind.Metadata => service.MetadataAsync(request),
            ResourceKind.Batch => batch.HandleAsync(request, this),
            ResourceKind.WhoAmI => service.WhoAmIAsync(request),
            ResourceKind.SetAutoNumberSeed => numbers.SetSeedAsync(request),
            ResourceKind.GetNextAutoNumberValue => numbers.NextValueAsync(request),
            _ => ServiceEndpoints.DocumentAsync(request),
        });
    }

    private static string LastOf(PathString path) => path.Value![(path.Value!.LastIndexOf('/') + 1)..];

    /// <summary>
    /// The decoded path. The server leaves an encoded slash encoded, and so a key with a slash in it could not be told
    /// from one with <c>%2F</c> in it: where a percent sign is left, the path is read from what came over the wire.
    /// </summary>
    private static string? PathOf(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (path is null || !path.Contains('%', StringComparison.Ordinal)) return path;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = target.IndexOf('?');
        if (query >= 0) target = target[..query];
        var service = target.IndexOf(ResourcePath.Service, StringComparison.OrdinalIgnoreCase);
        return service < 0 ? path : Uri.UnescapeDataString(target[service..]);
    }

    private async Task AnswerAsync(HttpContext context, PlatformException failure)
    {
        if (context.Response.HasStarted) Cut(context, failure);
        else await ErrorWriter.WriteAsync(context, failure);
    }

    private async Task FailAsync(HttpContext context, Exception failure)
    {
        if (context.Response.HasStarted)
        {
            Cut(context, failure);
            return;
        }
        Log.RequestFailed(logger, failure, context.Request.Method, context.Request.Path, ErrorWriter.TraceId(context));
        await ErrorWriter.WriteUnknownAsync(context);
    }

    /// <summary>Half an answer must not look like a whole one.</summary>
    private void Cut(HttpContext context, Exception failure)
    {
        Log.ResponseCut(logger, failure, context.Request.Method, context.Request.Path, ErrorWriter.TraceId(context));
        context.Abort();
    }
}
