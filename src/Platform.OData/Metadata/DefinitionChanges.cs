using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Security;
using Platform.OData.Headers;
using Platform.OData.Metadata.Changing;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Types;
using Label = Platform.Engine.Metadata.Label;
using Platform.OData.Reading;
using Platform.OData.Routing;
using Platform.OData.Views;

namespace Platform.OData.Metadata;

/// <summary>
/// Makes, changes and deletes definitions over HTTP as Dataverse's metadata API does. Administrators only. Everything
/// becomes a part of the customization, is published at once, and holds for the next request; what is deleted is parked
/// with its data.
/// </summary>
internal sealed class DefinitionChanges(PlatformEngine engine, Publisher publisher, IOptions<WebApiOptions> options)
{
    private const string MergeLabels = "MSCRM.MergeLabels";

    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    /// <summary>Answers a request on the definitions, whatever its method.</summary>
    public Task HandleAsync(ApiRequest request)
    {
        var method = request.Request.Method;
        if (HttpMethods.IsGet(method)) return DefinitionEndpoints.ReadAsync(request);
        if (!AccessPolicy.IsAdministrator(engine.Metadata, request.Caller)) throw Errors.NotAdministrator(request.Caller.UserId);
        var path = MetadataPath.Parse(DefinitionEndpoints.PathOf(request.Http));
        if (HttpMethods.IsPost(method)) return CreateAsync(request, path);
        // Views are rows to Dataverse, and rows are patched.
        if (HttpMethods.IsPut(method) && path.Type is not { IsRow: true }) return UpdateAsync(request, path);
        if (HttpMethods.IsPatch(method) && path.Type is { IsRow: true }) return UpdateAsync(request, path);
        if (HttpMethods.IsDelete(method)) return DeleteAsync(request, path);
        throw request.MethodNotAllowed(Allowed(path));
    }

    /// <summary>Methods that a path takes, as the header <c>Allow</c> lists them.</summary>
    /// <exception cref="PlatformException">Nothing is there.</exception>
    private string Allowed(MetadataPath path)
    {
        if (path.End != MetadataPathEnd.None) return "GET";
        if (TakesNew(path)) return "GET, POST";
        return Found(path, engine.Metadata) switch
        {
            EntityMetadata or AttributeMetadata or RelationshipMetadataBase or OptionSetMetadataBase { IsGlobal: true } => "GET, PUT, DELETE",
            EntityKeyMetadata => "GET, DELETE",
            SavedQuery => "GET, PATCH, DELETE",
            _ => "GET",
        };
    }

    private static bool TakesNew(MetadataPath path) => path.Steps[^1] is EntitySetSegment { EntitySet.Name: MetadataModel.EntitySet or MetadataModel.RelationshipSet or MetadataModel.OptionSetSet or MetadataModel.ViewSet }
        or NavigationPropertySegment { NavigationProperty.Name: nameof(EntityMetadata.Attributes) or nameof(EntityMetadata.Keys) };

    /// <summary>Publishes a change of the customization on behalf of a request's caller.</summary>
    /// <exception cref="PlatformException">It does not fit the rest of the metadata, or the rows; nothing has changed.</exception>
    public async Task PublishAsync(ApiRequest request, Action<CustomizationDraft> change)
    {
        try
        {
            await publisher.CustomizeAsync(change, new PublishOptions { Park = true, PublishedBy = request.Caller.UserId }, request.Aborted);
        }
        catch (MetadataException refused)
        {
            throw Errors.MetadataRefused(refused);
        }
    }

    /// <summary>The body as a definition.</summary>
    public async Task<DefinitionBody> BodyAsync(ApiRequest request) => await BodyReader.ReadAsync(
        request.Request,
        static buffer => WholeJson.Parse(System.Buffers.BuffersExtensions.ToArray(buffer)) is JsonObject json ? new DefinitionBody(json) : throw Errors.BadJson("the body is not a JSON object."),
        bodyLimit,
        request.Aborted);

    private async Task CreateAsync(ApiRequest request, MetadataPath path)
    {
        if (!TakesNew(path) || path.End != MetadataPathEnd.None) throw request.MethodNotAllowed(Allowed(path));
        var body = await BodyAsync(request);
        body.CheckSpelling(TypeOf(path));
        var location = "";
        await PublishAsync(request, draft => location = Create(request, path, body, engine.Metadata, draft));
        var url = request.Root.Url + location;
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        request.Response.Headers["OData-EntityId"] = url;
        request.Response.Headers.Location = url;
        WebApiHeaders.SetVersion(request.Response);
    }

