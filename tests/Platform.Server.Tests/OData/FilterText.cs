using System.Globalization;
using Platform.Engine.Queries;

namespace Platform.Server.Tests.OData;

/// <summary>Writes a query tree as one line, so that a test can say what it expects in one line.</summary>
internal static class FilterText
{
    public static string Of(Query query)
    {
        var parts = new List<string> { query.Entity.LogicalName, "columns " + (query.Columns.Length == query.Entity.Attributes.Length ? "*" : string.Join(' ', query.Columns)) };
        if (query.Filter is not null) parts.Add("where " + Of(query.Filter));
        if (!query.Orders.IsEmpty) parts.Add("order " + string.Join(' ', query.Orders.Select(order => order.Attribute + (order.Descending ? "-" : "+"))));
        if (query.Top is not null) parts.Add($"top {query.Top}");
        if (query.CountTotal) parts.Add("count");
        return string.Join("; ", parts);
    }

    public static string Of(FilterNode node) => node switch
    {
        AllOf all => $"all({string.Join(", ", all.Nodes.Select(Of))})",
        AnyOf any => $"any({string.Join(", ", any.Nodes.Select(Of))})",
        Not not => $"not({Of(not.Node)})",
        Compare compare => $"{compare.Attribute} {compare.Operator} {Value(compare.Value)}",
        CompareAttributes pair => $"{pair.Left} {pair.Operator} column {pair.Right}",
        MatchText match => $"{match.Attribute} {match.Match} '{match.Text}'",
        OneOf oneOf => $"{oneOf.Attribute} in {string.Join('|', oneOf.Values.Select(Value))}",
        ContainsChoice contains => $"{contains.Attribute} holds {contains.Values}",
        IsCaller mine => $"{mine.Attribute} is caller",
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    private static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        DateTime point => point.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + (point.Kind == DateTimeKind.Utc ? "Z" : "?"),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => $"{value.GetType().Name} {formattable.ToString(null, CultureInfo.InvariantCulture)}",
        _ => $"{value.GetType().Name} {value}",
    };
}
