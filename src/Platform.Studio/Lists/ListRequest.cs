using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Platform.Engine.Queries;

namespace Platform.Studio.Lists;

/// <param name="Attribute">Logical name.</param>
public sealed record SortKey(string Attribute, bool Descending)
{
    public override string ToString() => Descending ? "-" + Attribute : Attribute;

    public static SortKey Parse(string text) => text.StartsWith('-') ? new(text[1..], true) : new(text, false);
}

/// <summary>What a list shows. All of it stands in the address, so that a reload or a sent link shows the same.</summary>
public sealed record ListRequest
{
    /// <summary>Rows fetched at a time.</summary>
    public const int PageRows = 50;

    /// <summary>Name of the view; <c>null</c> for the default one.</summary>
    public string? View { get; init; }

    /// <summary>Text of quick find.</summary>
    public string Search { get; init; } = "";

    public ImmutableArray<ColumnFilter> Filters { get; init; } = [];

    /// <summary>Empty: the view's own order.</summary>
    public ImmutableArray<SortKey> Sort { get; init; } = [];

    /// <summary>Pages loaded so far, at least 1.</summary>
    public int Pages { get; init; } = 1;

    /// <summary>True when the user narrowed what the view shows.</summary>
    public bool Narrows => Search.Length > 0 || !Filters.IsEmpty;

    /// <summary>Reads a query string; what it does not understand is left out.</summary>
    public static ListRequest Parse(string queryString)
    {
        var values = QueryHelpers.ParseQuery(queryString);
        return new ListRequest
        {
            View = values.TryGetValue("view", out var view) ? view.ToString() : null,
            Search = values.TryGetValue("q", out var search) ? search.ToString().Trim() : "",
            Sort = values.TryGetValue("sort", out var sort)
                ? [.. sort.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(SortKey.Parse)]
                : [],
            Filters = values.TryGetValue("f", out var filters)
                ? [.. filters.Select(filter => ColumnFilter.Parse(filter ?? "")).OfType<ColumnFilter>()]
                : [],
            Pages = values.TryGetValue("pages", out var pages) && int.TryParse(pages, CultureInfo.InvariantCulture, out var count)
                ? Math.Clamp(count, 1, Query.LargestPage / PageRows)
                : 1,
        };
    }

    /// <summary>The query string with its question mark; empty when everything is as by default.</summary>
    public string ToQueryString()
    {
        var parts = new List<string>();
        if (View is not null) parts.Add("view=" + Uri.EscapeDataString(View));
        if (Search.Length > 0) parts.Add("q=" + Uri.EscapeDataString(Search));
        if (!Sort.IsEmpty) parts.Add("sort=" + Uri.EscapeDataString(string.Join(',', Sort)));
        parts.AddRange(Filters.Select(filter => "f=" + Uri.EscapeDataString(filter.ToString())));
        if (Pages > 1) parts.Add("pages=" + Pages.ToString(CultureInfo.InvariantCulture));
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    /// <summary>The next state of a column header: ascending, descending, the view's order. <paramref name="add"/> keeps the other keys.</summary>
    public ListRequest SortedBy(string attribute, bool add)
    {
        var at = Sort.IndexOf(new SortKey(attribute, false));
        var down = Sort.IndexOf(new SortKey(attribute, true));
        ImmutableArray<SortKey> next = (at, down, add) switch
        {
            ( >= 0, _, true) => Sort.SetItem(at, new(attribute, true)),
            (_, >= 0, true) => Sort.RemoveAt(down),
            (_, _, true) => Sort.Add(new(attribute, false)),
            ( >= 0, _, false) => [new(attribute, true)],
            (_, >= 0, false) => [],
            _ => [new(attribute, false)],
        };
        return this with { Sort = next, Pages = 1 };
    }

    /// <summary>With one more filter, or with the filter of its column replaced.</summary>
    public ListRequest FilteredBy(ColumnFilter filter) =>
        this with { Filters = [.. Filters.Where(other => other.Attribute != filter.Attribute), filter], Pages = 1 };

    public ListRequest Without(ColumnFilter filter) => this with { Filters = Filters.Remove(filter), Pages = 1 };

    public bool Equals(ListRequest? other) => other is not null && ToQueryString() == other.ToQueryString();

    public override int GetHashCode() => ToQueryString().GetHashCode(StringComparison.Ordinal);
}
