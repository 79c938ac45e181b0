using System.Collections.Immutable;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Answers generated FetchXML from the rows in memory: every row with every partner, one loop in the other.</summary>
internal sealed class PlainFetch(PlainData data, Asker asker)
{
    private readonly PlainTests tests = new(data, asker);

    public Answer Of(FetchAsk ask)
    {
        var all = ask.Links.SelectMany(link => link.All).ToList();
        var joined = data.Of(ask.Table.Name).SelectMany(row => Joined(row, ask.Links)).Where(row => ask.Filter is null || Holds(ask.Filter, row)).ToList();
        if (!ask.Groups.IsEmpty) return Result(ask, Sorted(ask, Grouped(ask, joined), [.. Ordered(ask).Where(group => group.Function is null).Select(group => group.Alias)]));
        string[] columns = [.. ask.Columns.Select(column => column.Property), .. all.SelectMany(link => link.Columns.Select(column => $"{link.Alias}.{column.Name}"))];
        if (ask.IsDistinct && !ask.Columns.Contains(ask.Table.Key)) return Result(ask, Sorted(ask, Distinct(ask, all, joined), columns));
        if (ask.IsDistinct) joined = [.. joined.DistinctBy(row => row.Own.Id)];
        var sorted = joined.OrderBy(_ => 0);
        foreach (var order in ask.Orders)
        {
            var key = (JoinedRow row) => SortKey(order.Column, row.At(order.Link)?[order.Column.Name]);
            sorted = order.IsDescending ? sorted.ThenByDescending(key, Order) : sorted.ThenBy(key, Order);
        }
        sorted = sorted.ThenBy(row => row.Own.Id, Order);
        // A row with several partners: in the order of their ids.
        foreach (var link in all.Where(link => link.Type is "inner" or "outer")) sorted = sorted.ThenBy(row => row.At(link.Alias)?.Id, Order);
        return Result(ask, sorted.Select(row => $"{row.Own.Id:D}{{{string.Join("; ", ask.Columns.Select(column => Answer.Value(column.Name, row.Own[column.Name])).Concat(all.SelectMany(link => link.Columns.Select(column => Answer.Value($"{link.Alias}.{column.Name}", row.At(link.Alias)?[column.Name])))))}}}"));
    }

    private static Comparer<object?> Order { get; } = Comparer<object?>.Create(PlainOrder.WithNothing);

    private static Answer Result(FetchAsk ask, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return new Answer([.. all.Take(ask.Top ?? int.MaxValue)], ask.Counts ? all.Count : null);
    }

    /// <summary>The row with what is joined to it, as often as there are partners.</summary>
    private IEnumerable<JoinedRow> Joined(PlainRow row, ImmutableArray<FetchLink> links) => Joined(new JoinedRow(row, ImmutableDictionary<string, PlainRow?>.Empty), row, links);

    private IEnumerable<JoinedRow> Joined(JoinedRow whole, PlainRow? row, ImmutableArray<FetchLink> links)
    {
        IEnumerable<JoinedRow> rows = [whole];
        foreach (var link in links) rows = rows.SelectMany(one => Joined(one, row, link)).ToList();
        return rows;
    }

    private List<JoinedRow> Joined(JoinedRow whole, PlainRow? row, FetchLink link)
    {
        var partners = row is null ? [] : Partners(row, link, withFilter: true);
        if (link.Type == "matchfirstrowusingcrossapply") partners = partners.OrderBy(partner => partner.Id, Order).Take(1);
        var found = partners.SelectMany(partner => Joined(whole.With(link.Alias, partner), partner, link.Links)).ToList();
        return found.Count > 0 || link.Type != "outer" ? found : [link.All.Aggregate(whole, (all, below) => all.With(below.Alias, null))];
    }

    private IEnumerable<PlainRow> Partners(PlainRow row, FetchLink link, bool withFilter)
    {
        var value = row[link.To.Name];
        if (value is null) return [];
        return data.Of(link.Table.Name).Where(partner => partner[link.From.Name] is { } other && PlainOrder.Of(value, other) == 0 && (!withFilter || link.Filter is null || tests.Holds(link.Filter, partner)));
    }

    private bool Holds(Test test, JoinedRow row) => test switch
    {
        AllTest all => all.Tests.All(inner => Holds(inner, row)),
        AnyTest any => any.Tests.IsEmpty || any.Tests.Any(inner => Holds(inner, row)),
        LinkedTest linked => tests.Holds(linked.Inner, row.At(linked.Alias)),
        AnyLinkTest link => Linked(link.Link, row.Own),
        _ => tests.Holds(test, row.Own),
    };

    private bool Linked(FetchLink link, PlainRow row)
    {
        var some = Partners(row, link, withFilter: true).Any(partner => Joined(partner, link.Links).Any());
        return link.Type switch
        {
            "not any" => !some,
            "all" => Partners(row, link, withFilter: false).Any() && !some,
            _ => some,
        };
    }

