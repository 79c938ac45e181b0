using System.Collections.Immutable;
using System.Text;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>The columns of a SELECT and where each attribute stands in them.</summary>
/// <param name="Columns">What stands between <c>SELECT</c> and <c>FROM</c>.</param>
/// <param name="OrderOrdinals">Columns that hold the values of the order attributes, for the page token.</param>
/// <param name="Count">Number of columns.</param>
internal sealed record SelectList(string Columns, ResultShape Shape, ImmutableArray<ResultColumn> OrderOrdinals, int Count)
{
    public static SelectList For(RowScope row, Query query)
    {
        var writer = new Writer(query.LookupNames, query.Thumbnails);
        if (query.Grouping is not null) return new SelectList(writer.AddGroup(row, query, out var groups), groups, [], writer.Count);
        var shape = writer.AddRow(row, query.Columns, query.Expansions, query.Named);
        if (!query.Links.IsEmpty) shape = shape with { Links = writer.AddLinks(row, query.Links) };
        var order = query.TotalOrders.Select(by => writer.AddOrder(row.At(by), by.Attribute)).ToImmutableArray();
        return new SelectList(writer.Text, shape, order, writer.Count);
    }

    /// <summary>The primary name of a lookup's target, as an expression; <c>null</c> when no target has a name.</summary>
    public static string? NameExpression(RowScope row, AttributeDefinition lookup)
    {
        var column = row.Column(lookup);
        var parts = new List<string>();
        foreach (var target in lookup.Lookup!.Targets)
        {
            if (row.Sql.Attributes.Metadata.Find(target) is not { PrimaryName: { } name } entity) continue;
            var select = $"(SELECT n.{SqlDialect.Quote(name.LogicalName)} FROM {SqlDialect.Quote(target)} AS n WHERE n.{SqlDialect.Quote(entity.PrimaryIdAttribute)} = {column})";
            parts.Add(lookup.IsPolymorphic ? $" WHEN '{target}' THEN {select}" : select);
        }
        if (parts.Count == 0) return null;
        return lookup.IsPolymorphic
            ? $"(CASE {row.TypeColumn(lookup)}{string.Concat(parts)} END)"
            : parts[0];
    }

    private sealed class Writer(bool lookupNames, bool thumbnails)
    {
        private readonly StringBuilder text = new(512);

        public string Text => text.ToString();

        public int Count { get; private set; }

        /// <summary>A row with what it brings along of other single rows.</summary>
        public ResultShape AddRow(RowScope row, ImmutableArray<AttributeDefinition> columns, ImmutableArray<Expansion> expansions, ImmutableArray<NamedColumn> named)
        {
            var id = Add(row.Column(row.Entity.PrimaryId));
            var version = Add(row.Column(row.Entity.Attribute(SystemAttributes.VersionNumber)));
            var shape = columns.Select(attribute => AddAttribute(row, attribute)).ToImmutableArray();
            if (!named.IsEmpty) shape = [.. shape, .. named.Select(column => AddAttribute(row, column.Attribute) with { Name = column.Name })];
            return new ResultShape(row.Entity, id, version, shape) { Expansions = [.. expansions.Select(expansion => Expand(row, expansion))] };
        }

        /// <summary>What of joined rows stands in the result.</summary>
        public ImmutableArray<ResultLink> AddLinks(RowScope row, ImmutableArray<Link> links) =>
            [.. links.SelectMany(link => link.All).Select(link => new ResultLink(link, AddRow(row.Linked(link.Alias), [], [], link.Columns)))];

        /// <summary>The attributes of a group, which has neither key nor version.</summary>
        public string AddGroup(RowScope row, Query query, out ResultShape shape)
        {
            var columns = query.Columns.Select(attribute => AddAttribute(row, attribute) with { Name = attribute.LogicalName }).Concat(query.Named.Select(column => AddAttribute(row, column.Attribute) with { Name = column.Name }));
            shape = new ResultShape(row.Entity, -1, -1, [.. columns]) { Expansions = [.. query.Expansions.Select(expansion => Expand(row, expansion))] };
            // A group without a column is a row all the same.
            if (Count == 0) Add("1");
            return Text;
        }

        public ResultColumn AddOrder(RowScope row, AttributeDefinition attribute)
        {
            if (attribute.Lookup is null || NameExpression(row, attribute) is not { } name)
                return new ResultColumn(attribute, Add(row.ValueOf(attribute)));
            var ordinal = Add(name);
            return new ResultColumn(attribute, ordinal, NameOrdinal: ordinal);
        }

        private ResultExpansion Expand(RowScope row, Expansion expansion)
        {
            if (expansion.Navigation is not LookupNavigation lookup) return new ResultExpansion(expansion, null);
            var target = row.Behind(new LookupStep(lookup.Lookup, expansion.Rows.Entity));
            return new ResultExpansion(expansion, AddRow(target, expansion.Rows.Columns, expansion.Rows.Expansions, expansion.Rows.Named));
        }

        private ResultColumn AddAttribute(RowScope row, AttributeDefinition attribute)
        {
            var value = row.ValueOf(attribute);
            var ordinal = Add(attribute.Computed is GroupedColumn { IsWide: true } ? row.Sql.Dialect.WideValue(value, attribute.StoredScale) : value);
            var type = attribute.IsPolymorphic ? Add(row.TypeColumn(attribute)) : -1;
            var named = lookupNames ? NameOf(row, attribute) : null;
            var small = thumbnails && attribute.Kind == AttributeKind.Image ? Add(FileFactSql.Thumbnail(attribute, row)) : -1;
            return new ResultColumn(attribute, ordinal, type, named is null ? -1 : Add(named), small);
        }

        private static string? NameOf(RowScope row, AttributeDefinition attribute)
        {
            if (attribute.Lookup is not null) return NameExpression(row, attribute);
            return attribute.Kind == AttributeKind.File ? FileFactSql.Name(attribute, row) : null;
        }

        private int Add(string expression)
        {
            if (Count > 0) text.Append(", ");
            text.Append(expression);
            return Count++;
        }
    }
}
