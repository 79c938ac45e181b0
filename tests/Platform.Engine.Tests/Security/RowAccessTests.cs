using Platform.Engine.Messages;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Security;

/// <summary>What a role grants, and what it does not, on both databases.</summary>
public abstract class RowAccessTests
{
    private static readonly Guid BasicUser = new("b7d2e6c1-3f49-4a05-8c1b-95e0a7d4f326");
    private static readonly Guid LoyaltyAgent = new("6a9ce0a4-58d1-4c3e-9b20-7f1e83d5a642");

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task The_last_administrator_and_the_roles_of_packs_stay()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var role = engine.Metadata.Roles.Single(role => role.Name == "system-administrator");
        var first = await engine.UserAsync(role.Id);
        var assignment = (await engine.QueryAsync("systemuserroles", $"?$filter=_systemuserid_value eq {first.UserId:D}")).Single().ToReference();

        Task Disable() => engine.SendAsync(new Update(new EntityRecord("systemuser", first.UserId) { ["isdisabled"] = true }), first);
        Assert.Equal("0x8FF00011", (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Delete(new EntityReference("role", role.Id)), first))).Code);
        Assert.Equal("0x8FF00012", (await Assert.ThrowsAsync<PlatformException>(Disable)).Code);
        Assert.Equal("0x8FF00012", (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Delete(assignment), first))).Code);
        Assert.NotEqual(true, (await engine.ReadAsync("systemuser", first.UserId))["isdisabled"]);

        await engine.UserAsync(role.Id);
        await Disable();
        await engine.SendAsync(new Delete(assignment));
    }

    [Fact]
    public async Task A_user_without_roles_may_do_nothing()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var nobody = await engine.UserAsync();
        var id = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Secret" });

        await ForbiddenAsync(() => engine.QueryAsync("account", "", nobody));
        await ForbiddenAsync(() => engine.ReadAsync("account", id, nobody));
        await ForbiddenAsync(() => engine.CreateAsync(new EntityRecord("account") { ["name"] = "x" }, nobody));
        await ForbiddenAsync(() => engine.SendAsync(new Update(new EntityRecord("account", id) { ["name"] = "x" }), nobody));
        await ForbiddenAsync(() => engine.SendAsync(new Delete(new EntityReference("account", id)), nobody));
        Assert.Equal("Secret", (await engine.ReadAsync("account", id))["name"]);
    }

    [Fact]
    public async Task User_depth_reaches_own_rows_and_another_users_row_looks_as_if_it_were_not_there()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var user = await engine.UserAsync(BasicUser);
        var foreign = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Foreign" });
        var own = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Own" }, user);

        Assert.Equal([own], (await engine.QueryAsync("account", "", user)).Select(row => row.Id));
        var missing = await Assert.ThrowsAsync<PlatformException>(() => engine.ReadAsync("account", foreign, user));
        var invented = await Assert.ThrowsAsync<PlatformException>(() => engine.ReadAsync("account", new Guid("11111111-1111-1111-1111-111111111111"), user));
        Assert.Equal((invented.Kind, invented.Code), (missing.Kind, missing.Code));
        var update = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("account", foreign) { ["name"] = "x" }), user));
        Assert.Equal(ErrorKind.NotFound, update.Kind);
        Assert.Equal("Foreign", (await engine.ReadAsync("account", foreign))["name"]);
    }

    [Fact]
    public async Task A_row_that_may_be_read_but_not_written_is_refused_as_forbidden()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), ["loyalty"]);
        var elsewhere = await engine.UnitAsync("Elsewhere");
        var agent = await engine.UserInAsync(elsewhere, LoyaltyAgent, BasicUser);
        var member = await engine.CreateAsync(new EntityRecord("contact") { ["lastname"] = "Member" });
        var card = await engine.CreateAsync(new EntityRecord("loy_card") { ["loy_number"] = "4539578763621486", ["loy_memberid"] = new EntityReference("contact", member) });

        Assert.Equal(card, (await engine.ReadAsync("loy_card", card, agent)).Id);
        await ForbiddenAsync(() => engine.SendAsync(new Update(new EntityRecord("loy_card", card) { ["loy_status"] = 2 }), agent));
        Assert.Equal(1, (await engine.ReadAsync("loy_card", card))["loy_status"]);
    }

    [Fact]
    public async Task The_right_to_create_does_not_reach_further_than_the_owner_it_covers()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var user = await engine.UserAsync(BasicUser);

        await ForbiddenAsync(() => engine.CreateAsync(new EntityRecord("account") { ["name"] = "x", ["ownerid"] = engine.Admin.User }, user));

        Assert.Empty(await engine.QueryAsync("account", ""));
    }

    [Fact]
    public async Task A_small_depth_on_all_tables_opens_none_that_has_no_owner()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var user = await engine.UserAsync(BasicUser);

        await ForbiddenAsync(() => engine.QueryAsync("audit", "", user));
        Assert.NotEmpty(await engine.QueryAsync("systemuser", "", user));
    }

    [Fact]
    public async Task A_role_that_is_taken_away_ends_at_once()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var user = await engine.UserAsync(BasicUser);
        Assert.Empty(await engine.QueryAsync("account", "", user));
        var grant = (await engine.QueryAsync("systemuserroles", $"?$filter=_systemuserid_value eq {user.UserId:D}")).Single();

        await engine.SendAsync(new Delete(grant.ToReference()));

        var now = await engine.Callers.ForUserAsync(user.UserId, CancellationToken.None);
        await ForbiddenAsync(() => engine.QueryAsync("account", "", now));
    }

    [Fact]
    public async Task Deep_access_reaches_the_units_below_and_not_those_beside()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], DeepRolePack());
        var north = await engine.UnitAsync("North");
        var city = await engine.UnitAsync("City", north);
        var south = await engine.UnitAsync("South");
        var manager = await engine.UserInAsync(north, DeepRole);
        var inCity = await engine.UserInAsync(city, DeepRole);
        var inSouth = await engine.UserInAsync(south, DeepRole);
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "City" }, inCity);
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "South" }, inSouth);

        Assert.Equal(["City"], (await engine.QueryAsync("account", "", manager)).Select(row => (string)row["name"]!));
        Assert.Equal(["South"], (await engine.QueryAsync("account", "", inSouth)).Select(row => (string)row["name"]!));
        Assert.Equal(2, (await engine.QueryAsync("account", "")).Count);
    }

    private static readonly Guid DeepRole = new("0197a000-0000-7000-8000-00000000bb01");

    private static Engine.Metadata.PackFiles DeepRolePack() => new("deep", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty
        .Add("pack.json", """{ "id": "deep", "version": "1.0.0", "publisher": { "prefix": "dp", "name": "Deep" }, "title": "Deep", "dependencies": { "core": ">=1.0.0" } }""")
        .Add("roles/deep.json", $$"""{ "id": "{{DeepRole:D}}", "title": "Deep", "privileges": { "account": { "create": "parentChildBusinessUnits", "read": "parentChildBusinessUnits" } } }"""));

    private static async Task ForbiddenAsync(Func<Task> action)
    {
        var refused = await Assert.ThrowsAsync<PlatformException>(action);
        Assert.Equal(ErrorKind.Forbidden, refused.Kind);
    }
}

public sealed class RowAccessOnSqlite : RowAccessTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class RowAccessOnPostgreSql : RowAccessTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