    private object? SortKey(PlainColumn column, object? value) => value is Guid id && !column.Targets.IsEmpty ? data.Find(id)!["cmp_name"] : value;

    private List<(PlainRow Row, string Line)> Grouped(FetchAsk ask, List<JoinedRow> joined)
    {
        var keys = ask.Groups.Where(group => group.Function is null).ToList();
        var sets = joined.GroupBy(row => string.Join('\n', keys.Select(key => PlainAsk.Key(KeyOf(key, row))))).Select(set => set.ToList()).ToList();
        if (keys.Count == 0 && sets.Count == 0) sets.Add([]);
        return [.. sets.Select(set =>
        {
            var group = new PlainRow(ask.Table, Guid.Empty);
            foreach (var column in ask.Groups) group[column.Alias] = column.Function is null ? PlainAsk.First(set.Select(row => KeyOf(column, row))) : Aggregated(column, set);
            return (group, $"{{{string.Join("; ", Ordered(ask).Select(column => Answer.Value(column.Alias, group[column.Alias])))}}}");
        })];
    }

    /// <summary>The columns in the order in which the text has them: those of the row before those of links.</summary>
    private static IEnumerable<FetchGroup> Ordered(FetchAsk ask) =>
        ask.Groups.Where(group => group.Link is null).Concat(ask.Links.SelectMany(link => link.All).SelectMany(link => ask.Groups.Where(group => group.Link == link.Alias)));

    private object? KeyOf(FetchGroup key, JoinedRow row)
    {
        var value = row.At(key.Link)?[key.Column.Name];
        return value is not null && key.Part is { } part ? PlainDates.Part(part, value, key.Column.IsLocal && !key.IsUtc ? asker.Zone : null) : value;
    }

    private static object? Aggregated(FetchGroup column, List<JoinedRow> rows)
    {
        var values = rows.Select(row => row.At(column.Link)?[column.Column.Name]).OfType<object>().ToList();
        var method = column.Function switch { "avg" => "average", "count" => "$count", "countcolumn" when column.IsDistinct => "countdistinct", var other => other! };
        var scale = method == "average" ? column.Column.Type switch { "money" => 4, "bigint" => 9, _ => 10 } : column.Column.Scale;
        return PlainAsk.Aggregated(method, values, rows.Count, scale, column.Column.IsReal);
    }

    private static List<(PlainRow Row, string Line)> Distinct(FetchAsk ask, List<FetchLink> all, List<JoinedRow> joined)
    {
        List<(string Name, string? Link, PlainColumn Column)> columns = [.. ask.Columns.Select(column => (column.Property, (string?)null, column)), .. all.SelectMany(link => link.Columns.Select(column => ($"{link.Alias}.{column.Name}", (string?)link.Alias, column)))];
        return [.. joined.GroupBy(row => string.Join('\n', columns.Select(column => PlainAsk.Key(row.At(column.Link)?[column.Column.Name])))).Select(set =>
        {
            var group = new PlainRow(ask.Table, Guid.Empty);
            foreach (var (name, link, column) in columns) group[name] = PlainAsk.First(set.Select(row => row.At(link)?[column.Name]));
            return (group, $"{{{string.Join("; ", columns.Select(column => Answer.Value(column.Name, group[column.Name])))}}}");
        })];
    }

    /// <summary>Groups in their order; those that are equal in it in that of what they are made by.</summary>
    private IEnumerable<string> Sorted(FetchAsk ask, List<(PlainRow Row, string Line)> groups, string[] keys)
    {
        var sorted = groups.OrderBy(_ => 0);
        foreach (var order in ask.Orders)
        {
            var name = ask.Groups.IsEmpty ? order.Link is null ? order.Column.Property : $"{order.Link}.{order.Column.Name}" : order.Column.Name;
            var column = ask.Groups.FirstOrDefault(group => group.Alias == name) is { Function: null, Column: var grouped } ? grouped : order.Column;
            var key = ((PlainRow Row, string Line) group) => SortKey(column, group.Row[name]);
            sorted = order.IsDescending ? sorted.ThenByDescending(key, Order) : sorted.ThenBy(key, Order);
        }
        foreach (var key in keys) sorted = sorted.ThenBy(group => group.Row[key], Order);
        return sorted.Select(group => group.Line);
    }

    /// <summary>A row with its partners by the aliases of links.</summary>
    private sealed record JoinedRow(PlainRow Own, ImmutableDictionary<string, PlainRow?> Others)
    {
        public PlainRow? At(string? link) => link is null ? Own : Others.GetValueOrDefault(link);

        public JoinedRow With(string link, PlainRow? row) => this with { Others = Others.SetItem(link, row) };
    }
}
