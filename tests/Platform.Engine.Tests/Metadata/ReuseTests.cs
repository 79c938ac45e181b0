using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Metadata;

/// <summary>A version takes over the definitions of the one before that say the same; it must say what a fresh one says.</summary>
public sealed class ReuseTests
{
    private const string OrderFile = "entities/shp_order/entity.json";

    [Fact]
    public void A_version_made_of_the_one_before_says_what_a_fresh_one_says()
    {
        var before = Compile(new SmallPacks());
        var fresh = Compile(Changed());

        var reused = Compile(Changed()).Reusing(before);

        Assert.Equal(fresh.Entities.Select(entity => entity.LogicalName), reused.Entities.Select(entity => entity.LogicalName));
        Assert.All(fresh.Entities.Zip(reused.Entities), pair => Assert.True(Sameness.Of(pair.First, pair.Second), pair.First.LogicalName));
    }

    [Fact]
    public void Only_what_changed_is_made_anew()
    {
        var before = Compile(new SmallPacks());

        var reused = Compile(Changed()).Reusing(before);

        Assert.Equal(["shp_order"], reused.Entities.Where(entity => entity != before.Entity(entity.LogicalName)).Select(entity => entity.LogicalName));
    }

    [Theory]
    [InlineData("shop", OrderFile, "\"title\": \"Number\", \"pattern\"", "\"title\": \"No.\", \"pattern\"", "shp_order")]
    [InlineData("shop", OrderFile, "^[A-Z]-[0-9]+$", "^[A-Z]-[0-9]*$", "shp_order")]
    [InlineData("shop", OrderFile, "\"maximum\": 99, \"default\": 1", "\"maximum\": 99, \"default\": 2", "shp_order")]
    [InlineData("shop", OrderFile, "\"label\": \"Paid\"", "\"label\": \"Settled\"", "shp_order")]
    [InlineData("shop", OrderFile, "\"shp_due\", \"statecode\"", "\"statecode\", \"shp_due\"", "shp_order")]
    [InlineData("shop", OrderFile, "\"onDelete\": \"restrict\"", "\"onDelete\": \"cascade\"", "account contact shp_order")]
    [InlineData("shop", "entities/shp_order/forms/main.json", "\"columns\": 2", "\"columns\": 1", "shp_order")]
    [InlineData("shop", "entities/shp_order/views/active.json", "\"width\": 160", "\"width\": 161", "shp_order")]
    [InlineData("shop", "entities/shp_order/steps.json", "\"floor\": 0", "\"floor\": 1", "shp_order")]
    [InlineData("shop", "entities/shp_order/steps.json", "\"milliseconds\": 500", "\"milliseconds\": 501", "shp_order")]
    [InlineData("shop", "entities/contact/entity.json", "\"title\": \"VIP\"", "\"title\": \"V.I.P.\"", "contact")]
    [InlineData("shop", "choices/shp_region.json", "\"color\": \"blue\"", "\"color\": \"red\"", "shp_order")]
    [InlineData("shop", "labels/ko.json", "\"번호\" }, \"shp_status\"", "\"차례\" }, \"shp_status\"", "shp_order")]
    public void No_change_is_overlooked(string pack, string file, string from, string to, string changed)
    {
        var before = Compile(new SmallPacks());

        var reused = Compile(new SmallPacks().Replace(pack, file, from, to)).Reusing(before);

        Assert.Equal(changed, string.Join(' ', reused.Entities.Where(entity => entity != before.Entity(entity.LogicalName)).Select(entity => entity.LogicalName)));
    }

    [Fact]
    public void Statuses_that_may_follow_are_compared_by_what_they_say()
    {
        var before = Compile(WithTransition("[2]"));

        Assert.Same(before.Entity("shp_order"), Compile(WithTransition("[2]")).Reusing(before).Entity("shp_order"));
        Assert.NotSame(before.Entity("shp_order"), Compile(WithTransition("[]")).Reusing(before).Entity("shp_order"));
    }

    [Fact]
    public void View_expressions_are_checked_again_only_where_their_entity_changed()
    {
        var before = Compile(new SmallPacks());

        Assert.Empty(MetadataCompiler.Compile(new SmallPacks().Files, 2).Reusing(before).ViewExpressions);
        Assert.Equal(["statecode eq 0", "shp_number asc"], MetadataCompiler.Compile(Changed().Files, 2).Reusing(before).ViewExpressions.Select(expression => expression.Text));
    }

    private static SmallPacks Changed() => new SmallPacks().Replace("shop", OrderFile, "\"shp_external\":", "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" }, \"shp_external\":");

    private static SmallPacks WithTransition(string next) => new SmallPacks().Replace("shop", OrderFile, "\"required\": [\"shp_number\"],", $$"""
        "required": ["shp_number"],
        "x-states": [ { "value": 0, "label": "Open", "statuses": [ { "value": 1, "label": "New", "transitions": {{next}} }, { "value": 2, "label": "Sent" } ] } ],
        """);

    private static MetadataSnapshot Compile(SmallPacks packs)
    {
        var compilation = MetadataCompiler.Compile(packs.Files, 1);
        Assert.Empty(compilation.Errors);
        return compilation.Snapshot!;
    }
}
