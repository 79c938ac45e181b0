using Platform.Engine.Metadata;
using Platform.Sdk;
using Platform.Studio.Forms;

namespace Platform.Studio.Tests;

public sealed class ConflictMergeTests
{
    private readonly EntityDefinition entity = Samples.Card();

    [Fact]
    public void Changes_to_different_fields_do_not_conflict_and_both_survive()
    {
        var form = Form(("number", "1"), ("note", "a"), ("points", 1));
        form.Set("note", "mine");
        var stored = Stored(("number", "1"), ("note", "a"), ("points", 2));

        var merge = ConflictMerge.Of(form, stored);
        form.Rebase(merge.Stored, form.Changed.ToHashSet());

        Assert.Empty(merge.Conflicts);
        Assert.Equal(["points"], merge.TheirFields.Select(field => field.LogicalName));
        Assert.Equal(("mine", 2), (form["note"], form["points"]));
        Assert.Equal(["note"], form.Changed);
        Assert.Equal(8, form.Original.Version);
    }

    [Fact]
    public void The_same_change_on_both_sides_is_no_conflict_and_no_change_any_more()
    {
        var form = Form(("number", "1"));
        form.Set("number", "2");
        var stored = Stored(("number", "2"));

        var merge = ConflictMerge.Of(form, stored);
        form.Rebase(stored, form.Changed.ToHashSet());

        Assert.Empty(merge.Conflicts);
        Assert.False(form.IsDirty);
    }

    [Fact]
    public void Different_changes_of_one_field_show_all_three_values()
    {
        var form = Form(("note", "before"));
        form.Set("note", "mine");

        var conflict = Assert.Single(ConflictMerge.Of(form, Stored(("note", "theirs"))).Conflicts);

        Assert.Equal(("before", "mine", "theirs"), (conflict.Original, conflict.Mine, conflict.Stored));
    }

    [Fact]
    public void What_the_platform_writes_itself_is_neither_conflict_nor_news()
    {
        var form = Form((SystemAttributes.ModifiedOn, new DateTime(2026, 1, 1)));

        var merge = ConflictMerge.Of(form, Stored((SystemAttributes.ModifiedOn, new DateTime(2026, 1, 2))));

        Assert.Empty(merge.Conflicts);
        Assert.Empty(merge.TheirFields);
    }

    [Fact]
    public void Each_decision_gives_its_field_the_value_chosen()
    {
        var form = Form(("number", "1"), ("note", "a"), ("points", 1), ("price", 10m));
        form.Set("number", "2");
        form.Set("note", "b");
        form.Set("points", 2);
        form.Set("price", 20m);
        var merge = ConflictMerge.Of(form, Stored(("number", "3"), ("note", "c"), ("points", 3), ("price", 10m)));

        merge.Apply(form, new Dictionary<string, ConflictChoice>
        {
            ["number"] = ConflictChoice.Mine, ["note"] = ConflictChoice.Stored, ["points"] = ConflictChoice.Original,
        });

        Assert.Equal(("2", "c", 1, 20m), (form["number"], form["note"], form["points"], form["price"]));
        Assert.Equal(["number", "points", "price"], form.Changed.Order());
    }

    private FormState Form(params (string, object?)[] values) => FormState.ForExisting(entity, Samples.Record(entity, values));

    private EntityRecord Stored(params (string, object?)[] values)
    {
        var record = Samples.Record(entity, values);
        record.Version = 8;
        return record;
    }
}
