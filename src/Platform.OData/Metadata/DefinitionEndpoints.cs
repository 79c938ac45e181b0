using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.OData.Headers;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Writing;
using Platform.OData.Routing;
using Platform.OData.Writing;

namespace Platform.OData.Metadata;

/// <summary>Definitions of tables, relationships and choices over HTTP, as Dataverse's metadata API gives them. Whoever is signed in may read them.</summary>
internal static class DefinitionEndpoints
{
    /// <summary>GET on <c>EntityDefinitions</c>, <c>RelationshipDefinitions</c>, <c>GlobalOptionSetDefinitions</c> and what stands behind them.</summary>
    public static async Task ReadAsync(ApiRequest request)
    {
        if (!HttpMethods.IsGet(request.Request.Method)) throw request.MethodNotAllowed("GET");
        var plan = MetadataPlan.Of(PathOf(request.Http), request.Request);
        var answer = MetadataAnswer.Of(plan, MetadataCatalog.Of(request.Metadata, request.Caller.Language));
        var response = request.Response;
        WebApiHeaders.SetVersion(response);
        var tag = DefinitionTag.Of(request.Metadata, request.Caller.Language);
        response.Headers.ETag = tag;
        if (request.Request.Headers.IfNoneMatch == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (plan.Path.End != MetadataPathEnd.None) await WriteTextAsync(request, plan, answer);
        else if (answer is null) response.StatusCode = StatusCodes.Status204NoContent;
        else await WriteJsonAsync(request, plan, answer);
    }

    /// <summary>The request's path below the service's root, still encoded: the parser of URLs decodes it piece by piece.</summary>
    public static string PathOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var service = target.IndexOf(ResourcePath.Service, StringComparison.OrdinalIgnoreCase) + ResourcePath.Service.Length;
        var start = target.IndexOf('/', service) + 1;
        var query = target.IndexOf('?', start);
        return query < 0 ? target[start..] : target[start..query];
    }

    private static async Task WriteJsonAsync(ApiRequest request, MetadataPlan plan, object answer)
    {
        var body = JsonBody.Rent();
        try
        {
            WebApiHeaders.Set(request.Response);
            var json = body.Json;
            var writer = new MetadataWriter(json, plan.LabelLanguages);
            json.WriteStartObject();
            json.WriteString(SingleRowSink.ContextName, plan.Context.For(request.Root));
            if (answer is List<object> items && plan.Path.IsCollection)
            {
                if (plan.CountTotal) json.WriteNumber("@odata.count", items.Count);
                json.WriteStartArray("value");
                foreach (var item in items.Take(plan.Top ?? int.MaxValue))
                {
                    writer.WriteValue(item, plan.Path.Type?.Clr ?? item.GetType(), plan.Selection);
                    await body.FlushIfLargeAsync(request.Response, request.Aborted);
                }
                json.WriteEndArray();
            }
            else if (plan.Path.Type is { } type) writer.WriteMembers(answer, type, plan.Selection);
            else
            {
                json.WritePropertyName("value");
                writer.WriteValue(answer, answer.GetType(), plan.Selection);
            }
            json.WriteEndObject();
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    /// <summary><c>/$count</c> and <c>/$value</c>.</summary>
    private static async Task WriteTextAsync(ApiRequest request, MetadataPlan plan, object? answer)
    {
        var text = plan.Path.End switch
        {
            MetadataPathEnd.Count => ((List<object>)answer!).Count.ToString(CultureInfo.InvariantCulture),
            _ when answer is bool flag => flag ? "true" : "false",
            _ => Convert.ToString(answer, CultureInfo.InvariantCulture),
        };
        if (text is null || answer is null)
        {
            request.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        if (plan.Path.End == MetadataPathEnd.Value && MetadataType.IsStructure(answer.GetType())) throw Engine.Errors.BadRequest("$value goes with simple values only.");
        request.Response.ContentType = "text/plain";
        await request.Response.WriteAsync(text, request.Aborted);
    }
}
