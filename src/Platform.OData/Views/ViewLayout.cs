using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Fetch;

namespace Platform.OData.Views;

/// <summary>The columns of a view in Dataverse's form (<c>layoutxml</c>).</summary>
internal static class ViewLayout
{
    public static string Write(EntityDefinition entity, ViewDefinition view, int objectTypeCode)
    {
        var cells = view.Columns.Select(column => new XElement("cell", new XAttribute("name", column.Attribute), new XAttribute("width", column.Width)));
        var row = new XElement("row", new XAttribute("name", "result"), new XAttribute("id", entity.PrimaryIdAttribute), cells);
        var grid = new XElement("grid", new XAttribute("name", "resultset"), new XAttribute("object", objectTypeCode), new XAttribute("jump", entity.PrimaryNameAttribute ?? entity.PrimaryIdAttribute), new XAttribute("select", "1"), new XAttribute("icon", "1"), new XAttribute("preview", "1"), row);
        return grid.ToString(SaveOptions.DisableFormatting);
    }

    /// <summary>Names and widths of the cells; a width of <c>null</c> is the usual one.</summary>
    /// <exception cref="PlatformException">The text is no layout, or shows columns of other tables.</exception>
    public static ImmutableArray<(string Attribute, int? Width)> Read(EntityDefinition entity, string xml)
    {
        var grid = FetchElement.Read(xml);
        if (grid is not { Name: "grid", Children: [{ Name: "row" } row] }) throw grid.Wrong("is no layout", "A layout is <grid><row><cell name='…' width='…'/></row></grid>.");
        if (row.Children.Count == 0) throw row.Wrong("has no cells", "A view shows at least one column.");
        return [.. row.Children.Select(cell => Cell(entity, cell))];
    }

    private static (string, int?) Cell(EntityDefinition entity, FetchElement cell)
    {
        if (cell.Name != "cell") throw cell.Wrong("stands in a row", "There, cells are possible.");
        var name = cell.Demand("name");
        if (name.Contains('.', StringComparison.Ordinal)) throw Errors.NotOffered($"The column '{name}' of another table in a view");
        var width = cell["width"] is not { } text ? (int?)null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? Math.Clamp(pixels, 40, 1000) : throw cell.Wrong($"has width='{text}'", "Write pixels.");
        return (FetchNames.Attribute(entity, name, cell).LogicalName, width);
    }
}
