using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Engine.Queries;
using Platform.OData.Writing;
using Platform.OData.Fetch;
using Platform.OData.Apis;
using Platform.OData.Batch;
using Platform.OData.Export;
using Platform.OData.Files;
using Platform.OData.Metadata;
using Platform.OData.Metadata.Changes;
using Platform.OData.OpenApi;
using Platform.OData.Publishing;
using Platform.OData.Queries;
using Platform.OData.Routing;
using Platform.OData.Views;

namespace Platform.OData;

/// <summary>The Dataverse-compatible Web API under <c>/api/data/v9.x/</c>.</summary>
public static class WebApi
{
    /// <summary>Name of the authorization policy that all requests must pass; the server defines it.</summary>
    public const string Policy = "WebApi";

    /// <summary>Name of the policy for files, which pages of the app ask for as well; the server defines it.</summary>
    public const string FilePolicy = "Files";

    /// <summary>Adds the Web API and its query parser. Expects <see cref="Engine.PlatformEngine"/> and <see cref="ICallerAccessor"/> in the container.</summary>
    public static IServiceCollection AddWebApi(this IServiceCollection services)
    {
        services.AddOptions<WebApiOptions>().BindConfiguration("WebApi");
        // Room for what we refuse ourselves: a URL over the limit is 400 with a sentence, not a cut connection.
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestLineSize = 4 * QueryPlans.LongestUrl);
        services.TryAddSingleton<IQueryTextParser, QueryTextParser>();
        services.TryAddSingleton<RowFinder>();
        services.TryAddSingleton<BodyRows>();
        services.TryAddSingleton<AmountFormats>();
        services.TryAddSingleton<ExplainEndpoint>();
        services.TryAddSingleton<FetchEndpoint>();
        services.TryAddSingleton<PersonalViews>();
        services.TryAddSingleton<ChangesEndpoint>();
        services.TryAddSingleton<RecordEndpoints>();
        services.TryAddSingleton<NavigationEndpoints>();
        services.TryAddSingleton<AutoNumberActions>();
        services.TryAddSingleton<PropertyEndpoints>();
        services.TryAddSingleton<BulkActions>();
        services.TryAddSingleton<RowActions>();
        services.TryAddSingleton<ApiEndpoints>();
        services.TryAddSingleton<RowFunctions>();
        services.TryAddSingleton<SharingEndpoints>();
        services.TryAddSingleton<MetadataFunctions>();
        services.TryAddSingleton<DefinitionChanges>();
        services.TryAddSingleton<MetadataActions>();
        services.TryAddSingleton<FileRequest>();
        services.TryAddSingleton<FileResponse>();
        services.TryAddSingleton<ImageValues>();
        services.TryAddSingleton<FileEndpoints>();
        services.TryAddSingleton<BrowserFileEndpoints>();
        services.TryAddSingleton<ServiceEndpoints>();
        services.TryAddSingleton<BatchEndpoint>();
        services.TryAddSingleton<ServiceLimits>();
        services.TryAddSingleton<RequestDispatcher>();
        services.TryAddSingleton<OpenApiEndpoint>();
        services.TryAddSingleton<PublishEndpoints>();
        services.TryAddSingleton<ExportEndpoints>();
        return services;
    }

    /// <summary>Maps the Web API, and publishing beside it. One endpoint takes all paths: OData's path grammar is not one of route templates.</summary>
    public static IEndpointRouteBuilder MapWebApi(this IEndpointRouteBuilder endpoints)
    {
        var dispatcher = endpoints.ServiceProvider.GetRequiredService<RequestDispatcher>();
        endpoints.Map("/api/data/{**path}", dispatcher.HandleAsync).RequireAuthorization(Policy).WithMetadata(OwnLimits.Instance).WithDisplayName("Web API");
        endpoints.ServiceProvider.GetRequiredService<PublishEndpoints>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<OpenApiEndpoint>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<BrowserFileEndpoints>().Map(endpoints);
        endpoints.ServiceProvider.GetRequiredService<ExportEndpoints>().Map(endpoints);
        return endpoints;
    }

    /// <summary>The readers of bodies have their own limits, which they tell in words.</summary>
    private sealed class OwnLimits : IRequestSizeLimitMetadata
    {
        public static OwnLimits Instance { get; } = new();

        public long? MaxRequestBodySize => null;
    }
}
