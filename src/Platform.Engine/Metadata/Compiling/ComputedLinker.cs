using Platform.Engine.Metadata.Formulas;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Checks the columns that are not stored against the tables they speak of. Runs when all columns and relationships are known.</summary>
internal sealed class ComputedLinker(MetadataDraft draft)
{
    public void Link()
    {
        foreach (var entity in draft.OpenEntities)
        {
            foreach (var attribute in entity.Attributes)
            {
                attribute.Computed = attribute.ComputedDraft switch
                {
                    FormulaDraft formula => Link(entity, attribute, formula),
                    RollupDraft rollup => Link(entity, attribute, rollup),
                    FileFactDraft fact => new FileFact(entity.Name, fact.Attribute, fact.Fact),
                    _ => null,
                };
            }
        }
        new ComputedOrder(draft).Check();
    }

    private CalculatedColumn? Link(EntityDraft entity, AttributeDraft attribute, FormulaDraft formula)
    {
        if (Parse(formula.Node, entity, attribute.Pack) is not { } node) return null;
        DemandFits(formula.Node, attribute, node.Type, "The formula");
        return new CalculatedColumn(formula.Text, node);
    }

    private RollupColumn? Link(EntityDraft entity, AttributeDraft attribute, RollupDraft rollup)
    {
        if (rollup.Relationship.AsText() is not { } name) return null;
        if (entity.OneToMany.Find(relationship => relationship.Name == name) is not { } relationship)
        {
            if (!entity.Broken) rollup.Relationship.Fail($"'{entity.Name}' has no 1:N relationship '{name}'.", Spelling.Hint(name, entity.OneToMany.Select(known => known.Name), "No lookup points to the table."));
            return null;
        }
        // The rollup sees what its pack sees: the relationship of a pack that it does not depend on is not there.
        if (draft.Resolve(rollup.Relationship, relationship.ReferencingEntity, attribute.Pack) is not { } related) return null;
        var value = rollup.Attribute is null ? null : Value(rollup, related, attribute.Pack);
        var filter = rollup.Filter is null ? null : Parse(rollup.Filter, related, attribute.Pack);
        if (filter is not null && filter.Type.Kind is not (FormulaKind.Boolean or FormulaKind.Unknown)) rollup.Filter!.Fail($"The filter yields {filter.Type}.", "Write a condition such as statecode eq 0.");
        if (rollup.Function == RollupFunction.Count) DemandFits(rollup.Node, attribute, FormulaType.Whole, "The rollup");
        else if (value is null) return null;
        else DemandFits(rollup.Node, attribute, rollup.Function == RollupFunction.Avg ? FormulaType.Number(FormulaType.QuotientScale) : value.Type, "The rollup");
        return new RollupColumn(name, rollup.Function, entity.Name, related.Name, relationship.ReferencingAttribute, value, filter);
    }

    private FormulaColumn? Value(RollupDraft rollup, EntityDraft related, PackDraft pack)
    {
        var node = rollup.Attribute!;
        if (node.AsText() is not { } name) return null;
        if (name.Contains('/', StringComparison.Ordinal))
        {
            node.Fail("A path cannot be aggregated.", "Give the related table a calculated column with that path, and aggregate it.");
            return null;
        }
        if (new FormulaNames(draft, related, node.File.Pack ?? pack).Find(name, node.Fail) is not FormulaColumn column) return null;
        var isTime = column.Type.Kind is FormulaKind.DateTime or FormulaKind.Date && rollup.Function is RollupFunction.Min or RollupFunction.Max;
        var isNumber = column.Type.Kind == FormulaKind.Number && related.Find(column.Attribute)!.Kind is not (AttributeKind.Choice or AttributeKind.State or AttributeKind.Status);
        if (isTime || isNumber) return column;
        node.Fail($"'{rollup.Function.ToString().ToLowerInvariant()}' does not aggregate {(column.Type.Kind == FormulaKind.Number ? "a choice" : column.Type.ToString())}.", "sum and avg take numbers, min and max numbers and dates.");
        return null;
    }

    /// <summary>Parses an expression; reports what is wrong with it and returns <c>null</c> when it is no expression at all.</summary>
    private FormulaNode? Parse(JsonNode node, EntityDraft entity, PackDraft pack)
    {
        if (node.AsText() is not { } text) return null;
        try
        {
            return FormulaParser.Parse(text, new FormulaBuilder(new FormulaNames(draft, entity, node.File.Pack ?? pack), Fail));
        }
        catch (FormulaSyntaxException wrong)
        {
            Fail(wrong.Message, wrong.Hint, wrong.At);
            return null;
        }

        void Fail(string reason, string hint, int at) => node.Fail($"At character {at + 1}: {reason}", hint);
    }

    private static void DemandFits(JsonNode node, AttributeDraft attribute, FormulaType type, string what)
    {
        if (attribute.Kind is not { } kind || type.Kind == FormulaKind.Unknown) return;
        var expected = FormulaType.Of(kind, attribute.Precision);
        if (type.Kind == FormulaKind.Null) node.Fail($"{what} is always empty.", "Write an expression that has a value.");
        else if (type.Kind != expected.Kind) node.Fail($"{what} yields {type}, a column of kind {AttributeKinds.Word(kind)} holds {expected}.", Hint(type.Kind, expected.Kind));
        else if (kind is AttributeKind.Integer or AttributeKind.BigInt or AttributeKind.Choice && type.Scale > 0) node.Fail($"{what} yields a number with a fraction, a column of kind {AttributeKinds.Word(kind)} holds a whole number.", "Use round, floor or ceiling, or write \"type\": \"number\".");
    }

    private static string Hint(FormulaKind type, FormulaKind expected) => (type, expected) switch
    {
        (FormulaKind.DateTime, FormulaKind.Date) => "date() makes a date of a point in time; or write \"format\": \"date-time\".",
        (FormulaKind.Duration, FormulaKind.Number) => "totalseconds() makes a number of a duration.",
        (FormulaKind.Number, _) => "Write \"type\": \"number\" or \"integer\".",
        (FormulaKind.Boolean, _) => "Write \"type\": \"boolean\", or case(condition:value,true:value).",
        (FormulaKind.Text, _) => "Write \"type\": \"string\".",
        (FormulaKind.Date, _) => "Write \"type\": \"string\", \"format\": \"date\".",
        _ => "Change the type of the column or the expression.",
    };
}
