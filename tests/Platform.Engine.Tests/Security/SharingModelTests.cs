using Platform.Engine.Messages;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Security;

/// <summary>Some hundred random operations on a tree of rows, after each of which everybody may do exactly what the model says, on both databases.</summary>
public abstract class SharingModelTests
{
    private const int Operations = 320;

    private static readonly AccessRights[] Masks =
    [
        AccessRights.ReadAccess, AccessRights.ReadAccess | AccessRights.WriteAccess, AccessRights.WriteAccess, AccessRights.ReadAccess | AccessRights.DeleteAccess | AccessRights.ShareAccess,
        AccessRights.ReadAccess | AccessRights.AssignAccess | AccessRights.AppendAccess | AccessRights.AppendToAccess,
    ];

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Everybody_sees_and_may_do_after_random_operations_what_the_rules_say()
    {
        const int seed = 20261126;
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], SharePack.Files);
        var run = new Run(engine, new Random(seed));
        await run.PrepareAsync();
        for (var at = 1; at <= Operations; at++)
        {
            var operation = await run.StepAsync();
            Assert.True(await run.AgreesAsync() is var difference && difference is null, $"Seed {seed}, operation {at}, {operation}: {difference}");
            await run.DemandAccessAsync();
            if (at % 20 == 0) await run.DemandVisibleAsync();
        }
        Assert.InRange(run.MostInherited, 20, int.MaxValue);
        await run.EndAsync();
    }

    private sealed class Run(TestEngine engine, Random random)
    {
        private readonly ShareModel model = new();
        private readonly List<Caller> users = [];
        private readonly List<EntityReference> principals = [];
        private int created;

        /// <summary>Most shares at one time that came from rows above: without them nothing would have been tried.</summary>
        public int MostInherited { get; private set; }

        public async Task PrepareAsync()
        {
            var team = await engine.CreateAsync(new EntityRecord("team") { ["name"] = "Team", ["businessunitid"] = new EntityReference("businessunit", engine.Admin.BusinessUnitId) });
            for (var at = 0; at < 4; at++)
            {
                var user = await engine.UserAsync(at == 3 ? SharePack.AreasOnly : SharePack.Member);
                principals.Add(user.User);
                if (at is 1 or 3)
                    await engine.CreateAsync(new EntityRecord("teammembership") { ["teamid"] = new EntityReference("team", team), ["systemuserid"] = user.User });
                users.Add(await engine.Callers.ForUserAsync(user.UserId, CancellationToken.None));
            }
            principals.Add(new EntityReference("team", team));
            for (var at = 0; at < 12; at++) await CreateAsync(SharePack.Tables[at % 4]);
        }

        public async Task<string> StepAsync()
        {
            var row = Pick(model.Rows);
            var principal = Pick(principals);
            switch (random.Next(100))
            {
                case < 24:
                    var granted = Pick(Masks);
                    await engine.SendAsync(new GrantAccess(row.Reference, new PrincipalAccess(principal, granted)));
                    model.Grant(row, principal, granted);
                    return $"grant {granted} on {row.Reference} to {principal}";
                case < 32:
                    var set = random.Next(5) == 0 ? AccessRights.None : Pick(Masks);
                    await engine.SendAsync(new ModifyAccess(row.Reference, new PrincipalAccess(principal, set)));
                    model.Modify(row, principal, set);
                    return $"modify to {set} on {row.Reference} for {principal}";
                case < 44:
                    await engine.SendAsync(new RevokeAccess(row.Reference, principal));
                    model.Revoke(row, principal);
                    return $"revoke on {row.Reference} of {principal}";
                case < 64:
                    var above = Above(row.Reference.LogicalName);
                    await engine.SendAsync(new Update(new EntityRecord(row.Reference.LogicalName, row.Reference.Id) { ["tst_aboveid"] = above?.Reference }));
                    model.Move(row, above);
                    return $"move {row.Reference} below {above?.Reference}";
                case < 76:
                    await engine.SendAsync(new Assign(row.Reference, principal));
                    model.Assign(row, principal);
                    return $"assign {row.Reference} to {principal}";
                case < 82:
                    row.IsActive = !row.IsActive;
                    await engine.SendAsync(new SetState(row.Reference, row.IsActive ? 0 : 1));
                    return $"state of {row.Reference}";
                case < 88 when model.Rows.Count > 12:
                    await engine.SendAsync(new Delete(row.Reference));
                    model.Delete(row);
                    return $"delete {row.Reference}";
                default:
                    return await CreateAsync(Pick(SharePack.Tables));
            }
        }

        /// <summary>What the table of shares and the model do not have in common; <c>null</c>: nothing.</summary>
        public async Task<string?> AgreesAsync()
        {
            var stored = (await engine.QueryAsync("principalobjectaccess", ""))
                .Select(share => ShareModel.Line(share.Get<Guid>("objectid"), share.Get<Guid>("principalid"), share.Get<int>("accessrightsmask"), share.Get<int>("inheritedaccessrightsmask"))).ToHashSet();
            MostInherited = Math.Max(MostInherited, model.Rows.Sum(row => row.Shares.Values.Count(share => share.Inherited != AccessRights.None)));
            var missing = model.Shares.Where(line => !stored.Remove(line)).ToList();
            return missing.Count + stored.Count == 0 ? null : $"missing {string.Join("; ", missing)}, beyond {string.Join("; ", stored)}";
        }

        /// <summary>What one user may do with one row.</summary>
        public async Task DemandAccessAsync()
        {
            if (model.Rows.Count == 0) return;
            var (row, user) = (Pick(model.Rows), Pick(users));
            var expected = IsOpen(user, row.Reference.LogicalName) ? Principals(user).Aggregate(AccessRights.None, (rights, principal) => rights | row.Access(principal)) : AccessRights.None;
            var result = await engine.SendAsync(new RetrievePrincipalAccess(row.Reference, user.User));
            Assert.Equal(expected, result.Access);
        }

        /// <summary>The rows that everybody sees, and whether each can be written.</summary>
        public async Task DemandVisibleAsync()
        {
            foreach (var user in users)
            {
                foreach (var table in SharePack.Tables.Where(table => IsOpen(user, table)))
                {
                    var visible = (await engine.QueryAsync(table, "?$select=tst_name", user)).Select(row => row.Id).Order();
                    Assert.Equal(Granted(user, table, AccessRights.ReadAccess).Select(row => row.Reference.Id).Order(), visible);
                }
                foreach (var row in model.Rows.Where(row => IsOpen(user, row.Reference.LogicalName)).OrderBy(_ => random.Next()).Take(3))
                {
                    var write = await Record.ExceptionAsync(() => engine.SendAsync(new Update(new EntityRecord(row.Reference.LogicalName, row.Reference.Id) { ["tst_name"] = "written" }), user));
                    var mayWrite = Granted(user, row.Reference.LogicalName, AccessRights.WriteAccess).Contains(row);
                    var mayRead = Granted(user, row.Reference.LogicalName, AccessRights.ReadAccess).Contains(row);
                    Assert.Equal(mayWrite ? null : mayRead ? ErrorKind.Forbidden : ErrorKind.NotFound, (write as PlatformException)?.Kind);
                }
            }
        }

        /// <summary>Principals and rows go, and with them everything that was shared.</summary>
        public async Task EndAsync()
        {
            await engine.SendAsync(new GrantAccess(model.Rows[0].Reference, new PrincipalAccess(principals[^1], AccessRights.ReadAccess)));
            model.Grant(model.Rows[0], principals[^1], AccessRights.ReadAccess);
            foreach (var row in model.Rows.Where(row => row.Owner == principals[^1]).ToList())
            {
                await engine.SendAsync(new Assign(row.Reference, principals[0]));
                model.Assign(row, principals[0]);
            }
            await engine.SendAsync(new Delete(principals[^1]));
            model.Forget(principals[^1]);
            Assert.Null(await AgreesAsync());
            while (model.Rows.Count > 0)
            {
                var row = model.Rows[0];
                await engine.SendAsync(new Delete(row.Reference));
                model.Delete(row);
            }
            Assert.Empty(await engine.QueryAsync("principalobjectaccess", ""));
        }

        private async Task<string> CreateAsync(string table)
        {
            var (owner, above) = (Pick(principals), Above(table));
            var id = await engine.CreateAsync(new EntityRecord(table) { ["tst_name"] = $"{table} {++created}", ["ownerid"] = owner, ["tst_aboveid"] = above?.Reference });
            var row = new ModelRow(new EntityReference(table, id), owner, above);
            model.Create(row);
            return $"create {row.Reference} of {owner} below {above?.Reference}";
        }

        private ModelRow? Above(string table)
        {
            var candidates = model.Rows.Where(row => table switch
            {
                "tst_step" => row.Reference.LogicalName is "tst_plan" or "tst_deal",
                _ => row.Reference.LogicalName == "tst_area",
            }).ToList();
            return candidates.Count == 0 || random.Next(8) == 0 ? null : Pick(candidates);
        }

        private IEnumerable<ModelRow> Granted(Caller user, string table, AccessRights right) =>
            model.Rows.Where(row => row.Reference.LogicalName == table && Principals(user).Any(principal => row.Access(principal).HasFlag(right)));

        private static IEnumerable<EntityReference> Principals(Caller user) => [user.User, .. user.Teams.Select(team => new EntityReference("team", team))];

        private bool IsOpen(Caller user, string table) => user != users[3] || table == "tst_area";

        private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
    }
}

public sealed class SharingModelOnSqlite : SharingModelTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class SharingModelOnPostgreSql : SharingModelTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
