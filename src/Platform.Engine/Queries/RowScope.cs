using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>A row of a statement: its name there, and the rows that its lookups lead to, each joined once. Rows that the caller may not read are as good as not there.</summary>
internal sealed class RowScope
{
    private readonly SqlText sql;
    private readonly QueryRights rights;
    private readonly SqlText joins;
    private readonly Dictionary<string, RowScope> linked;
    private readonly Dictionary<(string Lookup, string Target), RowScope> behind = [];
    private readonly string? source;
    private readonly bool mayBeMissing;
    private readonly RowScope? outer;
    private readonly RowScope? root;

    /// <summary>The row that a statement is about, <c>t</c>.</summary>
    /// <param name="isListed">Nothing but the query's filter and the rights say which rows are read.</param>
    public RowScope(SqlText sql, EntityDefinition entity, QueryRights rights, bool isListed = false)
        : this(sql, entity, "t", rights, sql.Part()) => IsListed = isListed;

    /// <summary>The row of a table that is a statement itself, <c>t</c>.</summary>
    public RowScope(SqlText sql, EntityDefinition entity, QueryRights rights, SqlText source)
        : this(sql, entity, rights) => this.source = $"({source})";

    /// <param name="root">Row of the (sub)query to which this one is joined; <c>null</c>: it is that row.</param>
    /// <param name="outer">Row of the query around a subquery.</param>
    private RowScope(SqlText sql, EntityDefinition entity, string alias, QueryRights rights, SqlText joins, Dictionary<string, RowScope>? linked = null, bool mayBeMissing = false, RowScope? root = null, RowScope? outer = null)
    {
        (this.sql, Entity, Alias, this.rights, this.joins, this.mayBeMissing, this.root, this.outer) = (sql, entity, alias, rights, joins, mayBeMissing, root, outer);
        this.linked = linked ?? new Dictionary<string, RowScope>(StringComparer.Ordinal);
    }

    public EntityDefinition Entity { get; }

    public string Alias { get; }

    /// <summary>The statement lists the rows of the table; else it looks at rows that something has led to.</summary>
    public bool IsListed { get; }

    public SqlText Sql => sql;

    public QueryRights Rights => rights;

    /// <summary>The table under the row's name.</summary>
    public string Table => $"{source ?? SqlDialect.Quote(Entity.LogicalName)} AS {Alias}";

    /// <summary>The rows behind this one and behind those, to follow the table; complete when everything that reads them is written.</summary>
    public SqlText Joins => joins;

    /// <summary>The quoted column of a stored attribute.</summary>
    public string Column(AttributeDefinition attribute) => attribute.Computed is GroupedColumn grouped ? $"{Alias}.{grouped.Column}" : $"{Alias}.{SqlDialect.Quote(attribute.LogicalName)}";

    /// <summary>The column that tells which entity a lookup of several targets points to.</summary>
    public string TypeColumn(AttributeDefinition lookup) => lookup.Computed is GroupedColumn grouped ? $"{Alias}.{grouped.Column}type" : $"{Alias}.{SqlDialect.Quote(SqlDialect.TypeColumn(lookup))}";

    /// <summary>The value of an attribute in its storage form.</summary>
    public string ValueOf(AttributeDefinition attribute) => attribute.Computed switch
    {
        DistanceColumn distance => Distance(distance),
        GroupedColumn => Column(attribute),
        ExpressionColumn expression => sql.Attributes.Value(attribute, expression, this),
        _ => IfThere(attribute, sql.Attributes.Value(attribute, Alias)),
    };

    /// <summary>The expression by which an attribute is compared and sorted.</summary>
    public string KeyOf(AttributeDefinition attribute) => attribute.Computed switch
    {
        DistanceColumn distance => Distance(distance),
        GroupedColumn { IsWide: true } => sql.Dialect.WideKey(Column(attribute)),
        GroupedColumn when attribute.IsText => sql.Dialect.ComputedTextKey(Column(attribute)),
        GroupedColumn => Column(attribute),
        ExpressionColumn when attribute.IsText => sql.Dialect.ComputedTextKey(ValueOf(attribute)),
        ExpressionColumn => ValueOf(attribute),
        { } when attribute.IsText => sql.Dialect.ComputedTextKey(ValueOf(attribute)),
        { } => ValueOf(attribute),
        _ => sql.Attributes.KeyOf(attribute, Alias),
    };

