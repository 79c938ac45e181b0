using Platform.Engine.Messages;
using Platform.Engine.Packs;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Security;

/// <summary>Rows that are shared, and who may share them, on both databases.</summary>
public abstract class SharingTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_share_opens_a_row_wherever_rights_count_and_exactly_as_far_as_it_says()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], SharePack.Files);
        var (anna, bo) = (await engine.UserAsync(SharePack.Member), await engine.UserAsync(SharePack.Member));
        var area = new EntityReference("tst_area", await engine.CreateAsync(new EntityRecord("tst_area") { ["tst_name"] = "A" }, anna));
        var hidden = await engine.CreateAsync(new EntityRecord("tst_area") { ["tst_name"] = "H" }, anna);
        var own = await engine.CreateAsync(new EntityRecord("tst_deal") { ["tst_name"] = "D" }, bo);

        Task ReadAsync() => engine.ReadAsync("tst_area", area.Id, bo);
        Task WriteAsync() => engine.SendAsync(new Update(new EntityRecord("tst_area", area.Id) { ["tst_name"] = "B" }), bo);
        Task PointAsync() => engine.SendAsync(new Update(new EntityRecord("tst_deal", own) { ["tst_aboveid"] = area }), bo);
        Task AppendAsync() => engine.SendAsync(new Update(new EntityRecord("tst_area", area.Id) { ["tst_aboveid"] = area with { Id = hidden } }), bo);
        Task AssignAsync() => engine.SendAsync(new Assign(area, bo.User), bo);
        Task ShareAsync() => engine.SendAsync(new GrantAccess(area, new PrincipalAccess(bo.User, AccessRights.ReadAccess)), bo);
        Task DeleteAsync() => engine.SendAsync(new Delete(area), bo);
        async Task SetAsync(AccessRights rights) => await engine.SendAsync(new ModifyAccess(area, new PrincipalAccess(bo.User, rights)), anna);

        foreach (var action in (Func<Task>[])[ReadAsync, WriteAsync, AssignAsync, ShareAsync, DeleteAsync]) Assert.Equal(ErrorKind.NotFound, await KindAsync(action));
        await SetAsync(AccessRights.ReadAccess);
        Assert.Equal([null, ErrorKind.Forbidden, ErrorKind.Forbidden, ErrorKind.Forbidden, ErrorKind.Forbidden, ErrorKind.Forbidden], await KindsAsync(ReadAsync, WriteAsync, PointAsync, AssignAsync, ShareAsync, DeleteAsync));
        await SetAsync(AccessRights.ReadAccess | AccessRights.WriteAccess);
        Assert.Equal([null, ErrorKind.Forbidden, ErrorKind.Forbidden, ErrorKind.Forbidden], await KindsAsync(WriteAsync, AppendAsync, AssignAsync, DeleteAsync));
        await SetAsync(AccessRights.ReadAccess | AccessRights.WriteAccess | AccessRights.AppendAccess | AccessRights.AppendToAccess | AccessRights.ShareAccess);
        Assert.Equal([null, null, ErrorKind.Invalid], await KindsAsync(PointAsync, ShareAsync, AppendAsync));

        // Read along, looked at by conditions, counted.
        var deal = Assert.Single(await engine.QueryAsync("tst_deal", "?$filter=tst_aboveid/tst_name eq 'B'", bo));
        Assert.Equal(own, deal.Id);
        Assert.Equal([area.Id], (await engine.QueryAsync("tst_area", "?$filter=tst_deal_above/any(d:d/tst_name eq 'D')&$orderby=tst_name", bo)).Select(row => row.Id));
        Assert.Empty(await engine.QueryAsync("tst_area", "?$filter=tst_deal_above/all(d:d/tst_name ne 'D')", bo));
        await SetAsync(AccessRights.None);
        Assert.Empty(await engine.QueryAsync("tst_deal", "?$filter=tst_aboveid/tst_name eq 'B'", bo));
        Assert.Empty(await engine.QueryAsync("tst_area", "?$filter=tst_deal_above/any()", bo));
        Assert.Empty(await engine.QueryAsync("principalobjectaccess", $"?$filter=principalid eq {bo.UserId:D} and objectid eq {area.Id:D}"));

        await SetAsync(AccessRights.ReadAccess | AccessRights.WriteAccess | AccessRights.AssignAccess | AccessRights.DeleteAccess);
        await AssignAsync();
        Assert.Equal(ErrorKind.NotFound, await KindAsync(() => engine.ReadAsync("tst_area", area.Id, anna)));
        await DeleteAsync();
    }

    [Fact]
    public async Task Nobody_shares_what_they_may_not_share_or_do_not_have()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], SharePack.Files);
        var (anna, bo, cleo, eve) = (await engine.UserAsync(SharePack.Member), await engine.UserAsync(SharePack.Member), await engine.UserAsync(SharePack.Member), await engine.UserAsync(SharePack.AreasOnly));
        var plan = new EntityReference("tst_plan", await engine.CreateAsync(new EntityRecord("tst_plan") { ["tst_name"] = "P" }, anna));
        Task<MessageResult> GrantAsync(EntityReference row, EntityReference to, AccessRights rights, Caller by) => engine.SendAsync(new GrantAccess(row, new PrincipalAccess(to, rights)), by);

        await GrantAsync(plan, bo.User, AccessRights.ReadAccess | AccessRights.ShareAccess, anna);
        await GrantAsync(plan, cleo.User, AccessRights.ReadAccess, bo);
        var beyond = await Assert.ThrowsAsync<PlatformException>(() => GrantAsync(plan, cleo.User, AccessRights.ReadAccess | AccessRights.WriteAccess, bo));
        Assert.Equal((ErrorKind.Forbidden, true), (beyond.Kind, beyond.Message.Contains("WriteAccess", StringComparison.Ordinal)));
        Assert.Equal(ErrorKind.Forbidden, await KindAsync(() => GrantAsync(plan, bo.User, AccessRights.ReadAccess, cleo)));
        await engine.SendAsync(new ModifyAccess(plan, new PrincipalAccess(cleo.User, AccessRights.None)), bo);

        // Without the privilege on the table a share gives nothing, as a user or through a team.
        await GrantAsync(plan, eve.User, AccessRights.ReadAccess, anna);
        Assert.Equal(ErrorKind.Forbidden, await KindAsync(() => engine.QueryAsync("tst_plan", "", eve)));
        Assert.Equal(AccessRights.None, (await engine.SendAsync(new RetrievePrincipalAccess(plan, eve.User), anna)).Access);

        var nobody = new EntityReference("systemuser", new Guid("11111111-1111-1111-1111-111111111111"));
        Assert.Equal("0x80040217", (await Assert.ThrowsAsync<PlatformException>(() => GrantAsync(plan, nobody, AccessRights.ReadAccess, anna))).Code);
        Assert.Equal("0x8FF00066", (await Assert.ThrowsAsync<PlatformException>(() => GrantAsync(plan, plan, AccessRights.ReadAccess, anna))).Code);
        Assert.Equal("0x8FF00060", (await Assert.ThrowsAsync<PlatformException>(() => GrantAsync(bo.User, anna.User, AccessRights.ReadAccess, engine.Admin))).Code);
        Assert.Equal("0x8FF00003", (await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("principalobjectaccess") { ["objectid"] = plan.Id }))).Code);
        Assert.Equal(ErrorKind.NotFound, await KindAsync(() => engine.SendAsync(new RetrieveSharedPrincipalsAndAccess(plan), cleo)));
        Assert.Equal(ErrorKind.NotFound, await KindAsync(() => engine.SendAsync(new RetrievePrincipalAccess(plan, anna.User), cleo)));

        var shares = (await engine.SendAsync(new RetrieveSharedPrincipalsAndAccess(plan), bo)).Shares;
        Assert.Equal(new[] { (bo.UserId, AccessRights.ReadAccess | AccessRights.ShareAccess), (eve.UserId, AccessRights.ReadAccess) }.Order(), shares.Select(share => (share.Principal.Id, share.Rights)).Order());
        Assert.Equal([14, 14, 14, 48], (await engine.QueryAsync("audit", $"?$filter=objectid eq {plan.Id:D} and operation eq 2")).Select(entry => entry.Get<int>("action")).Order());
    }

    [Fact]
    public async Task A_share_with_a_team_reaches_its_members_at_once_and_no_longer_than_they_are_members()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], SharePack.Files);
        var (anna, bo) = (await engine.UserAsync(SharePack.Member), await engine.UserAsync(SharePack.Member));
        var team = new EntityReference("team", await engine.CreateAsync(new EntityRecord("team") { ["name"] = "T", ["businessunitid"] = new EntityReference("businessunit", engine.Admin.BusinessUnitId) }));
        var area = new EntityReference("tst_area", await engine.CreateAsync(new EntityRecord("tst_area") { ["tst_name"] = "A" }, anna));
        await engine.SendAsync(new GrantAccess(area, new PrincipalAccess(team, AccessRights.ReadAccess)), anna);
        async Task<int> SeenAsync() => (await engine.QueryAsync("tst_area", "", await engine.Callers.ForUserAsync(bo.UserId, CancellationToken.None))).Count;

        Assert.Equal(0, await SeenAsync());
        var membership = await engine.CreateAsync(new EntityRecord("teammembership") { ["teamid"] = team, ["systemuserid"] = bo.User });
        Assert.Equal(1, await SeenAsync());
        Assert.Equal(AccessRights.ReadAccess, (await engine.SendAsync(new RetrievePrincipalAccess(area, bo.User))).Access);
        Assert.Equal(AccessRights.None, (await engine.SendAsync(new RetrievePrincipalAccess(area, team))).Access);
        await engine.SendAsync(new Delete(new EntityReference("teammembership", membership)));
        Assert.Equal(0, await SeenAsync());
    }

    [Fact]
    public async Task What_a_cascade_gave_goes_with_it_and_what_was_granted_below_stays()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], SharePack.Files);
        var (anna, bo, cleo) = (await engine.UserAsync(SharePack.Member), await engine.UserAsync(SharePack.Member), await engine.UserAsync(SharePack.Member));
        var area = new EntityReference("tst_area", await engine.CreateAsync(new EntityRecord("tst_area") { ["tst_name"] = "A" }, anna));
        EntityReference Plan(Guid id) => new("tst_plan", id);
        var plan = Plan(await engine.CreateAsync(new EntityRecord("tst_plan") { ["tst_name"] = "P", ["tst_aboveid"] = area }, anna));
        async Task<AccessRights?> OfAsync(EntityReference row, Caller user) => (await engine.SendAsync(new RetrievePrincipalAccess(row, user.User))).Access;

        await engine.SendAsync(new GrantAccess(plan, new PrincipalAccess(bo.User, AccessRights.ReadAccess)), anna);
        await engine.SendAsync(new GrantAccess(area, new PrincipalAccess(bo.User, AccessRights.ReadAccess | AccessRights.WriteAccess | AccessRights.AppendToAccess)), anna);
        Assert.Equal(AccessRights.ReadAccess | AccessRights.WriteAccess | AccessRights.AppendToAccess, await OfAsync(plan, bo));

        // A row made below the shared one is its maker's, and the owner's above.
        var made = Plan(await engine.CreateAsync(new EntityRecord("tst_plan") { ["tst_name"] = "N", ["tst_aboveid"] = area }, bo));
        Assert.Equal(AccessRight.All, await OfAsync(made, anna));
        await engine.SendAsync(new Assign(area, cleo.User), anna);
        Assert.Equal((AccessRight.All, AccessRights.None, AccessRights.None), (await OfAsync(made, cleo), await OfAsync(made, anna), await OfAsync(plan, anna)));

        await engine.SendAsync(new RevokeAccess(area, bo.User), cleo);
        Assert.Equal((AccessRights.None, AccessRights.ReadAccess), (await OfAsync(area, bo), await OfAsync(plan, bo)));
        Assert.Equal([plan.Id], (await engine.QueryAsync("tst_plan", "", bo)).Select(row => row.Id));
        await engine.SendAsync(new Delete(area), cleo);
        Assert.Empty(await engine.QueryAsync("principalobjectaccess", ""));
    }

    [Theory]
    [InlineData(AccessRights.ReadAccess | AccessRights.WriteAccess)]
    [InlineData(AccessRight.All)]
    public async Task Who_owned_both_rows_and_has_the_upper_one_shared_keeps_that_below_when_they_are_given_away(AccessRights rights)
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], SharePack.Files);
        var (anna, bo) = (await engine.UserAsync(SharePack.Member), await engine.UserAsync(SharePack.Member));
        var area = new EntityReference("tst_area", await engine.CreateAsync(new EntityRecord("tst_area") { ["tst_name"] = "A" }, anna));
        var plan = new EntityReference("tst_plan", await engine.CreateAsync(new EntityRecord("tst_plan") { ["tst_name"] = "P", ["tst_aboveid"] = area }, anna));
        await engine.SendAsync(new GrantAccess(area, new PrincipalAccess(anna.User, rights)));

        // The plan goes along with the area.
        await engine.SendAsync(new Assign(area, bo.User));

        Assert.Equal(bo.User, (await engine.ReadAsync("tst_plan", plan.Id)).GetLookup("ownerid"));
        foreach (var row in (EntityReference[])[area, plan]) Assert.Equal(rights, (await engine.SendAsync(new RetrievePrincipalAccess(row, anna.User))).Access);
    }

    [Fact]
    public async Task Rows_that_are_made_moved_given_away_and_shared_at_one_time_inherit_what_the_row_above_has_in_the_end()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], SharePack.Files);
        var users = new List<Caller>();
        for (var at = 0; at < 4; at++) users.Add(await engine.UserAsync(SharePack.Member));
        var areas = new List<EntityReference>();
        foreach (var name in (string[])["A", "B"]) areas.Add(new EntityReference("tst_area", await engine.CreateAsync(new EntityRecord("tst_area") { ["tst_name"] = name })));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            var plans = new List<Guid>();
            for (var at = 0; at < 25; at++)
            {
                var (area, user) = (areas[random.Next(2)], users[random.Next(4)].User);
                switch (random.Next(6))
                {
                    case 0:
                        await engine.SendAsync(new GrantAccess(area, new PrincipalAccess(user, AccessRights.ReadAccess | AccessRights.WriteAccess)));
                        break;
                    case 1:
                        await engine.SendAsync(new RevokeAccess(area, user));
                        break;
                    case 2 when plans.Count > 0:
                        await engine.SendAsync(new Update(new EntityRecord("tst_plan", plans[random.Next(plans.Count)]) { ["tst_aboveid"] = area }));
                        break;
                    case 3 when random.Next(2) == 0:
                        await engine.SendAsync(new Assign(area, user));
                        break;
                    default:
                        plans.Add(await engine.CreateAsync(new EntityRecord("tst_plan") { ["tst_name"] = "P", ["tst_aboveid"] = area, ["ownerid"] = user }));
                        break;
                }
            }
        })));

        var shares = (await engine.QueryAsync("principalobjectaccess", "")).ToDictionary(share => (share.Get<Guid>("objectid"), share.Get<Guid>("principalid")));
        AccessRights Shared(Guid row, Guid user) => shares.TryGetValue((row, user), out var share) ? (AccessRights)(share.Get<int>("accessrightsmask") | share.Get<int>("inheritedaccessrightsmask")) : AccessRights.None;
        var owners = (await engine.QueryAsync("tst_area", "")).ToDictionary(area => area.Id, area => area.GetLookup("ownerid")!.Id);
        foreach (var plan in await engine.QueryAsync("tst_plan", ""))
        {
            var (above, owner) = (plan.GetLookup("tst_aboveid")!.Id, plan.GetLookup("ownerid")!.Id);
            foreach (var user in users.Where(user => user.UserId != owner))
                Assert.Equal(user.UserId == owners[above] ? AccessRight.All : Shared(above, user.UserId), Shared(plan.Id, user.UserId));
        }
    }

    [Fact]
    public async Task Shares_outlive_a_table_that_is_parked_and_go_when_it_is_purged()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], SharePack.Files);
        var area = new EntityReference("tst_area", await engine.CreateAsync(new EntityRecord("tst_area") { ["tst_name"] = "A" }));
        await engine.SendAsync(new GrantAccess(area, new PrincipalAccess((await engine.UserAsync(SharePack.Member)).User, AccessRights.ReadAccess)));

        await engine.Publisher.ApplyAsync(new MetadataChange { Uninstall = ["shares"] }, new PublishOptions { Park = true }, CancellationToken.None);
        Assert.Single(await engine.QueryAsync("principalobjectaccess", ""));
        foreach (var parked in await engine.Publisher.ParkedAsync(CancellationToken.None)) await engine.Publisher.PurgeAsync(parked.Name, CancellationToken.None);
        Assert.Empty(await engine.QueryAsync("principalobjectaccess", ""));
    }

    private static async Task<ErrorKind?> KindAsync(Func<Task> action) => (await Record.ExceptionAsync(action)) switch
    {
        null => null,
        PlatformException refused => refused.Kind,
        var other => throw new InvalidOperationException("Not a refusal.", other),
    };

    private static async Task<List<ErrorKind?>> KindsAsync(params Func<Task>[] actions)
    {
        var kinds = new List<ErrorKind?>();
        foreach (var action in actions) kinds.Add(await KindAsync(action));
        return kinds;
    }
}

public sealed class SharingOnSqlite : SharingTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class SharingOnPostgreSql : SharingTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
