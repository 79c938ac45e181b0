using Platform.Engine.Metadata.Formulas;

namespace Platform.Engine.Metadata;

/// <summary>Where the value of a column that is not stored comes from. Read anew at every read; nobody can write it.</summary>
public abstract record ComputedColumn
{
    /// <summary>Names of the tables whose columns it speaks of, some more than once.</summary>
    internal IEnumerable<string> Tables() => this switch
    {
        CalculatedColumn calculated => calculated.Formula.Tables(),
        RollupColumn rollup => [rollup.Owner, rollup.Entity, .. rollup.Filter?.Tables() ?? []],
        FileFact fact => [fact.Entity],
        _ => throw new NotSupportedException(GetType().Name),
    };
}

/// <summary>An expression over the row and the rows its lookups point to (<c>x-formula</c>).</summary>
/// <param name="Text">As the file has it.</param>
public sealed record CalculatedColumn(string Text, FormulaNode Formula) : ComputedColumn;

/// <summary>An aggregate over the rows whose lookup points to the row (<c>x-rollup</c>), all that the organisation has.</summary>
/// <param name="Owner">Table that has the column.</param>
/// <param name="Entity">Table whose rows are aggregated.</param>
/// <param name="Lookup">Its lookup that points to the row.</param>
/// <param name="Value">What is aggregated; <c>null</c> for <see cref="RollupFunction.Count"/>.</param>
/// <param name="Filter">Condition on the rows; <c>null</c>: all.</param>
public sealed record RollupColumn(string Relationship, RollupFunction Function, string Owner, string Entity, string Lookup, FormulaColumn? Value, FormulaNode? Filter) : ComputedColumn;

public enum RollupFunction
{
    /// <summary>0 without values.</summary>
    Sum,

    /// <summary>Number of rows.</summary>
    Count,

    /// <summary>Mean of the rows that have a value; empty without any.</summary>
    Avg,

    /// <summary>Empty without values.</summary>
    Min,

    /// <summary>Empty without values.</summary>
    Max,
}
