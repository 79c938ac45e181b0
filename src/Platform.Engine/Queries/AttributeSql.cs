using System.Collections.Concurrent;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>The one place that knows how an attribute is read: its column, or the expression of one that is not stored. Made once per metadata version.</summary>
internal sealed class AttributeSql
{
    private static readonly object Key = new();

    private readonly ConcurrentDictionary<(AttributeDefinition Attribute, string Alias), string> expressions = new();
    private readonly FormulaSql formulas;

    private AttributeSql(MetadataSnapshot metadata, SqlDialect dialect)
    {
        Dialect = dialect;
        Metadata = metadata;
        formulas = new FormulaSql(metadata, dialect.Formulas);
    }

    public SqlDialect Dialect { get; }

    public MetadataSnapshot Metadata { get; }

    public static AttributeSql Of(MetadataSnapshot metadata, SqlDialect dialect) => metadata.Once((Key, dialect), snapshot => new AttributeSql(snapshot, dialect));

    /// <summary>The value of an attribute in its storage form.</summary>
    /// <param name="alias">Name of the row in the statement.</param>
    public string Value(AttributeDefinition attribute, string alias = "t") =>
        attribute.Computed is { } computed
            ? expressions.GetOrAdd((attribute, alias), key => computed is FileFact fact ? FileFactSql.Write(fact, Metadata.Entity(fact.Entity), key.Alias) : formulas.Value(key.Attribute, computed, key.Alias))
            : $"{alias}.{SqlDialect.Quote(attribute.LogicalName)}";

    /// <summary>The value of an expression of a query, in the storage form of its attribute. Not kept: there is no end of them.</summary>
    public string Value(AttributeDefinition attribute, ExpressionColumn expression, RowScope row) => formulas.Value(attribute, expression, row);

    /// <summary>A condition of a query over expressions.</summary>
    public string Condition(ExpressionCondition condition, RowScope row) => formulas.Condition(condition.Formula, row);

    /// <summary>The expression by which an attribute is compared and sorted.</summary>
    public string KeyOf(AttributeDefinition attribute, string alias = "t")
    {
        var value = Value(attribute, alias);
        if (!attribute.IsText) return value;
        return attribute.IsComputed ? Dialect.ComputedTextKey(value) : Dialect.TextKey(value);
    }
}
