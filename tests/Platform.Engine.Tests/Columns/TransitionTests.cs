using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Columns;

public sealed class SqliteTransitionTests : TransitionTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class PostgreSqlTransitionTests : TransitionTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}

public abstract class TransitionTests
{
    private const string Pieces = """ "tst_pieces": { "type": "integer", "title": "Pieces" } """;

    /// <summary>Draft → sent → paid or cancelled; paid is final.</summary>
    private const string States = """
        "x-states": [
          { "value": 0, "label": "Open", "statuses": [ { "value": 1, "label": "Draft", "transitions": [2, 4] }, { "value": 2, "label": "Sent", "transitions": [4, 3] } ] },
          { "value": 1, "label": "Closed", "statuses": [ { "value": 3, "label": "Paid", "transitions": [] }, { "value": 4, "label": "Cancelled" } ] } ],
        """;

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Only_the_statuses_that_may_follow_do()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing"));

        var refused = await Assert.ThrowsAsync<PlatformException>(() => SetAsync(engine, id, "statuscode", 3));
        Assert.Equal("A record of 'tst_thing' cannot go from 'Draft' to 'Paid'.", refused.Message);
        Assert.Equal("statuscode", refused.Attribute);
        Assert.Equal((0, 1), await StateAsync(engine, id));
        EntityRecord Paid() => new("tst_thing", id) { ["statuscode"] = 3 };
        Message[] doors =
        [
            new Upsert(Paid()), new SetState(Paid().ToReference(), 1, 3), new UpdateMultiple("tst_thing", [new Update(Paid())]), new UpsertMultiple("tst_thing", [new Upsert(Paid())]),
        ];
        foreach (var door in doors)
        {
            Assert.Equal("statuscode", (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(door))).Attribute);
            Assert.Equal((0, 1), await StateAsync(engine, id));
        }

        await SetAsync(engine, id, "statuscode", 1);
        await SetAsync(engine, id, "statuscode", 2);
        await SetAsync(engine, id, "statuscode", 3);
        Assert.Equal((1, 3), await StateAsync(engine, id));
        await Assert.ThrowsAsync<PlatformException>(() => SetAsync(engine, id, "statecode", 0));
        await SetAsync(engine, id, "tst_pieces", 5);
        Assert.Equal((1, 3), await StateAsync(engine, id));
    }

    [Fact]
    public async Task A_state_alone_takes_its_first_status_that_may_follow()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing"));

        await SetAsync(engine, id, "statecode", 1);
        Assert.Equal((1, 4), await StateAsync(engine, id));

        await SetAsync(engine, id, "statecode", 0);
        Assert.Equal((0, 1), await StateAsync(engine, id));
    }

    [Fact]
    public async Task The_labels_of_a_refusal_speak_the_callers_language()
    {
        await using var engine = await StartAsync(("labels/ko.json", """{ "entities": { "tst_thing": { "statuses": { "1": "초안", "3": "결제됨" } } } }"""));
        var id = await engine.CreateAsync(new EntityRecord("tst_thing"));

        var refused = await Assert.ThrowsAsync<PlatformException>(() =>
            engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["statuscode"] = 3 }), engine.Admin with { Language = "ko" }));

        Assert.Contains("'초안' to '결제됨'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_obeys_too_and_nothing_of_the_message_remains()
    {
        await using var engine = await StartAsync(
            ("entities/tst_thing/steps.json", """{ "steps": [ { "name": "pay", "script": "pay.csx", "message": "Update", "stage": "PreOperation" } ] }"""),
            ("entities/tst_thing/pay.csx", "Context.Target[\"statuscode\"] = 3;"));
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_pieces"] = 1 });

        var refused = await Assert.ThrowsAsync<PlatformException>(() => SetAsync(engine, id, "tst_pieces", 2));

        Assert.Contains("from 'Draft' to 'Paid'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await engine.ReadAsync("tst_thing", id))["tst_pieces"]);
    }

    private async Task<TestEngine> StartAsync(params (string Path, string Text)[] files) =>
        await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(Pieces, States, files));

    private static Task<MessageResult> SetAsync(TestEngine engine, Guid id, string attribute, int value) =>
        engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { [attribute] = value }));

    private static async Task<(int State, int Status)> StateAsync(TestEngine engine, Guid id)
    {
        var row = await engine.ReadAsync("tst_thing", id);
        return (row.Get<int>("statecode"), row.Get<int>("statuscode"));
    }
}
