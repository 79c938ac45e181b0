using Platform.Engine.Files;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>How the facts about content are read.</summary>
internal static class FileFactSql
{
    public static string Write(FileFact fact, EntityDefinition entity, string alias)
    {
        var value = $"{alias}.{SqlDialect.Quote(fact.Attribute)}";
        return fact.Fact switch
        {
            FileFactKind.Name => Of("name", value),
            FileFactKind.Timestamp => Of("createdticks", value),
            FileFactKind.Url => $"('{ContentAddress.Root}{entity.LogicalName}/' || CAST({alias}.{SqlDialect.Quote(entity.PrimaryIdAttribute)} AS text) || '/{fact.Attribute}?version=' || CAST({value} AS text))",
            _ => value,
        };
    }

    /// <summary>The small image of an image column.</summary>
    public static string Thumbnail(AttributeDefinition image, RowScope row) => Of("thumbnail", row.Column(image));

    /// <summary>The file name of a file column.</summary>
    public static string Name(AttributeDefinition file, RowScope row) => Of("name", row.Column(file));

    private static string Of(string column, string id) => $"(SELECT f.{column} FROM platform_file AS f WHERE f.id = {id})";
}
