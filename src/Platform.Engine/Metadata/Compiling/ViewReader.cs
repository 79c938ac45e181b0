using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>views/&lt;name&gt;.json</c>.</summary>
internal sealed class ViewReader(EntityDraft entity, PackDraft pack, List<(EntityDraft Entity, JsonNode Node, ViewExpressionKind Kind)> expressions)
{
    public const int DefaultWidth = 150;

    public void Read(string file)
    {
        var name = PackLayout.NameOf(file);
        string[] path = ["entities", entity.Name, "views", name];
        if (pack.Open(file) is not { } view)
        {
            pack.Labels.Excuse(path);
            return;
        }

        Names.CheckPart(view.Node, name);
        if (entity.Views.Any(other => other.Name == name))
            view.Node.Fail($"'{entity.Name}' has a view '{name}' from another pack.", "Give the file another name, or add to that one with x-extends.");
        var title = pack.Labels.Read(view.DemandTitle("title", "The English title of the view.") ?? name, path);
        var isDefault = view.Flag("default", false);
        if (isDefault && entity.Views.FirstOrDefault(other => other.IsDefault) is { } first)
            view.Find("default")!.Fail($"'{entity.Name}' has a default view already: '{first.Name}'.", "Only one view is the default.");
        if (view.Demand("columns", "[ { \"attribute\": \"<column>\", \"width\": 160 } ]") is { IsArray: true } list && list.Value.GetArrayLength() == 0)
            list.Fail("A view without columns.", "Give it at least one.");
        var columns = view.Objects("columns").Select(ReadColumn).OfType<ViewColumn>().ToImmutableArray();
        var filter = Expression(view, "filter", ViewExpressionKind.Filter);
        var orderBy = Expression(view, "orderby", ViewExpressionKind.OrderBy);
        view.Close();
        entity.Views.Add(new(name, title, isDefault, columns, filter, orderBy) { Pack = pack.Id });
    }

    private ViewColumn? ReadColumn(JsonObject column)
    {
        var attribute = column.Demand("attribute", "The column to show.") is { } node ? entity.Resolve(node) : null;
        var width = column.Integer("width", 40, 1000, DefaultWidth);
        column.Close();
        return attribute is null ? null : new(attribute.Name, width);
    }

    private string? Expression(JsonObject view, string key, ViewExpressionKind kind)
    {
        if (view.Find(key) is not { } node || node.AsText() is not { } text) return null;
        expressions.Add((entity, node, kind));
        return text;
    }
}
