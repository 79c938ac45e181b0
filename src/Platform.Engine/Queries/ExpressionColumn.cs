using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;

namespace Platform.Engine.Queries;

/// <summary>An expression over a row; part of a query, never of the metadata.</summary>
public sealed record ExpressionColumn(FormulaNode Formula) : ComputedColumn
{
    // A stored decimal has 18 digits in all.
    private const int MostDigits = 6;
    private const decimal MostValue = 999_999_999_999m;

    /// <summary>An attribute to sort by. Numbers are rounded to six digits after the point; those of more than twelve before it have no place.</summary>
    /// <param name="text">As the caller wrote it, for messages.</param>
    public AttributeDefinition ToAttribute(string text) => new()
    {
        LogicalName = text,
        SchemaName = text,
        Kind = Formula.Type.Kind switch
        {
            FormulaKind.Number => AttributeKind.Decimal,
            FormulaKind.Boolean => AttributeKind.Boolean,
            FormulaKind.DateTime => AttributeKind.DateTime,
            FormulaKind.Date => AttributeKind.DateOnly,
            FormulaKind.Id => AttributeKind.UniqueIdentifier,
            FormulaKind.Duration => AttributeKind.BigInt,
            _ => AttributeKind.Memo,
        },
        Title = new Label(text),
        Pack = "",
        Origin = AttributeOrigin.Engine,
        Precision = Math.Min(Formula.Type.Scale, MostDigits),
        Minimum = -MostValue,
        Maximum = MostValue,
        MaxLength = 1_000_000,
        Computed = this,
    };
}
