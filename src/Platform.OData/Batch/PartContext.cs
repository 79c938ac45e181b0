using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Platform.OData.Batch;

/// <summary>Makes a request of a batch into one that the service answers like any other: of the same user and connection, with headers of its own.</summary>
internal static class PartContext
{
    /// <summary>A context with everything but the URL, so that a URL that is refused has one to be answered in.</summary>
    public static DefaultHttpContext Create(HttpContext batch, BatchRequest part, BatchPart place, PartAnswer answer, CancellationToken ct)
    {
        var outer = batch.Request;
        // A copy: a change set may have to begin again, and must then find what the client sent.
        IHeaderDictionary headers = new HeaderDictionary();
        foreach (var (name, value) in part.Headers) headers[name] = value;
        headers.Host = outer.Headers.Host;
        // How the client reads concerns every answer; preferences and conditions are each request's own, as in Dataverse.
        if (headers.AcceptLanguage.Count == 0) headers.AcceptLanguage = outer.Headers.AcceptLanguage;

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = part.Method, Scheme = outer.Scheme, PathBase = outer.PathBase.Value ?? "", Protocol = outer.Protocol, Headers = headers });
        features.Set<IHttpResponseFeature>(answer.Response);
        features.Set<IHttpResponseBodyFeature>(answer);
        features.Set(place);
        if (batch.Features.Get<IHttpConnectionFeature>() is { } connection) features.Set(connection);
        return new DefaultHttpContext(features) { User = batch.User, RequestServices = batch.RequestServices, RequestAborted = ct, TraceIdentifier = batch.TraceIdentifier };
    }

    public static void SetUrl(HttpContext context, PartUrl url)
    {
        context.Request.Path = PathString.FromUriComponent(url.Root + url.Path);
        context.Request.QueryString = new QueryString(url.Query);
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = context.Request.PathBase.ToUriComponent() + url.Root + url.Path + url.Query;
    }

    public static void SetBody(HttpContext context, ReadOnlyMemory<byte> body)
    {
        // Of nothing a sequence gives out positions that it does not take back.
        var reader = body.IsEmpty ? PipeReader.Create(Stream.Null) : PipeReader.Create(new ReadOnlySequence<byte>(body));
        context.Features.Set<IRequestBodyPipeFeature>(new PartBody(reader));
        context.Request.Body = reader.AsStream();
        context.Request.ContentLength = body.Length;
    }

    private sealed record PartBody(PipeReader Reader) : IRequestBodyPipeFeature;
}
