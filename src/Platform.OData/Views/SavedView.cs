using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Metadata.Projection;
using Platform.OData.Queries;

namespace Platform.OData.Views;

/// <summary>A view as a query (<c>savedQuery</c>): what it shows, asks for and sorts by, and what the request says beside it.</summary>
internal static class SavedView
{
    /// <summary>The table of a view and the view; <c>null</c> when no view has the id.</summary>
    public static (EntityDefinition Entity, ViewDefinition View)? Find(MetadataSnapshot metadata, Guid id) =>
        ViewIds.Of(metadata).TryGetValue(id, out var found) ? found : null;

    /// <summary>The options with those of the view: its columns and its order where the request names none, its filter beside the request's.</summary>
    /// <exception cref="PlatformException">There is no such view of the table.</exception>
    public static QueryOptions Over(MetadataSnapshot metadata, EntityDefinition entity, QueryOptions options)
    {
        if (options.SavedQuery is not { } text) return options;
        var id = IdOf(text, "savedQuery");
        if (Find(metadata, id) is not { } found) throw Errors.UnknownView(id);
        if (found.Entity != entity) throw Errors.ViewOfOtherTable(found.View.Name, found.Entity.LogicalName, found.Entity.EntitySetName);
        var (values, view) = (options.Values, found.View);
        if (values.ContainsKey("$apply")) throw Errors.NotOffered("savedQuery with $apply");
        Add(values, entity, view);
        return options;
    }

    /// <summary>The options of a view alone.</summary>
    public static QueryOptions Options(EntityDefinition entity, ViewDefinition view)
    {
        var options = QueryOptions.FromText("");
        Add(options.Values, entity, view);
        return options;
    }

    private static void Add(Dictionary<string, string> values, EntityDefinition entity, ViewDefinition view)
    {
        values.TryAdd("$select", string.Join(',', view.Columns.Select(column => entity.Attribute(column.Attribute).WebApiName).Distinct()));
        if (Order(entity, view) is { } order) values.TryAdd("$orderby", order);
        if (view.Filter is { } filter) values["$filter"] = values.TryGetValue("$filter", out var own) ? $"({filter}) and ({own})" : filter;
    }

    /// <summary>The id in <c>savedQuery</c> or <c>userQuery</c>.</summary>
    /// <exception cref="PlatformException">It is none.</exception>
    public static Guid IdOf(string text, string option) =>
        Guid.TryParse(text.Trim('\''), out var id) ? id : throw Errors.BadRequest($"{option} expects the id of a view, found '{text}'.");

    /// <summary>What a view sorts by: its own order, else the name of the row; <c>null</c> where rows have none.</summary>
    public static string? Order(EntityDefinition entity, ViewDefinition view) => view.OrderBy ?? entity.PrimaryNameAttribute;

    private static class ViewIds
    {
        private static readonly object Key = new();

        public static Dictionary<Guid, (EntityDefinition, ViewDefinition)> Of(MetadataSnapshot metadata) =>
            metadata.Once(Key, static metadata => metadata.Entities.SelectMany(entity => entity.Views, (entity, view) => (entity, view)).ToDictionary(found => MetadataIds.View(found.entity.LogicalName, found.view.Name)));
    }
}
