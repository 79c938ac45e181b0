using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.OData.Queries;

/// <summary>A column that a condition or an order speaks of.</summary>
/// <param name="Path">Way from the row to the one that has it; empty for the row itself.</param>
/// <param name="Entity">Entity of the row that has it.</param>
internal sealed record QueryColumn(ImmutableArray<LookupStep> Path, EntityDefinition Entity, AttributeDefinition Attribute)
{
    /// <summary>How far outside of a collection the row stands at which the way begins; 0: the row that the condition is about.</summary>
    public int Levels { get; init; }

    /// <summary>For the key of a row that a lookup leads to: the lookup, which holds the same id, or that of a row of another of its targets.</summary>
    public QueryColumn? AsLookup { get; init; }

    /// <summary>Both are columns of one row.</summary>
    public bool IsBeside(QueryColumn other) => Levels == other.Levels && Path.SequenceEqual(other.Path);

    /// <summary>A condition on the row that has the column, as one on the row at the beginning.</summary>
    public FilterNode Within(FilterNode condition) => Levels == 0 ? Within(Path, condition) : new OfOuter(Levels, Within(Path, condition));

    /// <summary>A condition on the row at the end of a way, as one on the row at its beginning.</summary>
    public static FilterNode Within(ImmutableArray<LookupStep> path, FilterNode condition) =>
        path.Reverse().Aggregate(condition, (inner, step) => new Behind(step, inner));
}
