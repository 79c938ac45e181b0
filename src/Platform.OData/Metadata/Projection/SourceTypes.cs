using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;

namespace Platform.OData.Metadata.Projection;

/// <summary>Dataverse's <c>SourceTypeMask</c>: what a value that is not stored is made of.</summary>
internal static class SourceTypes
{
    private const int Simple = 1;
    private const int Related = 2;
    private const int Calculated = 8;
    private const int Rollup = 16;

    /// <summary>0 for stored columns.</summary>
    public static int MaskOf(AttributeDefinition attribute) => attribute.Computed switch
    {
        CalculatedColumn calculated => Calculated | MaskOf(calculated.Formula),
        RollupColumn => Rollup | Related,
        _ => 0,
    };

    private static int MaskOf(FormulaNode node) => node switch
    {
        FormulaPath => Related,
        FormulaColumn => Simple,
        FormulaOperation operation => operation.Operands.Aggregate(0, (mask, operand) => mask | MaskOf(operand)),
        _ => 0,
    };
}
