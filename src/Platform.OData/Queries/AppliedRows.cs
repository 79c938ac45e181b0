using System.Collections.Immutable;
using Microsoft.OData.Edm;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Model;

namespace Platform.OData.Queries;

/// <summary>What has come out of the transformations of <c>$apply</c> so far: rows of the table, or groups.</summary>
/// <param name="Query">Entity, filter and groups count.</param>
/// <param name="Columns">What a group has; empty for rows.</param>
/// <param name="Made">What was named, by its name and, where it stands behind a lookup, by its path.</param>
internal sealed record AppliedRows(Query Query, ImmutableArray<AttributeDefinition> Columns, ImmutableDictionary<string, AttributeDefinition> Made)
{
    /// <summary>Expressions beside the columns, in the order in which they were named.</summary>
    public ImmutableArray<NamedColumn> Named { get; init; } = [];

    /// <summary>The rows are groups.</summary>
    public bool AreGroups => Query.Grouping is not null;

    /// <summary>Rows of a table.</summary>
    public static AppliedRows Of(EntityDefinition entity) => new(new Query(entity), [], ImmutableDictionary.Create<string, AttributeDefinition>(StringComparer.Ordinal));

    /// <summary>Groups.</summary>
    /// <param name="columns">What a group has, with the path that leads to it where there is one.</param>
    /// <exception cref="PlatformException">Two have one name.</exception>
    public static AppliedRows Of(Grouping grouping, IEnumerable<(AttributeDefinition Column, string? Path)> columns)
    {
        var made = ImmutableDictionary.CreateBuilder<string, AttributeDefinition>(StringComparer.Ordinal);
        foreach (var (column, path) in columns)
        {
            if (path is not null) made[path] = column;
            if (made.TryGetValue(column.LogicalName, out var other) && other != column) throw Errors.BadRequest($"Two columns of the groups are called '{column.LogicalName}'.", "Give the aggregate another alias.");
            made[column.LogicalName] = column;
        }
        return new AppliedRows(new Query(grouping.Of.Entity) { Grouping = grouping }, grouping.Attributes, made.ToImmutable());
    }

    /// <summary>These of them.</summary>
    public AppliedRows Where(FilterNode condition) => this with { Query = Query with { Filter = Query.Filter is { } before ? new AllOf([before, condition]) : condition } };

    /// <summary>The names for what is said about them.</summary>
    public QueryNames Names(QueryNames names) => Made.IsEmpty && !AreGroups ? names : names.With(new ResultNames(Made, hasRow: !AreGroups));

    /// <summary>The type for the URL parser.</summary>
    /// <param name="table">Type of the table's rows.</param>
    public IEdmEntityType Type(IEdmEntityType table)
    {
        if (AreGroups) return new ResultEdmType(table, Columns.Concat(Named.Select(named => named.Attribute)), Lookups());
        return Named.IsEmpty ? table : new ResultEdmType(table, Named.Select(named => named.Attribute));
    }

    /// <summary>The grouped column that holds the id to which a navigation property of the table leads; <c>null</c> where it is not grouped by.</summary>
    public AttributeDefinition? Lookup(LookupNavigation navigation) =>
        Columns.FirstOrDefault(column => column.LogicalName == navigation.Lookup.WebApiName && GroupedColumn.Origin(column) == navigation.Lookup);

    private IEnumerable<string> Lookups()
    {
        var paths = Made.Keys.Where(name => name.Contains('/', StringComparison.Ordinal)).Select(path => path[..path.IndexOf('/', StringComparison.Ordinal)]);
        var grouped = Columns.Select(GroupedColumn.Origin).Where(origin => origin.Lookup is not null).SelectMany(origin => Query.Entity.ManyToOne.Where(known => known.ReferencingAttribute == origin.LogicalName).Select(known => known.ReferencingNavigation));
        return paths.Concat(grouped);
    }
}
