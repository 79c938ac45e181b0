using System.Collections.Immutable;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary><c>link-entity</c></summary>
/// <param name="From">Column of the joined row.</param>
/// <param name="To">Column of the row that it is joined to.</param>
/// <param name="Type"><c>inner</c>, <c>outer</c>, <c>matchfirstrowusingcrossapply</c>, or in a filter <c>any</c> and its like.</param>
internal sealed record FetchLink(string Alias, PlainTable Table, PlainColumn From, PlainColumn To, string Type)
{
    public ImmutableArray<PlainColumn> Columns { get; init; } = [];

    public Test? Filter { get; init; }

    public ImmutableArray<FetchLink> Links { get; init; } = [];

    /// <summary>The link and those below it.</summary>
    public IEnumerable<FetchLink> All => [this, .. Links.SelectMany(link => link.All)];
}

/// <param name="Link">Alias; <c>null</c> for the row itself.</param>
internal sealed record FetchOrder(string? Link, PlainColumn Column, bool IsDescending);

/// <summary>A column of an aggregate query: what is grouped by, or aggregated.</summary>
/// <param name="Function"><c>null</c>: grouped by.</param>
/// <param name="Part"><c>dategrouping</c></param>
internal sealed record FetchGroup(string? Link, PlainColumn Column, string Alias, string? Function, string? Part)
{
    public bool IsUtc { get; init; }

    public bool IsDistinct { get; init; }
}

/// <summary>Condition on a joined row.</summary>
internal sealed record LinkedTest(string Alias, Test Inner) : Test
{
    public override string Text(string variable) => throw new NotSupportedException("Only FetchXML has links.");

    public override IEnumerable<Test> Parts => [];
}

/// <summary><c>link-entity</c> within a filter.</summary>
internal sealed record AnyLinkTest(FetchLink Link) : Test
{
    public override string Text(string variable) => throw new NotSupportedException("Only FetchXML has links.");
}

/// <summary><c>like</c>, <c>begins-with</c>, <c>ends-with</c> and their opposites.</summary>
internal sealed record LikeTest(PlainColumn Column, string Word, string Pattern) : Test
{
    public override string Text(string variable) => throw new NotSupportedException("Only FetchXML has patterns.");
}

/// <summary>A generated query in FetchXML.</summary>
internal sealed record FetchAsk(PlainTable Table) : Asked(Table)
{
    public ImmutableArray<PlainColumn> Columns { get; init; } = [];

    public ImmutableArray<FetchLink> Links { get; init; } = [];

    public Test? Filter { get; init; }

    public ImmutableArray<FetchOrder> Orders { get; init; } = [];

    /// <summary>Not empty: <c>aggregate='true'</c>.</summary>
    public ImmutableArray<FetchGroup> Groups { get; init; } = [];

    public bool IsDistinct { get; init; }

    public int? Top { get; init; }

    public bool Counts { get; init; }

    /// <summary>Rows of a page; <c>null</c> for all.</summary>
    public int? PageSize { get; init; }

    public override string ToString() => FetchText.Of(this);

    public override IEnumerable<FetchAsk> Smaller()
    {
        if (PageSize is not null) yield return this with { PageSize = null };
        if (Top is not null) yield return this with { Top = null };
        if (Counts) yield return this with { Counts = false };
        if (IsDistinct) yield return this with { IsDistinct = false };
        if (Filter is not null) yield return this with { Filter = null };
        foreach (var part in Less(Filter)) yield return this with { Filter = part };
        foreach (var order in Orders) yield return this with { Orders = Orders.Remove(order) };
        foreach (var column in Columns.Skip(1)) yield return this with { Columns = Columns.Remove(column) };
        foreach (var group in Groups.Skip(1)) yield return this with { Groups = Groups.Remove(group) };
        foreach (var link in Links)
        {
            yield return this with { Links = Links.Remove(link) };
            foreach (var smaller in Smaller(link)) yield return this with { Links = Links.Replace(link, smaller) };
        }
    }

    private static IEnumerable<FetchLink> Smaller(FetchLink link)
    {
        if (link.Filter is not null) yield return link with { Filter = null };
        foreach (var part in Less(link.Filter)) yield return link with { Filter = part };
        foreach (var column in link.Columns) yield return link with { Columns = link.Columns.Remove(column) };
        foreach (var below in link.Links) yield return link with { Links = link.Links.Remove(below) };
    }

    private static IEnumerable<Test> Less(Test? test)
    {
        if (test is AllTest { Tests.Length: > 1 } all)
            foreach (var inner in all.Tests) yield return new AllTest(all.Tests.Remove(inner));
        if (test is AnyTest { Tests.Length: > 1 } any)
            foreach (var inner in any.Tests) yield return new AnyTest(any.Tests.Remove(inner));
        foreach (var part in test?.Parts ?? []) yield return part;
    }
}
