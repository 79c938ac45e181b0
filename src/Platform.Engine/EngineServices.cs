using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Platform.Engine.Catalog;
using Platform.Engine.Files;
using Platform.Engine.History;
using Platform.Engine.Messages;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Building;
using Platform.Engine.Pipeline;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Explaining;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Engine.Tracing;
using Platform.Sdk.Hosting;

namespace Platform.Engine;

/// <summary>Registers the engine. The container must also hold an <see cref="IPluginHost"/> and an <see cref="IQueryTextParser"/>.</summary>
public static class EngineServices
{
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => Database.Open(options));
        services.AddSingleton(provider => new PlatformEngine(Pipeline(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CallerDirectory(provider.GetRequiredService<Database>(), () => provider.GetRequiredService<PlatformEngine>().Metadata));

        services.AddSingleton<CatalogDatabase>();
        services.AddSingleton(provider => new Deployments(provider.GetRequiredService<CatalogDatabase>()));
        services.AddSingleton(provider => new IndexBuilder(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<CatalogDatabase>(), provider.GetRequiredService<Deployments>(), provider.GetRequiredService<PlatformEngine>(),
            options.BuildLaterFrom, options.FollowEvery, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Publisher>();
        services.AddSingleton<MetadataHistory>();
        services.AddSingleton<Seeder>();
        services.AddSingleton(provider => new MetadataFollower(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Publisher>(), () => Forget(provider), options.FollowEvery, provider.GetRequiredService<TimeProvider>()));

        services.TryAddSingleton<IThumbnailMaker, NoThumbnails>();
        services.AddSingleton<FileContents>();
        services.AddSingleton<FileUploads>();

        services.AddSingleton(provider => new OrganizationIdentity(provider.GetRequiredService<CatalogDatabase>()));
        services.AddSingleton<RecordStore>();
        services.AddSingleton<QueryExecutor>();
        services.AddSingleton(provider => new QueryBudget(options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AuditWriter>();
        services.AddSingleton<Deletions>();
        services.AddSingleton(provider => new CurrencyDirectory(provider.GetRequiredService<Database>(), provider.GetRequiredService<QueryExecutor>()));
        services.AddSingleton(provider => new TraceLog(
            provider.GetRequiredService<Database>(), new(provider.GetRequiredService<PlatformEngine>), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TraceLog>>()));
        services.AddSingleton<BaseAmounts>();
        services.AddSingleton<PersonalViewCheck>();
        services.AddSingleton<DuplicateDetection>();
        services.AddSingleton(provider => new DeleteCascade(Pipeline(provider)));
        services.AddSingleton(provider => new SettingsOfUsers(Pipeline(provider)));
        services.AddSingleton(provider => new AssignCascade(Pipeline(provider)));
        services.AddSingleton(provider => new DeepInsert(Pipeline(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new UpsertRun(Pipeline(provider), provider.GetRequiredService<Database>()));
        services.AddSingleton(provider => new RowLinks(Pipeline(provider), provider.GetRequiredService<AuditWriter>()));
        services.AddSingleton<RowSharing>();
        services.AddSingleton(provider => new MergeCascade(Pipeline(provider), provider.GetRequiredService<RowLinks>()));
        services.AddSingleton(provider => new StepRunner(provider.GetRequiredService<IPluginHost>(), provider.GetRequiredService<IQueryTextParser>(), Pipeline(provider), provider.GetRequiredService<TraceLog>()));

        services.AddSingleton<MessageHandler, CreateHandler>();
        services.AddSingleton<MessageHandler, UpdateHandler>();
        services.AddSingleton<MessageHandler, DeleteHandler>();
        services.AddSingleton<MessageHandler, AssociateHandler>();
        services.AddSingleton<MessageHandler, DisassociateHandler>();
        services.AddSingleton<MessageHandler, RetrieveHandler>();
        services.AddSingleton<MessageHandler, RetrieveMultipleHandler>();
        services.AddSingleton<MessageHandler>(provider => new RetrieveEntityChangesHandler(Pipeline(provider)));
        services.AddSingleton<MessageHandler, ExplainHandler>();
        services.AddSingleton<MessageHandler, SetAutoNumberSeedHandler>();
        services.AddSingleton<MessageHandler, GetNextAutoNumberValueHandler>();
        services.AddSingleton<MessageHandler>(provider => new CustomApiHandler<CustomAction>(provider.GetRequiredService<StepRunner>(), Pipeline(provider)));
        services.AddSingleton<MessageHandler>(provider => new CustomApiHandler<CustomFunction>(provider.GetRequiredService<StepRunner>(), Pipeline(provider)));
        services.AddSingleton<MessageHandler>(provider => new MultipleHandler<CreateMultiple>(Pipeline(provider)));
        services.AddSingleton<MessageHandler>(provider => new MultipleHandler<UpdateMultiple>(Pipeline(provider)));
        services.AddSingleton<MessageHandler>(provider => new MultipleHandler<UpsertMultiple>(Pipeline(provider)));
        services.AddSingleton<MessageHandler>(provider => new MultipleHandler<DeleteMultiple>(Pipeline(provider)));
        services.AddSingleton<MessageHandler>(provider => new AssignHandler(Pipeline(provider)));
        services.AddSingleton<MessageHandler>(provider => new SetStateHandler(Pipeline(provider)));
        services.AddSingleton<MessageHandler>(provider => new MergeHandler(Pipeline(provider), provider.GetRequiredService<MergeCascade>(), provider.GetRequiredService<AuditWriter>()));
        services.AddSingleton<MessageHandler, GrantAccessHandler>();
        services.AddSingleton<MessageHandler, ModifyAccessHandler>();
        services.AddSingleton<MessageHandler, RevokeAccessHandler>();
        services.AddSingleton<MessageHandler, RetrievePrincipalAccessHandler>();
        services.AddSingleton<MessageHandler, RetrieveSharedPrincipalsAndAccessHandler>();
        services.AddSingleton<MessageHandler>(provider => new InitializeFromHandler(Pipeline(provider)));
        services.AddSingleton<MessageHandler, BeginUploadHandler>();
        services.AddSingleton<MessageHandler, RetrieveFileHandler>();
        services.AddSingleton<MessageHandlers>();
        services.AddSingleton<MessagePipeline>();
        return services;
    }

    // Steps and cascades send messages through the pipeline that runs them: the circle closes at first use.
    private static Lazy<MessagePipeline> Pipeline(IServiceProvider provider) => new(provider.GetRequiredService<MessagePipeline>);

    private static void Forget(IServiceProvider provider)
    {
        provider.GetRequiredService<CallerDirectory>().Forget();
        provider.GetRequiredService<CurrencyDirectory>().Forget();
        provider.GetRequiredService<IndexBuilder>().Wake();
    }
}
