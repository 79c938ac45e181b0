using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Sdk;
using Platform.Studio.Forms;

namespace Platform.Studio.Tests;

public sealed class FormStateTests
{
    [Fact]
    public void Only_changed_attributes_are_sent_with_the_version_that_was_read()
    {
        var entity = Samples.Card();
        var record = Samples.Record(entity, ("number", "1"), ("points", 5), ("note", "old"));
        var form = FormState.ForExisting(entity, record);

        form.Set("points", 6);
        form.Set("note", "");

        var update = Assert.IsType<Update>(form.ToMessage());
        Assert.Equal(7, update.IfVersion);
        Assert.Equal(record.Id, update.Target.Id);
        Assert.Equal(["note", "points"], update.Target.Attributes.Keys.Order());
        Assert.Equal(6, update.Target["points"]);
        Assert.Null(update.Target["note"]);
    }

    [Fact]
    public void A_value_set_back_is_no_change()
    {
        var entity = Samples.Card();
        var member = new EntityReference("member", Guid.CreateVersion7());
        var form = FormState.ForExisting(entity, Samples.Record(entity, ("number", "1"), ("memberid", member)));

        form.Set("number", "2");
        form.Set("memberid", null);
        Assert.True(form.IsDirty);
        form.Set("number", "1");
        form.Set("memberid", new EntityReference("member", member.Id) { Name = "Kim" });

        Assert.False(form.IsDirty);
    }

    [Fact]
    public void A_new_record_sends_its_defaults_but_none_that_only_steps_may_write()
    {
        var form = FormState.ForNew(Samples.Card());
        form.Set("number", "12");

        Assert.Equal(true, form["active"]);
        var create = Assert.IsType<Create>(form.ToMessage());
        Assert.Equal(["active", "number"], create.Target.Attributes.Keys.Order());
    }

    [Fact]
    public void A_status_that_the_engine_chooses_may_be_missing_from_a_new_record()
    {
        var entity = new EntityDefinition([Samples.Attribute(SystemAttributes.StatusCode, AttributeKind.Status, required: true), Samples.Attribute(SystemAttributes.OwnerId, AttributeKind.Lookup, required: true)])
        {
            LogicalName = "card", SchemaName = "card", EntitySetName = "cards", Title = "Card", CollectionTitle = "Cards", Pack = "test",
            Ownership = Ownership.User, PrimaryIdAttribute = SystemAttributes.StatusCode,
        };

        Assert.True(FieldRules.Check(FormState.ForNew(entity), entity.Attributes, Samples.Ui()));
    }

    [Fact]
    public void What_is_typed_while_a_save_is_under_way_stays_a_change()
    {
        var entity = Samples.Card();
        var form = FormState.ForExisting(entity, Samples.Record(entity, ("number", "1"), ("note", "a"), ("points", 1)));
        form.Set("number", "2");
        form.Set("points", 2);
        var sent = form.ToTarget();
        form.Set("note", "typed later");
        form.Set("points", 3);

        form.Accept(Samples.Record(entity, ("number", "2"), ("note", "a"), ("points", 2)), sent);

        Assert.Equal(["note", "points"], form.Changed.Order());
        Assert.Equal(3, form["points"]);
    }

    [Fact]
    public void Text_that_is_no_value_blocks_the_save_until_it_is_mended()
    {
        var entity = Samples.Card();
        var form = FormState.ForExisting(entity, Samples.Record(entity, ("number", "1")));
        form.FailUnreadable("points", "no number");

        form.ClearErrors();
        Assert.False(FieldRules.Check(form, entity.Attributes, Samples.Ui()));
        form.Set("points", 4);
        Assert.True(FieldRules.Check(form, entity.Attributes, Samples.Ui()));
    }

    [Fact]
    public void Required_long_misshapen_and_out_of_range_values_are_told_at_their_fields()
    {
        var entity = Samples.Card();
        var form = FormState.ForNew(entity);
        form.Set("points", 1001);
        Assert.False(FieldRules.Check(form, entity.Attributes, Samples.Ui()));
        Assert.Equal("A value is required.", form.Errors["number"]);
        Assert.Equal("At most 1,000.", form.Errors["points"]);

        form.Set("number", "12a");
        form.Set("points", 10);
        Assert.False(FieldRules.Check(form, entity.Attributes, Samples.Ui()));
        Assert.Equal("The value does not have the expected form.", form.Errors["number"]);

        form.Set("number", new string('1', 20));
        Assert.False(FieldRules.Check(form, entity.Attributes, Samples.Ui("ko")));
        Assert.Equal("19자까지 입력할 수 있습니다. 지금 20자입니다.", form.Errors["number"]);
    }
}
