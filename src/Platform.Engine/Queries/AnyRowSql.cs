using Platform.Engine.Metadata;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>How it is asked whether a navigation property leads to a row.</summary>
internal static class AnyRowSql
{
    /// <summary>Writes that at least one row is there.</summary>
    public static void Write(AnyRow any, RowScope row, SqlText sql, int depth)
    {
        var metadata = sql.Attributes.Metadata;
        var inner = row.Inner(metadata.Entity(any.Navigation.Target!));
        var from = sql.Part();
        var condition = sql.Part();
        var owner = row.Up(any.Levels).Along(any.Path);
        var own = owner.Column(owner.Entity.PrimaryId);
        switch (any.Navigation)
        {
            case RowsNavigation rows:
                var lookup = inner.Entity.Attribute(rows.Attribute);
                from.Append(inner.Table);
                condition.Append($"{inner.Column(lookup)} = {own}");
                if (lookup.IsPolymorphic) condition.Append($" AND {inner.TypeColumn(lookup)} = '{owner.Entity.LogicalName}'");
                break;
            case PairsNavigation pairs:
                var alias = sql.NextAlias('p');
                from.Append($"{SqlDialect.Quote(pairs.Relationship.IntersectEntity)} AS {alias} JOIN {inner.Table} ON {inner.Column(inner.Entity.PrimaryId)} = {alias}.{SqlDialect.Quote(pairs.Far.IntersectAttribute)}");
                condition.Append($"{alias}.{SqlDialect.Quote(pairs.Near.IntersectAttribute)} = {own}");
                break;
            default:
                throw new InvalidOperationException($"'{any.Navigation.Name}' leads to one row.");
        }

        inner.WriteRights(condition);
        if (any.Node is { } node)
        {
            condition.Append(" AND ");
            FilterCompiler.Write(node, inner, condition, depth + 1);
        }
        sql.Append("EXISTS (SELECT 1 FROM ").Append(from).Append(inner.Joins).Append(" WHERE ").Append(condition).Append(")");
    }
}
