using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Fetch;
using Platform.OData.Metadata.Types;
using Platform.OData.Queries;
using Platform.OData.Views;

namespace Platform.OData.Metadata.Projection;

/// <summary>Describes views as Dataverse does.</summary>
/// <param name="language">Two letters; that of the names.</param>
internal sealed class SavedQueryProjection(MetadataSnapshot metadata, string language)
{
    public SavedQuery Of(EntityDefinition entity, ViewDefinition view) => new()
    {
        SavedQueryId = MetadataIds.View(entity.LogicalName, view.Name),
        Name = view.Title.For(language),
        UniqueName = view.Name,
        ReturnedTypeCode = entity.LogicalName,
        IsDefault = view.IsDefault,
        IsManaged = Layer.IsManaged(view.Pack),
        IsCustom = Layer.IsCustom(view.Pack),
        FetchXml = Fetch(entity, view),
        LayoutXml = ViewLayout.Write(entity, view, ObjectTypeCodes.Of(metadata)[entity.LogicalName]),
        Filter = view.Filter,
        OrderBy = view.OrderBy,
    };

    private string? Fetch(EntityDefinition entity, ViewDefinition view) =>
        FetchWriter.Write(metadata, QueryOptionsParser.Parse(metadata, entity, SavedView.Options(entity, view)).Query);
}
