using System.Collections.Immutable;

namespace Platform.Engine.Tests.Queries.Agreement;

internal sealed record Sorting(Term Term, bool IsDescending)
{
    public override string ToString() => Term.Text("") + (IsDescending ? " desc" : "");
}

internal sealed record Expanded(PlainNavigation Navigation, Ask Rows);

/// <param name="Words">As <c>$search</c> has them.</param>
/// <param name="Test">What they mean.</param>
internal sealed record Search(string Words, Test Test);

/// <param name="Name">In the result.</param>
internal sealed record GroupKey(Term Term, string Name);

/// <param name="Method"><c>sum</c>, <c>average</c>, <c>min</c>, <c>max</c>, <c>countdistinct</c>, <c>$count</c></param>
internal sealed record Aggregate(string Method, Term? Of, string Name);

/// <summary><c>$apply</c>: rows that a filter leaves, put together, of which a filter leaves some.</summary>
internal sealed record Groups(Test? Before, ImmutableArray<NamedTerm> Computed, ImmutableArray<GroupKey> Keys, ImmutableArray<Aggregate> Aggregates, Test? After)
{
    /// <summary>The rows are groups themselves; <c>null</c>: those of the table.</summary>
    public Groups? Of { get; init; }

    /// <summary>What is calculated from the groups.</summary>
    public ImmutableArray<NamedTerm> Over { get; init; } = [];

    /// <summary>Groups that come behind these, with some of their columns.</summary>
    public Groups? Beside { get; init; }

    public override string ToString() => Beside is null ? Chain() : $"concat({Chain()},{Beside})";

    private string Chain()
    {
        var parts = new List<string>();
        if (Of is not null) parts.Add(Of.ToString());
        if (Before is not null) parts.Add($"filter({Before.Text("")})");
        if (!Computed.IsEmpty) parts.Add($"compute({string.Join(',', Computed.Select(named => $"{named.Of.Text("")} as {named.Name}"))})");
        var aggregates = string.Join(',', Aggregates.Select(aggregate => aggregate.Of is null ? $"$count as {aggregate.Name}" : $"{aggregate.Of.Text("")} with {aggregate.Method} as {aggregate.Name}"));
        if (Keys.IsEmpty) parts.Add($"aggregate({aggregates})");
        else parts.Add($"groupby(({string.Join(',', Keys.Select(key => key.Term.Text("")))}){(aggregates.Length == 0 ? "" : $",aggregate({aggregates})")})");
        if (!Over.IsEmpty) parts.Add($"compute({string.Join(',', Over.Select(named => $"{named.Of.Text("")} as {named.Name}"))})");
        if (After is not null) parts.Add($"filter({After.Text("")})");
        return string.Join('/', parts);
    }

    /// <summary>The groups as a table.</summary>
    public PlainTable Table => new("groups", [.. Keys.Select(Column), .. Aggregates.Select(Column), .. Over.Select(named => new PlainColumn(named.Name, "made", named.Kind, named.Scale))], []);

    private static PlainColumn Column(GroupKey key) => key.Term switch
    {
        ColumnTerm column => column.Column with { Name = key.Name, Path = column.Text("") },
        _ => new PlainColumn(key.Name, "decimal", key.Term.Kind, key.Term.Scale),
    };

    private static PlainColumn Column(Aggregate aggregate) => aggregate switch
    {
        { Of: null } or { Method: "countdistinct" } => new(aggregate.Name, "bigint", PlainKind.Number),
        { Of: ColumnTerm { Column: var column } } when aggregate.Method is "min" or "max" || column.IsReal => column with { Name = aggregate.Name, Path = aggregate.Name, Targets = [] },
        { Method: "min" or "max", Of: { } term } => new(aggregate.Name, "decimal", term.Kind, Math.Min(term.Scale, 6)),
        _ => new(aggregate.Name, "decimal", PlainKind.Number, Scale(aggregate)),
    };

    /// <summary>Digits after the point of a sum or a mean.</summary>
    public static int Scale(Aggregate aggregate)
    {
        var scale = aggregate.Of is ColumnTerm column ? column.Scale : Math.Min(aggregate.Of!.Scale, 6);
        return aggregate.Method == "sum" ? scale : aggregate.Of is ColumnTerm { Column.Type: var type } ? type switch { "money" => 4, "bigint" => 9, _ => 10 } : 10;
    }
}

/// <summary>A generated query.</summary>
/// <param name="Table">Of which it asks for rows.</param>
internal abstract record Asked(PlainTable Table)
{
    /// <summary>Queries that ask for a little less, to find the smallest one that goes wrong.</summary>
    public abstract IEnumerable<Asked> Smaller();
}

/// <summary>A generated query in OData.</summary>
internal sealed record Ask(PlainTable Table) : Asked(Table)
{
    public ImmutableArray<PlainColumn> Columns { get; init; } = [];

    public ImmutableArray<NamedTerm> Computed { get; init; } = [];

