using System.Collections.Immutable;
using System.Text;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>The columns of a SELECT and where each attribute stands in them.</summary>
/// <param name="Text">From <c>SELECT</c> to the end of <c>FROM</c>.</param>
/// <param name="OrderOrdinals">Columns that hold the values of the order attributes, for the page token.</param>
internal sealed record SelectList(string Text, ResultShape Shape, ImmutableArray<ResultColumn> OrderOrdinals)
{
    /// <param name="sql">The statement that the list is appended to next.</param>
    public static SelectList For(MetadataSnapshot metadata, SqlText sql, EntityDefinition entity, ImmutableArray<AttributeDefinition> columns, ImmutableArray<OrderBy> orders, bool lookupNames, bool thumbnails)
    {
        var writer = new Writer(metadata, sql);
        var id = writer.Add(FilterCompiler.Column(entity.PrimaryId));
        var version = writer.Add(FilterCompiler.Column(entity.Attribute(SystemAttributes.VersionNumber)));
        var shape = columns.Select(attribute => writer.AddAttribute(attribute, lookupNames, thumbnails)).ToImmutableArray();
        var order = orders.Select(by => writer.AddOrder(by.Attribute)).ToImmutableArray();
        return new SelectList(
            $"SELECT {writer.Text} FROM {SqlDialect.Quote(entity.LogicalName)} AS t",
            new ResultShape(entity, id, version, shape),
            order);
    }

    /// <summary>The primary name of a lookup's target, as an expression over the row <c>t</c>; <c>null</c> when no target has a name.</summary>
    public static string? NameExpression(MetadataSnapshot metadata, AttributeDefinition lookup)
    {
        var column = FilterCompiler.Column(lookup);
        var parts = new List<string>();
        foreach (var target in lookup.Lookup!.Targets)
        {
            if (metadata.Find(target) is not { PrimaryName: { } name } entity) continue;
            var select = $"(SELECT n.{SqlDialect.Quote(name.LogicalName)} FROM {SqlDialect.Quote(target)} AS n WHERE n.{SqlDialect.Quote(entity.PrimaryIdAttribute)} = {column})";
            parts.Add(lookup.IsPolymorphic ? $" WHEN '{target}' THEN {select}" : select);
        }
        if (parts.Count == 0) return null;
        return lookup.IsPolymorphic
            ? $"(CASE t.{SqlDialect.Quote(SqlDialect.TypeColumn(lookup))}{string.Concat(parts)} END)"
            : parts[0];
    }

    private sealed class Writer(MetadataSnapshot metadata, SqlText sql)
    {
        private readonly StringBuilder text = new(512);
        private int count;

        public string Text => text.ToString();

        public int Add(string expression)
        {
            if (count > 0) text.Append(", ");
            text.Append(expression);
            return count++;
        }

        public ResultColumn AddAttribute(AttributeDefinition attribute, bool lookupNames, bool thumbnails)
        {
            var ordinal = Add(sql.ValueOf(attribute));
            var type = attribute.IsPolymorphic ? Add("t." + SqlDialect.Quote(SqlDialect.TypeColumn(attribute))) : -1;
            var named = lookupNames ? NameOf(attribute) : null;
            var small = thumbnails && attribute.Kind == AttributeKind.Image ? Add(FileFactSql.Thumbnail(attribute)) : -1;
            return new ResultColumn(attribute, ordinal, type, named is null ? -1 : Add(named), small);
        }

        private string? NameOf(AttributeDefinition attribute)
        {
            if (attribute.Lookup is not null) return NameExpression(metadata, attribute);
            return attribute.Kind == AttributeKind.File ? FileFactSql.Name(attribute) : null;
        }

        public ResultColumn AddOrder(AttributeDefinition attribute)
        {
            if (attribute.Lookup is null || NameExpression(metadata, attribute) is not { } name)
                return new ResultColumn(attribute, Add(sql.ValueOf(attribute)));
            var ordinal = Add(name);
            return new ResultColumn(attribute, ordinal, NameOrdinal: ordinal);
        }
    }
}
