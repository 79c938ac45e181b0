using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Headers;
using Platform.OData.Model;

namespace Platform.OData.OpenApi;

/// <summary>
/// The Web API as an OpenAPI document (<c>/openapi/v1.json</c>, version 3.0), for tools that do not speak OData. It is made of metadata, with titles
/// in the caller's language, once per version.
/// </summary>
internal sealed class OpenApiEndpoint(PlatformEngine engine, ICallerAccessor callers)
{
    public const string Path = "/openapi/v1.json";

    private static readonly object Key = new();

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapMethods(Path, [HttpMethods.Get, HttpMethods.Head], ReadAsync).RequireAuthorization(WebApi.Policy).WithDisplayName("OpenAPI");

    private async Task ReadAsync(HttpContext context)
    {
        var (metadata, caller) = (engine.Metadata, await callers.GetAsync(context));
        var tag = $"W/\"openapi-{metadata.Version}-{caller.Language}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Vary = "Accept-Language";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var bytes = await metadata.Once((Key, caller.Language), version => WriteAsync(version, caller.Language));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
    }

    private static async Task<byte[]> WriteAsync(MetadataSnapshot metadata, string language)
    {
        using var stream = new MemoryStream();
        await Build(metadata, language).SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_0);
        return stream.ToArray();
    }

    private static OpenApiDocument Build(MetadataSnapshot metadata, string language)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo { Title = "Web API", Version = "9.2", Description = $"OData v4, compatible with Dataverse. Metadata version {metadata.Version}." },
            Servers = [new OpenApiServer { Url = "/api/data/v9.2" }],
            Paths = [],
            Components = new OpenApiComponents { Schemas = new Dictionary<string, IOpenApiSchema>(), Parameters = TablePaths.Parameters(), Responses = new Dictionary<string, IOpenApiResponse>(), SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>() },
            Tags = new HashSet<OpenApiTag>(metadata.Entities.Select(entity => new OpenApiTag { Name = entity.LogicalName, Description = entity.CollectionTitle.For(language) }).Append(new OpenApiTag { Name = "operations" })),
        };
        document.Components.SecuritySchemes["token"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Flows = new OpenApiOAuthFlows { Password = new OpenApiOAuthFlow { TokenUrl = new Uri("/connect/token", UriKind.Relative), RefreshUrl = new Uri("/connect/token", UriKind.Relative), Scopes = new Dictionary<string, string>() } },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
        document.Components.Responses["error"] = new OpenApiResponse { Description = "Refused; the message says why.", Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = Error() } } };
        var (schemas, tables) = (new RowSchemas(document, metadata, language), new TablePaths(document, language));
        foreach (var entity in metadata.Entities)
        {
            document.Components.Schemas[entity.LogicalName] = schemas.Read(entity);
            if (!entity.EngineOwned) document.Components.Schemas[RowSchemas.WrittenName(entity)] = schemas.Written(entity);
            tables.Add(entity);
        }
        new OperationPaths(document, metadata, language).Add(EdmModelBuilder.CompleteOf(metadata));
        return document;
    }

    private static OpenApiSchema Error() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["error"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema> { ["code"] = new OpenApiSchema { Type = JsonSchemaType.String }, ["message"] = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
    };
}
