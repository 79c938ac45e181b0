using Platform.Engine.Files;

namespace Platform.Studio.Files;

/// <summary>Where a page reads and uploads the content of file and image columns.</summary>
public static class FileAddress
{
    /// <summary>The content that a row holds; its id in the address keeps a browser from showing the one before.</summary>
    public static string Of(EntityReference row, AttributeDefinition attribute, Guid file) =>
        $"{ContentAddress.Root}{row.LogicalName}/{row.Id:D}/{attribute.LogicalName}?version={file:D}";

    /// <summary>The small image of an image.</summary>
    public static string Small(EntityReference row, AttributeDefinition attribute, Guid file) => Of(row, attribute, file) + "&size=thumbnail";

    /// <summary>Where a form uploads.</summary>
    /// <param name="row">An empty id for a new row.</param>
    public static string Upload(EntityReference row, AttributeDefinition attribute) =>
        $"{ContentAddress.Root}{row.LogicalName}/{attribute.LogicalName}{(row.Id == Guid.Empty ? "" : $"?record={row.Id:D}")}";

    /// <summary>The column beside a file column that holds the file name.</summary>
    public static string NameColumn(AttributeDefinition attribute) => attribute.LogicalName + "_name";

    /// <summary>A number of bytes as people read it.</summary>
    public static string Size(long bytes, System.Globalization.CultureInfo culture) => bytes switch
    {
        < 1024 => string.Create(culture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(culture, $"{bytes / 1024d:0.#} KB"),
        _ => string.Create(culture, $"{bytes / (1024d * 1024):0.#} MB"),
    };
}
