using System.Collections.Immutable;

namespace Platform.Engine.Sql;

/// <summary>What the database would do for a statement.</summary>
/// <param name="Lines">As the database words it, indented by depth.</param>
/// <param name="Cost">Estimated: rows visited on SQLite, cost of the planner on PostgreSQL; tens of millions are seconds to a minute.</param>
/// <param name="Scanned">Names of the rows, as the statement calls them, that are read from one end of their table to the other.</param>
/// <param name="Sorts">Rows are brought into order before the first is delivered.</param>
public sealed record StatementPlan(ImmutableArray<string> Lines, double Cost, ImmutableArray<string> Scanned, bool Sorts);