    public Test? Filter { get; init; }

    public Search? Search { get; init; }

    public ImmutableArray<Sorting> Orders { get; init; } = [];

    public ImmutableArray<Expanded> Expansions { get; init; } = [];

    public Groups? Groups { get; init; }

    public int? Top { get; init; }

    public int Skip { get; init; }

    public bool Counts { get; init; }

    /// <summary>Rows of a page.</summary>
    public int PageSize { get; init; } = 5000;

    /// <summary>The options, not encoded.</summary>
    public IEnumerable<(string Name, string Value)> Options
    {
        get
        {
            if (Groups is not null) yield return ("$apply", Groups.ToString());
            else yield return ("$select", string.Join(',', [.. Columns.Select(column => column.Property), .. Computed.Select(named => named.Name)]));
            if (!Computed.IsEmpty) yield return ("$compute", string.Join(',', Computed.Select(named => $"{named.Of.Text("")} as {named.Name}")));
            if (Filter is not null) yield return ("$filter", Filter.Text(""));
            if (Search is not null) yield return ("$search", Search.Words);
            if (!Expansions.IsEmpty) yield return ("$expand", string.Join(',', Expansions.Select(expanded => $"{expanded.Navigation.Name}({string.Join(';', expanded.Rows.Options.Select(option => $"{option.Name}={option.Value}"))})")));
            if (!Orders.IsEmpty) yield return ("$orderby", string.Join(',', Orders));
            if (Top is { } top) yield return ("$top", $"{top}");
            if (Skip > 0) yield return ("$skip", $"{Skip}");
            if (Counts) yield return ("$count", "true");
        }
    }

    /// <summary>As a client sends it.</summary>
    public string Url => "?" + string.Join('&', Options.Select(option => $"{option.Name}={Uri.EscapeDataString(option.Value)}"));

    /// <summary>As people read it.</summary>
    public override string ToString() => $"{Table.Set}?{string.Join('&', Options.Select(option => $"{option.Name}={option.Value}"))}{(PageSize < 5000 ? $"   [pages of {PageSize}]" : "")}";

    public override IEnumerable<Ask> Smaller()
    {
        if (PageSize < 5000) yield return this with { PageSize = 5000 };
        if (Search is not null) yield return this with { Search = null };
        foreach (var expanded in Expansions)
        {
            yield return this with { Expansions = Expansions.Remove(expanded) };
            foreach (var rows in expanded.Rows.Smaller()) yield return this with { Expansions = Expansions.Replace(expanded, expanded with { Rows = rows }) };
        }
        foreach (var order in Orders) yield return this with { Orders = Orders.Remove(order) };
        if (Top is not null) yield return this with { Top = null };
        if (Skip > 0) yield return this with { Skip = 0 };
        if (Counts) yield return this with { Counts = false };
        if (Filter is not null) yield return this with { Filter = null };
        foreach (var part in Less(Filter)) yield return this with { Filter = part };
        if (Groups is null)
        {
            foreach (var column in Columns.Skip(1)) yield return this with { Columns = Columns.Remove(column) };
            foreach (var named in Computed) yield return this with { Computed = Computed.Remove(named) };
        }
        else
        {
            if (Groups.Before is not null) yield return this with { Groups = Groups with { Before = null } };
            foreach (var part in Less(Groups.Before)) yield return this with { Groups = Groups with { Before = part } };
            if (Groups.Beside is not null) yield return this with { Groups = Groups with { Beside = null } };
            foreach (var named in Orders.IsEmpty && Filter is null && Groups.After is null ? Groups.Over : []) yield return this with { Groups = Groups with { Over = Groups.Over.Remove(named) } };
            if (Groups.After is not null) yield return this with { Groups = Groups with { After = null } };
            if (Groups.Of is { } of && Orders.IsEmpty && Filter is null) yield return this with { Groups = of };
            foreach (var aggregate in Groups.Aggregates.Skip(1)) yield return this with { Groups = Groups with { Aggregates = Groups.Aggregates.Remove(aggregate) } };
            foreach (var key in Groups.Keys.Skip(1)) yield return this with { Groups = Groups with { Keys = Groups.Keys.Remove(key) } };
        }
    }

    private static IEnumerable<Test> Less(Test? test)
    {
        switch (test)
        {
            case AllTest { Tests.Length: > 1 } all:
                foreach (var inner in all.Tests) yield return all with { Tests = all.Tests.Remove(inner) };
                break;
            case AnyTest { Tests.Length: > 1 } any:
                foreach (var inner in any.Tests) yield return any with { Tests = any.Tests.Remove(inner) };
                break;
            case RowsTest { Inner: { } condition } rows:
                foreach (var inner in Less(condition)) yield return rows with { Inner = inner };
                break;
            case NotTest not:
                foreach (var inner in Less(not.Inner)) yield return new NotTest(inner);
                break;
        }
        foreach (var part in test?.Parts ?? []) yield return part;
    }
}