    /// <param name="metadata">What holds when nobody else publishes any more before this change is: another administrator may just have made the same.</param>
    /// <returns>Address of what is made.</returns>
    private string Create(ApiRequest request, MetadataPath path, DefinitionBody body, MetadataSnapshot metadata, CustomizationDraft draft)
    {
        switch (path.Steps[^1])
        {
            case EntitySetSegment { EntitySet.Name: MetadataModel.EntitySet }:
                return $"{MetadataModel.EntitySet}({MetadataIds.Entity(new TableChange(metadata, draft, merge: true).Create(body))})";
            case EntitySetSegment { EntitySet.Name: MetadataModel.RelationshipSet }:
                return $"{MetadataModel.RelationshipSet}({MetadataIds.Relationship(new RelationshipChange(metadata, draft, merge: true).Create(body))})";
            case EntitySetSegment { EntitySet.Name: MetadataModel.OptionSetSet }:
                return $"{MetadataModel.OptionSetSet}({MetadataIds.GlobalChoice(new ChoiceChange(metadata, draft, merge: true).Create(body))})";
            case EntitySetSegment { EntitySet.Name: MetadataModel.ViewSet }:
                var (owner, view) = new ViewChange(metadata, draft).Create(body);
                return $"{MetadataModel.ViewSet}({MetadataIds.View(owner, view)})";
            case NavigationPropertySegment { NavigationProperty.Name: nameof(EntityMetadata.Attributes) }:
                var table = Open(EntityOf(path, metadata), "columns").LogicalName;
                return $"{MetadataModel.EntitySet}({MetadataIds.Entity(table)})/{nameof(EntityMetadata.Attributes)}({MetadataIds.Attribute(table, new ColumnChange(metadata, draft, table, merge: true).Create(body))})";
            case NavigationPropertySegment { NavigationProperty.Name: nameof(EntityMetadata.Keys) }:
                var keyed = Open(EntityOf(path, metadata), "keys");
                return $"{MetadataModel.EntitySet}({MetadataIds.Entity(keyed.LogicalName)})/{nameof(EntityMetadata.Keys)}({MetadataIds.Key(keyed.LogicalName, new KeyChange(draft).Create(keyed, body))})";
            default:
                throw request.MethodNotAllowed(Allowed(path));
        }
    }

    /// <summary>The table, which takes columns, keys and relationships of others.</summary>
    /// <exception cref="PlatformException">It holds pairs, or only the engine writes it.</exception>
    internal static EntityDefinition Open(EntityDefinition entity, string what) => entity.EngineOwned || entity.IsIntersect ? throw Errors.ClosedTable(entity, what) : entity;

    /// <summary>Type of the definitions that a collection takes; a body may name one that derives from it.</summary>
    private static MetadataType TypeOf(MetadataPath path) => MetadataType.Of(path.Steps[^1].Identifier switch
    {
        MetadataModel.EntitySet => typeof(EntityMetadata),
        MetadataModel.RelationshipSet => typeof(RelationshipMetadataBase),
        MetadataModel.OptionSetSet => typeof(OptionSetMetadataBase),
        MetadataModel.ViewSet => typeof(SavedQuery),
        nameof(EntityMetadata.Attributes) => typeof(AttributeMetadata),
        _ => typeof(EntityKeyMetadata),
    });

    private async Task UpdateAsync(ApiRequest request, MetadataPath path)
    {
        var merge = Merges(request);
        if (path.End != MetadataPathEnd.None || Found(path, engine.Metadata) is not (EntityMetadata or AttributeMetadata or RelationshipMetadataBase or OptionSetMetadataBase { IsGlobal: true } or SavedQuery)) throw request.MethodNotAllowed(Allowed(path));
        var body = await BodyAsync(request);
        await DoneAsync(request, draft => Update(Found(path, engine.Metadata), body, merge, request.Caller.Language, engine.Metadata, draft));
    }

    private static void Update(object? found, DefinitionBody body, bool merge, string language, MetadataSnapshot metadata, CustomizationDraft draft)
    {
        if (found is not null) body.CheckSpelling(MetadataType.Of(found));
        switch (found)
        {
            case EntityMetadata table:
                new TableChange(metadata, draft, merge).Update(metadata.Entity(table.LogicalName!), body);
                break;
            case AttributeMetadata column:
                new ColumnChange(metadata, draft, column.EntityLogicalName!, merge).Update(metadata.Entity(column.EntityLogicalName!).Attribute(column.LogicalName!), body);
                break;
            case OneToManyRelationshipMetadata relationship:
                new RelationshipChange(metadata, draft, merge).Update(Relationship(metadata, relationship), body);
                break;
            case ManyToManyRelationshipMetadata relationship:
                new RelationshipChange(metadata, draft, merge).Update(metadata.Entity(relationship.Entity1LogicalName!).ManyToMany.Single(known => known.Name == relationship.SchemaName), body);
                break;
            case OptionSetMetadataBase choice:
                new ChoiceChange(metadata, draft, merge).Update(choice.Name!, body);
                break;
            case SavedQuery view:
                var (entity, known) = SavedView.Find(metadata, view.SavedQueryId!.Value)!.Value;
                new ViewChange(metadata, draft).Update(entity, known, view, language, body);
                break;
        }
    }

