using Platform.Engine.Tests.Formulas;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Answers a generated query from the rows in memory, as lines of text.</summary>
internal sealed class PlainAsk(PlainData data, Asker asker)
{
    /// <summary>Number of the list that a group comes from.</summary>
    private const string Part = "#part";

    private readonly PlainTerms terms = new(data);
    private readonly PlainTests tests = new(data, asker);

    public Answer Of(Ask ask)
    {
        var rows = Found(ask).ToList();
        var part = Paged(ask, rows);
        return new Answer([.. part.Select(row => Line(ask, row))], ask.Counts ? rows.Count : null);
    }

    /// <summary>All that match, in order.</summary>
    private IEnumerable<PlainRow> Found(Ask ask)
    {
        var rows = ask.Groups is { } groups ? Grouped(ask.Table, groups) : data.Of(ask.Table.Name);
        return Matching(ask, rows);
    }

    private IEnumerable<PlainRow> Matching(Ask ask, IEnumerable<PlainRow> rows)
    {
        var found = rows.Where(row => (ask.Filter is null || tests.Holds(ask.Filter, row)) && (ask.Search is null || tests.Holds(ask.Search.Test, row)));
        var sorted = found.OrderBy(_ => 0);
        foreach (var order in ask.Orders)
        {
            var key = (PlainRow row) => SortKey(order.Term, row);
            sorted = order.IsDescending ? sorted.ThenByDescending(key, Comparer<object?>.Create(PlainOrder.WithNothing)) : sorted.ThenBy(key, Comparer<object?>.Create(PlainOrder.WithNothing));
        }
        // Rows that are equal otherwise are in the order of their ids, groups in that of what they are made by.
        if (ask.Groups is null) return sorted.ThenBy(row => row.Id, Comparer<Guid>.Create((left, right) => PlainOrder.Of(left, right)));
        sorted = sorted.ThenBy(row => row[Part] as int? ?? 0);
        foreach (var key in ask.Groups.Keys) sorted = sorted.ThenBy(row => row[key.Name], Comparer<object?>.Create(PlainOrder.WithNothing));
        return sorted;
    }

    private static IEnumerable<PlainRow> Paged(Ask ask, IEnumerable<PlainRow> rows) => rows.Skip(ask.Skip).Take(ask.Top ?? int.MaxValue);

    /// <summary>A lookup sorts by the name of the row that it leads to.</summary>
    private object? SortKey(Term term, PlainRow row)
    {
        var value = terms.Shown(term, row);
        return value is Guid id && term is ColumnTerm { Column.Targets.IsEmpty: false } ? data.Find(id)!["cmp_name"] : value;
    }

    private string Line(Ask ask, PlainRow row)
    {
        var columns = ask.Groups is { } groups ? groups.Table.Columns : ask.Columns;
        var values = columns.Select(column => Answer.Value(column.Name, row[column.Name])).Concat(ask.Computed.Select(named => Answer.Value(named.Name, terms.Shown(named.Of, row))));
        return $"{(ask.Groups is null ? $"{row.Id:D}" : "")}{{{string.Join("; ", values)}}}{string.Concat(ask.Expansions.Select(expanded => Related(expanded, row)))}";
    }

    private string Related(Expanded expanded, PlainRow row)
    {
        if (!expanded.Navigation.IsMany) return $"[{(data.Behind(row, expanded.Navigation) is { } one ? Line(expanded.Rows, one) : "")}]";
        var rows = Matching(expanded.Rows, data.Rows(row, expanded.Navigation)).ToList();
        return $"[{(expanded.Rows.Counts ? $"{rows.Count}: " : "")}{string.Join(", ", Paged(expanded.Rows, rows).Select(other => Line(expanded.Rows, other)))}]";
    }

    private List<PlainRow> Grouped(PlainTable table, Groups groups)
    {
        if (groups.Beside is { } beside)
        {
            var behind = Grouped(table, beside);
            foreach (var group in behind) group[Part] = 1;
            return [.. Grouped(table, groups with { Beside = null }), .. behind];
        }
        var rows = (groups.Of is { } of ? Grouped(table, of) : data.Of(table.Name)).Where(row => groups.Before is null || tests.Holds(groups.Before, row)).ToList();
        IEnumerable<(List<object?> Keys, List<PlainRow> Rows)> sets = groups.Keys.IsEmpty
            ? [([], rows)]
            : rows.GroupBy(row => string.Join('\n', groups.Keys.Select(key => Key(terms.Shown(key.Term, row))))).Select(set => (groups.Keys.Select(key => First(set.Select(row => terms.Shown(key.Term, row)))).ToList(), set.ToList()));
        var made = new List<PlainRow>();
        foreach (var set in sets)
        {
            var group = new PlainRow(groups.Table, Guid.Empty);
            for (var at = 0; at < groups.Keys.Length; at++) group[groups.Keys[at].Name] = set.Keys[at];
            foreach (var aggregate in groups.Aggregates) group[aggregate.Name] = Aggregated(aggregate.Method, aggregate.Of is null ? [] : [.. set.Rows.Select(row => terms.Shown(aggregate.Of, row)).OfType<object>()], set.Rows.Count, aggregate);
            foreach (var named in groups.Over) group[named.Name] = terms.Shown(named.Of, group);
            if (groups.After is null || tests.Holds(groups.After, group)) made.Add(group);
        }
        return made;
    }

    /// <summary>What tells values apart.</summary>
    public static string Key(object? value) => value is string text ? "'" + PlainOrder.Fold(text) : Answer.Text(value is double and 0 ? 0d : value);

    /// <summary>Of spellings that count as one, the first by code point is shown.</summary>
    public static object? First(IEnumerable<object?> values)
    {
        var all = values.ToList();
        return all[0] is string ? all.Cast<string>().MinBy(text => text, Comparer<string>.Create((left, right) => System.Text.Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(right)))) : all[0];
    }

    private static object? Aggregated(string method, List<object> values, int rows, Aggregate aggregate) =>
        Aggregated(method, values, rows, method is "sum" or "average" ? Groups.Scale(aggregate) : 0, aggregate.Of is ColumnTerm { Column.IsReal: true });

    /// <param name="values">Those that are there.</param>
    /// <param name="scale">Digits after the point of a sum or a mean.</param>
    public static object? Aggregated(string method, List<object> values, int rows, int scale, bool isReal)
    {
        switch (method)
        {
            case "$count": return (long)rows;
            case "countcolumn": return (long)values.Count;
            case "countdistinct": return (long)values.Select(Key).Distinct().Count();
        }
        if (values.Count == 0) return null;
        if (method is "min" or "max") return method == "min" ? values.MinBy(value => value, Order) : values.MaxBy(value => value, Order);
        var sum = values.Select(value => value is double real ? PlainNumber.OfReal(real) : PlainOrder.Number(value)).Aggregate((left, right) => left.Plus(right));
        var result = method == "sum" ? sum : sum.Over(PlainNumber.Of(values.Count), 20)!.Value;
        return isReal ? result.ToDouble() : result.At(scale);
    }

    private static Comparer<object> Order { get; } = Comparer<object>.Create(PlainOrder.Of);
}
