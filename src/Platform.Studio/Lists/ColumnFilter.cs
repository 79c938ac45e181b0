namespace Platform.Studio.Lists;

/// <summary>What a column filter asks of a value.</summary>
public enum FilterOperator
{
    Contains,
    StartsWith,
    Equal,
    NotEqual,
    AtLeast,
    AtMost,
    Empty,
    NotEmpty,
}

/// <summary>A condition that the user put on one column.</summary>
/// <param name="Attribute">Logical name.</param>
/// <param name="Value">As in the address: invariant number, <c>yyyy-MM-dd</c>, option value, <c>true</c>, <c>entity/id</c>; empty for the two operators that take none.</param>
public sealed record ColumnFilter(string Attribute, FilterOperator Operator, string Value = "")
{
    private const char Separator = '~';

    public bool TakesValue => Operator is not (FilterOperator.Empty or FilterOperator.NotEmpty);

    /// <summary>Operators that make sense for an attribute, the usual one first.</summary>
    public static IReadOnlyList<FilterOperator> OperatorsOf(AttributeDefinition attribute) => attribute switch
    {
        { IsText: true } => [FilterOperator.Contains, FilterOperator.StartsWith, FilterOperator.Equal, FilterOperator.NotEqual, FilterOperator.Empty, FilterOperator.NotEmpty],
        { IsNumber: true } or { Kind: AttributeKind.DateTime or AttributeKind.DateOnly } =>
            [FilterOperator.Equal, FilterOperator.AtLeast, FilterOperator.AtMost, FilterOperator.Empty, FilterOperator.NotEmpty],
        { Kind: AttributeKind.MultiChoice } => [FilterOperator.Contains, FilterOperator.Empty, FilterOperator.NotEmpty],
        { Kind: AttributeKind.GeoPoint or AttributeKind.File or AttributeKind.Image } => [FilterOperator.NotEmpty, FilterOperator.Empty],
        { Kind: AttributeKind.UniqueIdentifier } => [FilterOperator.Equal],
        _ => [FilterOperator.Equal, FilterOperator.NotEqual, FilterOperator.Empty, FilterOperator.NotEmpty],
    };

    /// <summary>The form in the address: <c>name~Contains~kim</c>.</summary>
    public override string ToString() => $"{Attribute}{Separator}{Operator}{Separator}{Value}";

    /// <summary>Reads <see cref="ToString"/>; <c>null</c> for anything else, since addresses are typed by people too.</summary>
    public static ColumnFilter? Parse(string text)
    {
        var parts = text.Split(Separator, 3);
        return parts.Length == 3 && Enum.TryParse<FilterOperator>(parts[1], out var found) && Enum.IsDefined(found)
            ? new ColumnFilter(parts[0], found, parts[2])
            : null;
    }
}
