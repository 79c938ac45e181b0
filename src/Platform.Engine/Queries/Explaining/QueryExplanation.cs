using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries.Explaining;

/// <summary>How a query would be answered, and what it would take.</summary>
/// <param name="Rows">Reads the rows of the page.</param>
/// <param name="Plan">Of <paramref name="Rows"/>.</param>
/// <param name="Count">Counts all rows that match; <c>null</c> where nobody asks for that.</param>
/// <param name="Filters">Which rows of each table the caller may read.</param>
/// <param name="Steps">Steps that run on the message, in their order.</param>
/// <param name="Budget">Most that a query may cost, as <see cref="StatementPlan.Cost"/> counts; 0 is no limit.</param>
/// <param name="Indexes">Indexes that would make it cheaper.</param>
public sealed record QueryExplanation(SqlStatement Rows, StatementPlan Plan, SqlStatement? Count, ImmutableArray<RowFilterFact> Filters, ImmutableArray<StepDefinition> Steps, double Budget, ImmutableArray<IndexAdvice> Indexes)
{
    /// <summary>Tables that are brought along, each read by the keys of the rows of the page.</summary>
    public ImmutableArray<string> Expanded { get; init; } = [];
}

/// <summary>Which rows of a table a caller may read.</summary>
/// <param name="Depth"><see cref="PrivilegeDepth.None"/>: those of which both ends may be read (tables of pairs).</param>
public sealed record RowFilterFact(string Entity, PrivilegeDepth Depth);

/// <summary>An index that a table could have.</summary>
/// <param name="Name">Possible name in <c>x-indexes</c>.</param>
/// <param name="Reason">What it is for.</param>
public sealed record IndexAdvice(string Entity, string Name, ImmutableArray<string> Attributes, string Reason);
