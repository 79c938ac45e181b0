using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Steps;

/// <summary>The packs sales and service: states, steps and relationships of the tables that clients of Dynamics expect.</summary>
public abstract class StandardPackTests : IAsyncLifetime
{
    private TestEngine engine = null!;

    protected abstract Task<TestDatabase> DatabaseAsync();

    public async Task InitializeAsync() => engine = await TestEngine.StartAsync(await DatabaseAsync(), new FixedClock(), ["sales", "service"]);

    public async Task DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task Names_states_and_numbers_come_as_clients_know_them()
    {
        foreach (var (given, family, full) in new[] { ("Elena", "Harper", "Elena Harper"), ("지훈", "오", "오지훈") })
        {
            var lead = await engine.CreateAsync(new EntityRecord("lead") { ["firstname"] = given, ["lastname"] = family, ["subject"] = "T" });
            Assert.Equal(full, (await engine.ReadAsync("lead", lead))["fullname"]);
        }

        var account = await AccountAsync();
        // The state or the status that a client sends, and what both are then.
        foreach (var (table, column, value, state, status) in new[]
        {
            ("lead", "", 0, 0, 1), ("lead", "statuscode", 2, 0, 2), ("lead", "statecode", 1, 1, 3), ("lead", "statecode", 2, 2, 4), ("lead", "statuscode", 6, 2, 6), ("lead", "statuscode", 7, 2, 7),
            ("opportunity", "", 0, 0, 1), ("opportunity", "statuscode", 2, 0, 2), ("opportunity", "statecode", 1, 1, 3), ("opportunity", "statecode", 2, 2, 4), ("opportunity", "statuscode", 5, 2, 5),
            ("incident", "", 0, 0, 1), ("incident", "statuscode", 4, 0, 4), ("incident", "statecode", 1, 1, 5), ("incident", "statuscode", 1000, 1, 1000), ("incident", "statecode", 2, 2, 6), ("incident", "statuscode", 2000, 2, 2000),
        })
        {
            var id = await engine.CreateAsync(Row(table, account));
            if (column.Length > 0) await engine.SendAsync(new Update(new EntityRecord(table, id) { [column] = value }));
            var row = await engine.ReadAsync(table, id);
            Assert.Equal((table, column, value, state, status), (table, column, value, row.Get<int>("statecode"), row.Get<int>("statuscode")));
        }

        var numbers = (await engine.QueryAsync("incident", "?$select=ticketnumber&$orderby=createdon,ticketnumber")).Select(row => row.Get<string>("ticketnumber")!).ToList();
        Assert.All(numbers, number => Assert.Matches("^CAS-[0-9]{5}-[A-Z0-9]{6}$", number));
        Assert.Equal(Enumerable.Range(1000, 6).Select(number => $"CAS-0{number}"), numbers.Select(number => number[..9]).Order());
        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("incident") { ["title"] = "Nobody's" }));
        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(Row("opportunity", account, ("statecode", 1), ("statuscode", 4))));
    }

    [Fact]
    public async Task The_potential_customer_follows_account_and_contact_and_they_follow_it()
    {
        var (account, contact) = (await AccountAsync(), await ContactAsync(null));
        // What a new opportunity brings, and customer, account and contact that it has then.
        foreach (var (given, customer, ofAccount, ofContact) in new[]
        {
            (Of(("customerid", account)), account, account, null),
            (Of(("customerid", contact)), contact, null, contact),
            (Of(("parentaccountid", account), ("parentcontactid", contact)), account, account, contact),
            (Of(("parentcontactid", contact)), contact, null, contact),
            (Of(("customerid", contact), ("parentaccountid", account)), contact, account, contact),
            (Of(), null, null, (EntityReference?)null),
        })
        {
            Assert.Equal((customer, ofAccount, ofContact), await CustomersAsync(await engine.CreateAsync(given)));
        }

        var id = await engine.CreateAsync(Of(("parentaccountid", account), ("parentcontactid", contact)));
        await engine.SendAsync(new Update(new EntityRecord("opportunity", id) { ["parentaccountid"] = null }));
        Assert.Equal((contact, null, contact), await CustomersAsync(id));
        await engine.SendAsync(new Update(new EntityRecord("opportunity", id) { ["customerid"] = account }));
        Assert.Equal((account, account, contact), await CustomersAsync(id));
        await engine.SendAsync(new Update(new EntityRecord("opportunity", id) { ["name"] = "Else" }));
        Assert.Equal((account, account, contact), await CustomersAsync(id));

        static EntityRecord Of(params (string Name, EntityReference Value)[] lookups)
        {
            var row = new EntityRecord("opportunity") { ["name"] = "T" };
            foreach (var (name, value) in lookups) row[name] = value;
            return row;
        }
    }

    [Fact]
    public async Task What_is_won_or_lost_gets_a_day_and_an_amount_that_go_when_it_is_opened_again()
    {
        var account = await AccountAsync();
        var (today, other) = (new DateOnly(2026, 3, 1), new DateOnly(2026, 1, 31));
        // What is sent to an open opportunity of 500, and its actual value and close date afterwards.
        foreach (var (changes, value, day) in new[]
        {
            (new (string, object?)[] { ("statecode", 1) }, (decimal?)500m, (DateOnly?)today),
            ([("statuscode", 3)], 500m, today),
            ([("statecode", 1), ("statuscode", 3), ("actualvalue", 450m), ("actualclosedate", other)], 450m, other),
            ([("statecode", 1), ("estimatedvalue", 700m)], 700m, today),
            ([("statecode", 2), ("statuscode", 5)], null, today),
            ([("statuscode", 4), ("actualclosedate", other)], null, other),
            ([("statuscode", 2)], null, null),
        })
        {
            var id = await engine.CreateAsync(Row("opportunity", account, ("estimatedvalue", 500m)));
            await ChangeAsync(id, changes);
            var row = await engine.ReadAsync("opportunity", id);
            Assert.Equal((value, day), (row.Get<decimal?>("actualvalue"), row.Get<DateOnly?>("actualclosedate")));

            await ChangeAsync(id, ("statecode", 0));
            row = await engine.ReadAsync("opportunity", id);
            Assert.Equal((0, null, null), (row.Get<int>("statecode"), row["actualvalue"], row["actualclosedate"]));
        }

        var won = await engine.ReadAsync("opportunity", await engine.CreateAsync(Row("opportunity", account, ("estimatedvalue", 80m), ("statuscode", 3))));
        Assert.Equal((80m, 1), (won["actualvalue"], won.Get<int>("statecode")));
        // What is won stays as it was closed when something else changes.
        await ChangeAsync(won.Id, ("statecode", 1), ("estimatedvalue", 90m));
        Assert.Equal(80m, (await engine.ReadAsync("opportunity", won.Id))["actualvalue"]);
    }

    [Fact]
    public async Task A_case_has_a_contact_of_its_account_and_children_of_one_level()
    {
        var (account, other) = (await AccountAsync(), await AccountAsync());
        var (own, free, foreign) = (await ContactAsync(account), await ContactAsync(null), await ContactAsync(other));
        foreach (var contact in new[] { own, free }) await engine.CreateAsync(Row("incident", account, ("primarycontactid", contact)));
        await engine.CreateAsync(Row("incident", free, ("primarycontactid", foreign)));
        var id = await engine.CreateAsync(Row("incident", account));
        await RefusedAsync("svc_contact_of_other_account", new Create(Row("incident", account, ("primarycontactid", foreign))));
        await RefusedAsync("svc_contact_of_other_account", new Update(new EntityRecord("incident", id) { ["primarycontactid"] = foreign }));
        await engine.SendAsync(new Update(new EntityRecord("incident", id) { ["primarycontactid"] = foreign, ["customerid"] = other }));

        var parent = new EntityReference("incident", await engine.CreateAsync(Row("incident", account)));
        var child = new EntityReference("incident", await engine.CreateAsync(Row("incident", account, ("parentcaseid", parent))));
        await RefusedAsync("svc_child_of_child", new Create(Row("incident", account, ("parentcaseid", child))));
        await RefusedAsync("svc_child_of_child", new Update(new EntityRecord("incident", parent.Id) { ["parentcaseid"] = new EntityReference("incident", id) }));
        await RefusedAsync("svc_child_of_child", new Update(new EntityRecord("incident", id) { ["parentcaseid"] = new EntityReference("incident", id) }));
        await engine.SendAsync(new Update(new EntityRecord("incident", child.Id) { ["parentcaseid"] = null }));
        await engine.SendAsync(new Update(new EntityRecord("incident", parent.Id) { ["parentcaseid"] = child }));
    }

    [Fact]
    public async Task Activities_and_notes_point_at_the_tables_follow_a_merge_and_go_with_the_customer()
    {
        var account = await AccountAsync();
        foreach (var (table, status) in new[] { ("lead", 7), ("opportunity", 4), ("incident", 2000) })
        {
            var (target, subordinate) = (new EntityReference(table, await engine.CreateAsync(Row(table, account))), new EntityReference(table, await engine.CreateAsync(Row(table, account))));
            var activities = new List<EntityReference>();
            foreach (var activity in new[] { "task", "phonecall", "email", "appointment" })
                activities.Add(new(activity, await engine.CreateAsync(new EntityRecord(activity) { ["subject"] = "S", ["regardingobjectid"] = subordinate, ["scheduledstart"] = DateTime.UnixEpoch, ["scheduledend"] = DateTime.UnixEpoch })));
            var note = await engine.CreateAsync(new EntityRecord("annotation") { ["subject"] = "N", ["objectid"] = subordinate });

            await engine.SendAsync(new Merge(target, subordinate));

            foreach (var activity in activities) Assert.Equal(target, (await engine.ReadAsync(activity.LogicalName, activity.Id))["regardingobjectid"]);
            Assert.Equal(target, (await engine.ReadAsync("annotation", note))["objectid"]);
            Assert.Equal(status, (await engine.ReadAsync(table, subordinate.Id)).Get<int>("statuscode"));
        }

        await engine.SendAsync(new Delete(account));

        foreach (var table in new[] { "lead", "opportunity", "incident", "task", "appointment", "annotation" }) Assert.Empty(await engine.QueryAsync(table, ""));
    }

    [Fact]
    public async Task Each_role_works_with_its_own_tables_and_the_manager_sees_what_the_others_own()
    {
        var (sales, service) = (await UserAsync("salesperson"), await UserAsync("customer-service-representative"));
        var (salesManager, serviceManager) = (await UserAsync("sales-manager"), await UserAsync("csr-manager"));
        foreach (var (user, manager, table, foreign) in new[] { (sales, salesManager, "opportunity", "incident"), (sales, salesManager, "lead", "incident"), (service, serviceManager, "incident", "lead") })
        {
            var account = new EntityReference("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "A" }, user));
            var id = await engine.CreateAsync(Row(table, account), user);
            await engine.CreateAsync(new EntityRecord("task") { ["subject"] = "S", ["regardingobjectid"] = new EntityReference(table, id) }, user);
            await engine.SendAsync(new Update(new EntityRecord(table, id) { ["statecode"] = 1 }), user);

            Assert.Equal(1, (await engine.ReadAsync(table, id, manager)).Get<int>("statecode"));
            await engine.SendAsync(new Update(new EntityRecord(table, id) { ["description"] = "M" }), manager);
            await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(Row(foreign, account), user));
        }
    }

    [Fact]
    public async Task A_pack_is_taken_out_when_no_activity_points_at_its_rows_and_comes_back_with_them()
    {
        var account = await AccountAsync();
        var opportunity = new EntityReference("opportunity", await engine.CreateAsync(Row("opportunity", account)));
        var task = await engine.CreateAsync(new EntityRecord("task") { ["subject"] = "S", ["regardingobjectid"] = opportunity });
        var parking = new PublishOptions { Park = true };

        var refused = await Assert.ThrowsAsync<MetadataException>(() => engine.Publisher.ApplyAsync(new MetadataChange { Uninstall = ["sales"] }, parking, default));
        Assert.Contains("no longer refers to lead, opportunity", refused.Message, StringComparison.Ordinal);
        await engine.SendAsync(new Update(new EntityRecord("task", task) { ["regardingobjectid"] = account }));
        await engine.Publisher.ApplyAsync(new MetadataChange { Uninstall = ["sales"] }, parking, default);

        Assert.Null(engine.Metadata.Find("opportunity"));
        Assert.NotNull(engine.Metadata.Find("incident"));
        Assert.DoesNotContain("opportunity", engine.Metadata.Entity("task").Attribute("regardingobjectid").Lookup!.Targets);
        await engine.Publisher.ApplyAsync(new MetadataChange { Packs = [await PackReader.ReadAsync(RepositoryRoot.At("plugins", "sales"), default)] }, parking, default);

        Assert.Equal(account, (await engine.ReadAsync("opportunity", opportunity.Id))["customerid"]);
        await engine.SendAsync(new Update(new EntityRecord("task", task) { ["regardingobjectid"] = opportunity }));
        Assert.Equal(opportunity, (await engine.ReadAsync("task", task))["regardingobjectid"]);
    }

    private static EntityRecord Row(string table, EntityReference customer, params (string Name, object? Value)[] values)
    {
        var row = new EntityRecord(table) { [table switch { "lead" => "lastname", "opportunity" => "name", _ => "title" }] = "T", ["customerid"] = customer };
        foreach (var (name, value) in values) row[name] = value;
        return row;
    }

    private async Task<EntityReference> AccountAsync() => new("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "A" }));

    private async Task<EntityReference> ContactAsync(EntityReference? company) => new("contact", await engine.CreateAsync(new EntityRecord("contact") { ["lastname"] = "C", ["parentcustomerid"] = company }));

    private async Task<(EntityReference? Customer, EntityReference? Account, EntityReference? Contact)> CustomersAsync(Guid opportunity)
    {
        var row = await engine.ReadAsync("opportunity", opportunity);
        return (row.GetLookup("customerid"), row.GetLookup("parentaccountid"), row.GetLookup("parentcontactid"));
    }

    private Task<MessageResult> ChangeAsync(Guid opportunity, params (string Name, object? Value)[] values)
    {
        var changes = new EntityRecord("opportunity", opportunity);
        foreach (var (name, value) in values) changes[name] = value;
        return engine.SendAsync(new Update(changes));
    }

    private async Task RefusedAsync(string code, Message message)
    {
        Assert.Equal(code, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(message))).SubCode);
        Assert.Matches("[가-힣]", (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(message, engine.Admin with { Language = "ko" }))).Message);
    }

    private Task<Caller> UserAsync(string role) => engine.UserAsync(engine.Metadata.Roles.Single(known => known.Name == role).Id);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 23, 59, 0, TimeSpan.Zero);
    }
}

public sealed class StandardPacksOnSqlite : StandardPackTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class StandardPacksOnPostgreSql : StandardPackTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