    private async Task DeleteAsync(ApiRequest request, MetadataPath path)
    {
        if (path.End != MetadataPathEnd.None || Found(path, engine.Metadata) is not (EntityMetadata or AttributeMetadata or EntityKeyMetadata or RelationshipMetadataBase or OptionSetMetadataBase { IsGlobal: true } or SavedQuery)) throw request.MethodNotAllowed(Allowed(path));
        await DoneAsync(request, draft => Delete(Found(path, engine.Metadata), engine.Metadata, draft));
    }

    private static void Delete(object? found, MetadataSnapshot metadata, CustomizationDraft draft)
    {
        switch (found)
        {
            case EntityMetadata table:
                new TableChange(metadata, draft, merge: true).Remove(metadata.Entity(table.LogicalName!));
                break;
            case AttributeMetadata column:
                new ColumnChange(metadata, draft, column.EntityLogicalName!, merge: true).Remove(column.LogicalName!);
                break;
            case EntityKeyMetadata key:
                draft.Delete($"key/{key.EntityLogicalName}/{key.LogicalName}");
                break;
            case OneToManyRelationshipMetadata relationship:
                new RelationshipChange(metadata, draft, merge: true).Remove(Relationship(metadata, relationship));
                break;
            case ManyToManyRelationshipMetadata relationship:
                draft.Delete($"relationship/{relationship.SchemaName}");
                break;
            case OptionSetMetadataBase choice:
                draft.Delete($"choice/{choice.Name}");
                break;
            case SavedQuery view:
                new ViewChange(metadata, draft).Remove(view.ReturnedTypeCode!, view.UniqueName!);
                break;
        }
    }

    private async Task DoneAsync(ApiRequest request, Action<CustomizationDraft> change)
    {
        await PublishAsync(request, draft =>
        {
            DemandVersion(request);
            change(draft);
        });
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        WebApiHeaders.SetVersion(request.Response);
    }

    /// <summary>Definitions have one tag together, which a reader has got with each of them.</summary>
    /// <exception cref="PlatformException">They have changed since, or must not be there (412).</exception>
    private void DemandVersion(ApiRequest request)
    {
        var headers = request.Request.Headers;
        var tag = DefinitionTag.Of(engine.Metadata, request.Caller.Language);
        if (headers.IfMatch.Count > 0 && headers.IfMatch != "*" && !Tags(headers.IfMatch).Contains(tag)) throw Errors.VersionMismatch();
        if (headers.IfNoneMatch == "*" || Tags(headers.IfNoneMatch).Contains(tag)) throw Errors.VersionMismatch();

        static IEnumerable<string> Tags(Microsoft.Extensions.Primitives.StringValues header) => header.ToString().Split(',', StringSplitOptions.TrimEntries);
    }

    /// <summary>Without the header the body's languages are all that there are, as in Dataverse.</summary>
    private static bool Merges(ApiRequest request) => request.Request.Headers[MergeLabels].ToString() switch
    {
        "" => false,
        var text when bool.TryParse(text, out var merge) => merge,
        var text => throw Errors.BadRequest($"The header {MergeLabels} is '{text}'.", "true or false."),
    };

    private static object? Found(MetadataPath path, MetadataSnapshot metadata) => MetadataAnswer.Walk(path.Steps, MetadataCatalog.Of(metadata, Label.EnglishLanguage));

    private static EntityDefinition EntityOf(MetadataPath path, MetadataSnapshot metadata)
    {
        var upTo = path.Steps.IndexOf(path.Steps.OfType<KeySegment>().First()) + 1;
        return MetadataAnswer.Walk(path.Steps[..upTo], MetadataCatalog.Of(metadata, Label.EnglishLanguage)) is EntityMetadata table ? metadata.Entity(table.LogicalName!) : throw Errors.NotOffered("This path for new definitions");
    }

    private static RelationshipDefinition Relationship(MetadataSnapshot metadata, OneToManyRelationshipMetadata relationship) =>
        metadata.Entity(relationship.ReferencingEntity!).ManyToOne.Single(known => known.Name == relationship.SchemaName && known.ReferencedEntity == relationship.ReferencedEntity);
}
