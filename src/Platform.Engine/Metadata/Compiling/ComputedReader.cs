namespace Platform.Engine.Metadata.Compiling;

/// <summary>A column that is not stored, as written.</summary>
/// <param name="Node">Where the file has <c>x-formula</c> or <c>x-rollup</c>.</param>
internal abstract record ComputedDraft(JsonNode Node);

internal sealed record FormulaDraft(JsonNode Node, string Text) : ComputedDraft(Node);

/// <summary>Read and checked by the compilation before.</summary>
internal sealed record CheckedDraft(JsonNode Node) : ComputedDraft(Node);

/// <param name="Attribute">Where the file names the aggregated column.</param>
internal sealed record RollupDraft(JsonNode Node, JsonNode Relationship, RollupFunction Function, JsonNode? Attribute, JsonNode? Filter) : ComputedDraft(Node);

/// <summary>Reads <c>x-formula</c> and <c>x-rollup</c>.</summary>
internal static class ComputedReader
{
    /// <summary>Keys that speak of a value somebody writes.</summary>
    private static readonly string[] OfStored = ["default", "minimum", "maximum", "pattern", "x-fullName", "x-autoNumber", "x-readOnly", "x-audit"];

    private static readonly AttributeKind[] FormulaKinds = [.. Enum.GetValues<AttributeKind>().Where(kind => kind is not (AttributeKind.Lookup or AttributeKind.UniqueIdentifier or AttributeKind.GeoPoint or AttributeKind.File or AttributeKind.Image))];

    private static readonly AttributeKind[] RollupKinds =
        [AttributeKind.Integer, AttributeKind.BigInt, AttributeKind.Decimal, AttributeKind.Double, AttributeKind.Money, AttributeKind.DateTime, AttributeKind.DateOnly];

    /// <summary>True when a column is not stored.</summary>
    public static bool IsComputed(JsonObject column) => column.Has("x-formula") || column.Has("x-rollup");

    /// <summary>Reads what a column is computed from; <c>null</c> when it is stored, or something is wrong with it.</summary>
    public static ComputedDraft? Read(JsonObject column, AttributeKind? kind)
    {
        var formula = column.Find("x-formula");
        var rollup = column.Find("x-rollup");
        if ((formula ?? rollup) is not { } node) return null;
        if (formula is not null && rollup is not null) rollup.Fail("A column is calculated or a rollup, not both.", "Keep x-formula or x-rollup.");
        foreach (var key in OfStored)
        {
            if (column.Find(key) is { } other) other.Fail($"The key '{key}' does not apply to a column that is not stored.", $"Its value comes from {node.Name} at every read; take the key out.");
        }

        var kinds = formula is not null ? FormulaKinds : RollupKinds;
        if (kind is { } given && !kinds.Contains(given))
            node.Fail($"A column of kind {AttributeKinds.Word(given)} cannot be {(formula is not null ? "calculated" : "a rollup")}.", $"Possible are {string.Join(", ", kinds.Where(known => known is not (AttributeKind.State or AttributeKind.Status)).Select(AttributeKinds.Word))}.");
        if (formula is null) return ReadRollup(node);
        return formula.AsText() is { } text ? new FormulaDraft(formula, text) : null;
    }

    private static RollupDraft? ReadRollup(JsonNode node)
    {
        if (JsonObject.Open(node) is not { } rollup) return null;
        var relationship = rollup.Demand("relationship", "The 1:N relationship whose rows are aggregated, as x-lookup of the related table names it.");
        var function = rollup.Demand("function", "sum, count, avg, min or max.")?.AsOneOf(
            ("sum", RollupFunction.Sum), ("count", RollupFunction.Count), ("avg", RollupFunction.Avg), ("min", RollupFunction.Min), ("max", RollupFunction.Max));
        var attribute = rollup.Find("attribute");
        var filter = rollup.Find("filter");
        rollup.Close();
        if (function == RollupFunction.Count) attribute?.Fail("'count' counts rows, not values.", "Take the key out; a filter such as '<column> ne null' counts the rows with a value.");
        else if (function is not null && attribute is null) node.Fail("The key 'attribute' is missing.", "The column of the related table that is aggregated.");
        return relationship is not null && function is { } known ? new RollupDraft(node, relationship, known, attribute, filter) : null;
    }
}
