using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Studio.Lists;

namespace Platform.Studio.Tests;

public sealed class ListTests
{
    private static readonly TimeZoneInfo Seoul = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul");
    private readonly EntityDefinition entity = Samples.Card();

    [Fact]
    public void An_address_brings_back_the_list_that_wrote_it()
    {
        var request = new ListRequest
        {
            View = "all", Search = "kim & co", Pages = 3,
            Sort = [new("number", true), new("points", false)],
            Filters = [new("note", FilterOperator.Contains, "a~b=1"), new("level", FilterOperator.Empty)],
        };

        Assert.Equal(request, ListRequest.Parse(request.ToQueryString()));
        Assert.Equal("", new ListRequest().ToQueryString());
    }

    [Fact]
    public void An_address_that_makes_no_sense_shows_the_plain_list()
    {
        Assert.Equal(new ListRequest(), ListRequest.Parse("?f=broken&f=a~Nonsense~1&pages=-4&x=1"));
    }

    [Fact]
    public void A_header_goes_from_ascending_to_descending_to_the_views_order()
    {
        var up = new ListRequest { Pages = 4 }.SortedBy("number", add: false);
        var down = up.SortedBy("number", add: false);

        Assert.Equal([new SortKey("number", false)], up.Sort.AsEnumerable());
        Assert.Equal(1, up.Pages);
        Assert.Equal([new SortKey("number", true)], down.Sort.AsEnumerable());
        Assert.Empty(down.SortedBy("number", add: false).Sort);
        Assert.Equal([new SortKey("number", true), new SortKey("points", false)], down.SortedBy("points", add: true).Sort.AsEnumerable());
    }

    [Fact]
    public void Every_word_of_quick_find_has_to_be_in_some_searchable_text()
    {
        var filter = Assert.IsType<AllOf>(QuickFind.ForWords(entity, " kim  골드 "));

        Assert.Equal(2, filter.Nodes.Length);
        var first = Assert.IsType<AnyOf>(filter.Nodes[0]);
        Assert.Equal(["number", "note"], first.Nodes.Cast<MatchText>().Select(match => match.Attribute.LogicalName));
        Assert.All(first.Nodes.Cast<MatchText>(), match => Assert.Equal(("kim", TextMatch.Contains), (match.Text, match.Match)));
        Assert.Null(QuickFind.ForWords(entity, "  "));
    }

    [Fact]
    public void Decomposed_Hangul_is_searched_in_its_composed_form()
    {
        var filter = Assert.IsType<AnyOf>(QuickFind.ForWords(entity, "\u1112\u1161\u11ab"));

        Assert.Equal("한", Assert.IsType<MatchText>(filter.Nodes[0]).Text);
    }

    [Fact]
    public void A_day_means_the_users_day()
    {
        var node = Query().NodeOf(entity.Attribute("issued"), new ColumnFilter("issued", FilterOperator.Equal, "2026-07-01"));

        Assert.Equal(
            [new DateTime(2026, 6, 30, 15, 0, 0, DateTimeKind.Utc), new DateTime(2026, 7, 1, 15, 0, 0, DateTimeKind.Utc)],
            Assert.IsType<AllOf>(node).Nodes.Cast<Compare>().Select(compare => (DateTime)compare.Value!));
    }

    [Fact]
    public void A_filter_value_of_the_wrong_kind_is_left_out()
    {
        Assert.Null(Query().NodeOf(entity.Attribute("points"), new ColumnFilter("points", FilterOperator.Equal, "many")));
        Assert.Null(Query().NodeOf(entity.Attribute("issued"), new ColumnFilter("issued", FilterOperator.AtLeast, "yesterday")));
    }

    [Fact]
    public void Values_become_those_of_the_attributes_kind()
    {
        var id = Guid.CreateVersion7();

        Assert.Equal(5, ListQuery.ValueOf(entity.Attribute("points"), "5"));
        Assert.Equal(5.5m, ListQuery.ValueOf(entity.Attribute("price"), "5.5"));
        Assert.Equal(true, ListQuery.ValueOf(entity.Attribute("active"), "true"));
        Assert.Equal(new DateOnly(2026, 1, 2), ListQuery.ValueOf(entity.Attribute("validuntil"), "2026-01-02"));
        Assert.Equal(id, ListQuery.ValueOf(entity.Attribute("memberid"), $"member/{id:D}"));
    }

    [Fact]
    public void The_query_asks_for_the_views_columns_page_and_count()
    {
        var query = Query().Build(entity, new ListRequest { View = "all", Search = "x", Pages = 2 });

        Assert.Equal(["number"], query.Columns.Select(column => column.LogicalName));
        Assert.Equal(["number"], query.Orders.Select(order => order.Attribute.LogicalName));
        Assert.Equal(100, query.PageSize);
        Assert.True(query is { CountTotal: true, LookupNames: true });
        Assert.IsType<AnyOf>(query.Filter);
    }

    [Fact]
    public void Without_a_name_the_default_view_shows()
    {
        Assert.Equal("active", ListQuery.ViewOf(entity, null).Name);
        Assert.Equal("active", ListQuery.ViewOf(entity, "removed").Name);
    }

    /// <summary>The views of the sample hold no filter text, so nothing is there to be parsed.</summary>
    private static ListQuery Query() => new(MetadataSnapshot.Empty, parser: null!, Seoul);
}
