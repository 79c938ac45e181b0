using Platform.Engine.Metadata.Formulas;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Columns that are not stored may build on each other, but never on themselves, and not without end.</summary>
internal sealed class ComputedOrder(MetadataDraft draft)
{
    /// <summary>Operations of a column with all that it builds on; each becomes a piece of SQL.</summary>
    private const int MostOperations = 2000;

    /// <summary>Levels of operations within operations; SQL of both databases has its limits.</summary>
    private const int MostLevels = 120;

    private readonly Dictionary<AttributeDraft, Weight> known = [];
    private readonly List<(EntityDraft Entity, AttributeDraft Attribute)> path = [];

    public void Check()
    {
        foreach (var entity in draft.OpenEntities)
        {
            foreach (var attribute in entity.Attributes)
            {
                if (attribute.Computed is not null) Measure(entity, attribute);
            }
        }
    }

    private Weight Measure(EntityDraft entity, AttributeDraft attribute)
    {
        if (known.TryGetValue(attribute, out var weight)) return weight;
        if (path.FindIndex(step => step.Attribute == attribute) is >= 0 and var start)
        {
            var cycle = path[start..].Append((Entity: entity, Attribute: attribute)).Select(step => $"{step.Entity.Name}.{step.Attribute.Name}");
            attribute.ComputedDraft!.Node.Fail($"The column builds on itself: {string.Join(" → ", cycle)}.", "Take one of the columns out of the circle.");
            return default;
        }

        path.Add((entity, attribute));
        weight = attribute.Computed switch
        {
            CalculatedColumn calculated => OfNode(calculated.Formula),
            RollupColumn rollup => OfNode(rollup.Value).With(OfNode(rollup.Filter)),
            _ => default,
        };
        path.RemoveAt(path.Count - 1);
        if (weight.Operations > MostOperations || weight.Levels > MostLevels)
        {
            attribute.ComputedDraft!.Node.Fail(
                $"With the columns it builds on, the column has {weight.Operations} operations on {weight.Levels} levels; possible are {MostOperations} on {MostLevels}.",
                "Name calculated columns less often, or store one of them and let a step keep it.");
            weight = default;
        }
        return known[attribute] = weight;
    }

    private Weight OfNode(FormulaNode? node) => node switch
    {
        null => default,
        FormulaColumn column => OfColumn(column).Around(),
        FormulaPath way => OfColumn(way.Target).Around(),
        FormulaOperation operation => operation.Operands.Aggregate(default(Weight), (sum, operand) => sum.With(OfNode(operand))).Around(),
        _ => default(Weight).Around(),
    };

    private Weight OfColumn(FormulaColumn column) =>
        draft.Entities.TryGetValue(column.Entity, out var entity) && entity.Find(column.Attribute) is { Computed: not null } attribute ? Measure(entity, attribute) : default;

    private readonly record struct Weight(int Operations, int Levels)
    {
        public Weight Around() => new(Operations + 1, Levels + 1);

        public Weight With(Weight other) => new(Operations + other.Operations, Math.Max(Levels, other.Levels));
    }
}