    /// <summary>The value of an attribute that is not stored. A row that is not there has none, though a sum over no rows would be 0.</summary>
    public string IfThere(AttributeDefinition attribute, string value) =>
        mayBeMissing && attribute.IsComputed ? $"(CASE WHEN {Column(Entity.PrimaryId)} IS NOT NULL THEN {value} END)" : value;

    /// <summary>The row that a lookup points to.</summary>
    public RowScope Behind(LookupStep step)
    {
        var (lookup, target) = step;
        if (behind.TryGetValue((lookup.LogicalName, target.LogicalName), out var known)) return known;
        var row = new RowScope(sql, target, sql.NextAlias('j'), rights, joins, linked, mayBeMissing: true, Root);
        // Rights are conditions on the row itself: nothing else is joined while this join is written.
        var condition = sql.Part().Append($"{row.Column(target.PrimaryId)} = {Column(lookup)}");
        if (lookup.IsPolymorphic) condition.Append($" AND {TypeColumn(lookup)} = '{target.LogicalName}'");
        row.WriteRights(condition);
        joins.Append($" LEFT JOIN {row.Table} ON ").Append(condition);
        return behind[(lookup.LogicalName, target.LogicalName)] = row;
    }

    /// <summary>The row at the end of a way.</summary>
    public RowScope Along(ImmutableArray<LookupStep> path)
    {
        var row = this;
        foreach (var step in path) row = row.Behind(step);
        return row;
    }

    /// <summary>The row that a link joins to this one, to be written by <see cref="LinkSql"/>.</summary>
    public RowScope Linked(Link link)
    {
        var row = new RowScope(sql, link.Entity, sql.NextAlias('l'), rights, joins, linked, mayBeMissing || link.Kind == LinkKind.Outer, Root);
        return linked.TryAdd(link.Alias, row) ? row : throw Errors.BadRequest($"The alias '{link.Alias}' stands for two links.", "Give each its own.");
    }

    /// <summary>The joined row with an alias.</summary>
    public RowScope Linked(string alias) => linked.GetValueOrDefault(alias) ?? throw Errors.BadRequest($"There is no link with the alias '{alias}'.", Metadata.Compiling.Spelling.Hint(alias, linked.Keys, "The query has no links."));

    /// <summary>The row that has a value.</summary>
    public RowScope At(ColumnSource source) => At(source.Link).Along(source.Path);

    /// <summary>The row that has what an order speaks of.</summary>
    public RowScope At(OrderBy by) => At(by.Link).Along(by.Path);

    private RowScope At(string? link) => link is null ? this : Linked(link);

    /// <summary>A row of a subquery.</summary>
    public RowScope Inner(EntityDefinition entity) => new(sql, entity, sql.NextAlias('s'), rights, sql.Part(), outer: Root);

    /// <summary>The row of a query around this subquery.</summary>
    /// <param name="levels">How far up; 0 is this row itself.</param>
    public RowScope Up(int levels) => levels == 0 ? this : Root.outer?.Up(levels - 1) ?? throw new InvalidOperationException("The row is not in a subquery.");

    private RowScope Root => root ?? this;

    /// <summary>Appends what of the entity's rows the caller may read, after <c>AND</c>; nothing when that is all.</summary>
    public void WriteRights(SqlText condition)
    {
        if (rights.Of(Entity) is not { } filter) return;
        condition.Append(" AND ");
        FilterCompiler.Write(filter, this, condition);
    }

    private string Distance(DistanceColumn distance) => sql.Dialect.Distance(sql.Attributes.Value(distance.From, Alias), sql.Argument(distance.To));
}
