using Platform.Engine.Messages;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Queries;

public sealed class SqliteConditionTests() : ConditionTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlConditionTests() : ConditionTests(TestDatabase.PostgreSqlAsync);

/// <summary>Dataverse's query functions, for a caller in Seoul early on Friday, the 27th of November 2026, the same on both databases.</summary>
public abstract class ConditionTests(Func<Task<TestDatabase>> open) : IAsyncLifetime
{
    private const string Crm = "Microsoft.Dynamics.CRM.";

    private TestEngine engine = null!;
    private Caller caller = null!;

    public async Task InitializeAsync()
    {
        engine = await TestEngine.StartAsync(await open(), new StandingClock(new DateTimeOffset(2026, 11, 26, 20, 0, 0, TimeSpan.Zero)));
        caller = engine.Admin with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul") };
    }

    public async Task DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task Functions_speak_of_rows_behind_lookups_and_in_collections()
    {
        var early = new EntityReference("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "early", ["lastusedincampaign"] = Utc("2026-11-26T14:59:59Z") }));
        var today = new EntityReference("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "today", ["lastusedincampaign"] = Utc("2026-11-26T15:00:00Z"), ["parentaccountid"] = early }));
        foreach (var (name, account) in new[] { ("Anna", early), ("Ben", today), ("Cho", today) })
            await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = name, ["lastname"] = "Kim", ["parentcustomerid"] = account });

        foreach (var (entity, column, filter, expected) in new[]
        {
            ("contact", "firstname", $"{Crm}Today(PropertyName='parentcustomerid_account/lastusedincampaign')", "Ben Cho"),
            ("contact", "firstname", $"{Crm}EqualUserId(PropertyName='parentcustomerid_account/ownerid') and not {Crm}In(PropertyName='firstname',PropertyValues=['Ben'])", "Anna Cho"),
            ("contact", "firstname", $"{Crm}UnderOrEqual(PropertyName='parentcustomerid_account/accountid',PropertyValue='{early.Id}')", "Anna Ben Cho"),
            ("contact", "firstname", $"parentcustomerid_account/{Crm}Yesterday(PropertyName='lastusedincampaign')", "Anna"),
            ("account", "name", $"contact_customer_accounts/any(c:{Crm}In(PropertyName='c/firstname',PropertyValues=['Cho','Dana']))", "today"),
            ("account", "name", $"contact_customer_accounts/all(c:c/{Crm}In(PropertyName='firstname',PropertyValues=['Ben','Cho']))", "today"),
            ("account", "name", $"contact_customer_accounts/any(c:c/parentcustomerid_account/{Crm}Today(PropertyName='lastusedincampaign') and c/firstname eq 'Ben')", "today"),
            ("account", "name", $"contact_customer_accounts/any(c:{Crm}EqualUserId(PropertyName='c/ownerid')) and {Crm}Yesterday(PropertyName='lastusedincampaign')", "early"),
        })
            Assert.Equal((filter, expected), (filter, string.Join(' ', (await engine.QueryAsync(entity, $"?$select={column}&$orderby={column}&$filter={filter}", caller)).Select(row => row.Get<string>(column)))));
        foreach (var operand in new[] { $"{Crm}Today(PropertyName='createdon') eq true", $"false eq {Crm}Today(PropertyName='createdon')", $"({Crm}Today(PropertyName='createdon') and true) ne false", $"contact_customer_accounts/any(c:{Crm}Today(PropertyName='c/createdon') eq true)" })
            Assert.Equal((operand, ErrorKind.NotImplemented), (operand, (await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync("account", $"?$filter={operand}", caller))).Kind));
        foreach (var wrong in new[] { "PropertyName='c/nothing'", "PropertyName='nothing/firstname'", "PropertyName='c firstname'", "PropertyName='c/'" })
            Assert.Equal(ErrorKind.Invalid, (await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync("account", $"?$filter=contact_customer_accounts/any(c:{Crm}In({wrong},PropertyValues=['Ben']))", caller))).Kind);
    }

    [Fact]
    public async Task Points_in_time_are_sought_by_the_callers_days()
    {
        foreach (var (name, time) in new (string, DateTime?)[]
        {
            ("a", Utc("2026-11-26T14:59:59Z")), ("b", Utc("2026-11-26T15:00:00Z")), ("c", Utc("2026-11-27T14:59:59Z")), ("d", Utc("2026-11-27T15:00:00Z")), ("e", Utc("2026-11-20T15:00:00Z")),
            ("f", Utc("2026-10-31T15:00:00Z")), ("g", Utc("2026-10-31T14:59:59Z")), ("h", Utc("2025-12-31T14:59:59Z")), ("i", Utc("2026-12-31T15:00:00Z")), ("n", null),
        })
        {
            await engine.CreateAsync(new EntityRecord("account") { ["name"] = name, ["lastusedincampaign"] = time });
        }

        await AgreeAsync("account", "name", "lastusedincampaign",
        [
            ("Today", "", "b c"), ("Yesterday", "", "a"), ("Tomorrow", "", "d"), ("Last7Days", "", "a b e"), ("Next7Days", "", "c d"),
            ("LastWeek", "", "e"), ("ThisWeek", "", "a b c d"), ("NextWeek", "", ""), ("LastMonth", "", "g"), ("ThisMonth", "", "a b c d e f"), ("NextMonth", "", ""),
            ("LastYear", "", "h"), ("ThisYear", "", "a b c d e f g"), ("NextYear", "", "i"),
            ("LastXHours", "PropertyValue=5", "b"), ("NextXHours", "PropertyValue=19", "c"), ("LastXDays", "PropertyValue=30", "a b e f g"), ("NextXDays", "PropertyValue=1", "c d"),
            ("LastXWeeks", "PropertyValue=1", "a b e"), ("NextXWeeks", "PropertyValue='1'", "c d"), ("LastXMonths", "PropertyValue=1", "a b e f g"), ("NextXMonths", "PropertyValue=2", "c d i"),
            ("LastXYears", "PropertyValue=1", "a b e f g h"), ("NextXYears", "PropertyValue=1", "c d i"),
            ("OlderThanXMinutes", "PropertyValue=300", "a e f g h"), ("OlderThanXHours", "PropertyValue=6", "e f g h"), ("OlderThanXDays", "PropertyValue=6", "f g h"),
            ("OlderThanXWeeks", "PropertyValue=1", "f g h"), ("OlderThanXMonths", "PropertyValue=1", "h"), ("OlderThanXYears", "PropertyValue=1", ""),
            ("On", "PropertyValue=2026-11-27T03:00:00Z", "b c"), ("OnOrBefore", "PropertyValue='2026-11-27T03:00:00Z'", "a b c e f g h"), ("OnOrAfter", "PropertyValue=2026-11-27T03:00:00Z", "b c d i"),
            ("ThisFiscalPeriod", "", "a b c d e f g"), ("LastFiscalPeriod", "", ""), ("NextFiscalPeriod", "", "i"), ("ThisFiscalYear", "", "a b c d e f g"), ("LastFiscalYear", "", "h"),
            ("LastXFiscalYears", "PropertyValue=2", "h"), ("NextXFiscalPeriods", "PropertyValue=1", "i"), ("InFiscalYear", "PropertyValue=2025", "h"), ("InFiscalPeriod", "PropertyValue=4", "a b c d e f g"),
            ("InFiscalPeriodAndYear", "PropertyValue1=4,PropertyValue2=2025", "h"), ("InOrBeforeFiscalPeriodAndYear", "PropertyValue1=4,PropertyValue2=2025", "h"),
            ("InOrAfterFiscalPeriodAndYear", "PropertyValue1=4,PropertyValue2=2026", "a b c d e f g i"),
            ("Between", "PropertyValues=[\"2026-11-26T15:00:00Z\",\"2026-11-27T15:00:00Z\"]", "b c d"),
            ("LastXYears", "PropertyValue=9998", "a b e f g h"), ("NextXDays", "PropertyValue=9998", "c d i"),
        ]);
    }

    [Fact]
    public async Task Days_are_sought_without_a_time_zone()
    {
        foreach (var day in new[] { "2026-11-26", "2026-11-27", "2026-11-28" })
            await engine.CreateAsync(new EntityRecord("contact") { ["lastname"] = day[^2..], ["birthdate"] = DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture) });

        await AgreeAsync("contact", "lastname", "birthdate",
        [
            ("Today", "", "27"), ("Yesterday", "", "26"), ("Tomorrow", "", "28"), ("Last7Days", "", "26 27"), ("Next7Days", "", "28"), ("ThisWeek", "", "26 27 28"), ("On", "PropertyValue=2026-11-28", "28"),
            ("OnOrBefore", "PropertyValue='2026-11-27'", "26 27"), ("OlderThanXDays", "PropertyValue=1", ""), ("In", "PropertyValues=['2026-11-26','2026-11-28']", "26 28"),
        ]);
    }

    [Fact]
    public async Task Numbers_texts_and_hierarchies_are_sought_by_lists_and_ranges()
    {
        var ids = new Dictionary<string, Guid>();
        foreach (var (name, parent, employees) in new (string, string?, int?)[] { ("top", null, 10), ("left", "top", 20), ("right", "top", 30), ("leaf", "left", null), ("other", null, 40) })
        {
            var row = new EntityRecord("account") { ["name"] = name, ["numberofemployees"] = employees };
            if (parent is not null) row["parentaccountid"] = new EntityReference("account", ids[parent]);
            ids[name] = await engine.CreateAsync(row);
        }

        await AgreeAsync("account", "name", "numberofemployees",
        [
            ("Between", "PropertyValues=[\"20\",\"30\"]", "left right"), ("NotBetween", "PropertyValues=['20','30']", "other top"), ("In", "PropertyValues=[\"10\",\"40\"]", "other top"),
            ("NotIn", "PropertyValues=[\"10\",\"40\"]", "leaf left right"),
        ]);
        await AgreeAsync("account", "name", "name", [("In", "PropertyValues=[\"Top\",'LEAF']", "leaf top"), ("NotIn", "PropertyValues=['top','left','right','it''s']", "leaf other")]);
        await AgreeAsync("account", "name", "accountid",
        [
            ("Under", $"PropertyValue={ids["top"]}", "leaf left right"), ("UnderOrEqual", $"PropertyValue='{ids["left"]}'", "leaf left"), ("Above", $"PropertyValue={ids["leaf"]}", "left top"),
            ("AboveOrEqual", $"PropertyValue={ids["leaf"]}", "leaf left top"), ("NotUnder", $"PropertyValue={ids["left"]}", "other right top"),
        ]);
        await AgreeAsync("account", "name", "parentaccountid", [("Under", $"PropertyValue={ids["top"]}", "leaf"), ("UnderOrEqual", $"PropertyValue={ids["top"]}", "leaf left right")]);
    }

    [Fact]
    public async Task Owners_are_sought_by_who_asks()
    {
        var role = engine.Metadata.Roles.Single(role => role.Name == "system-administrator").Id;
        var (chief, clerk) = (await engine.UserAsync(role), await engine.UserAsync(role));
        await engine.SendAsync(new Update(new EntityRecord("systemuser", clerk.UserId) { ["parentsystemuserid"] = chief.User }));
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "chief's" }, chief);
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "clerk's" }, clerk);
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "nobody's" });

        caller = chief;
        await AgreeAsync("account", "name", "ownerid",
        [
            ("EqualUserId", "", "chief's"), ("NotEqualUserId", "", "clerk's nobody's"), ("EqualUserOrUserHierarchy", "", "chief's clerk's"), ("EqualUserOrUserHierarchyAndTeams", "", "chief's clerk's"),
            ("EqualUserTeams", "", ""), ("EqualUserOrUserTeams", "", "chief's"),
        ]);
        await AgreeAsync("account", "name", "owningbusinessunit", [("EqualBusinessId", "", "chief's clerk's nobody's"), ("NotEqualBusinessId", "", "")]);
    }

    [Theory]
    [InlineData("account", "LastXDays(PropertyName='createdon')")]
    [InlineData("account", "LastXDays(PropertyName='createdon',PropertyValue=0)")]
    [InlineData("account", "LastXDays(PropertyName='createdon',PropertyValue=99999)")]
    [InlineData("account", "LastXDays(PropertyName='createdon',PropertyValue=-1)")]
    [InlineData("account", "LastXDays(PropertyName='name',PropertyValue=1)")]
    [InlineData("account", "Today(PropertyName='createdon',PropertyValue=1)")]
    [InlineData("contact", "LastXHours(PropertyName='birthdate',PropertyValue=1)")]
    [InlineData("account", "Between(PropertyName='numberofemployees',PropertyValues=['1'])")]
    [InlineData("account", "Between(PropertyName='numberofemployees',PropertyValues=['1','x'])")]
    [InlineData("account", "In(PropertyName='numberofemployees',PropertyValues=[])")]
    [InlineData("account", "Under(PropertyName='accountid',PropertyValue='x')")]
    [InlineData("account", "Under(PropertyName='name',PropertyValue='x')")]
    [InlineData("contact", "Under(PropertyName='contactid',PropertyValue='11111111-1111-7111-8111-111111111111')")]
    [InlineData("account", "EqualUserId(PropertyName='name')")]
    [InlineData("account", "On(PropertyName='createdon',PropertyValue='someday')")]
    [InlineData("account", "InFiscalPeriod(PropertyName='createdon',PropertyValue=5)")]
    public async Task Wrong_columns_and_values_are_refused(string entity, string function) =>
        Assert.Equal(ErrorKind.Invalid, (await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync(entity, $"?$filter={Crm}{function}"))).Kind);

    private async Task AgreeAsync(string entity, string name, string column, (string Function, string Values, string Expected)[] cases)
    {
        var wrong = new List<string>();
        foreach (var (function, values, expected) in cases)
        {
            var rows = await engine.QueryAsync(entity, $"?$select={name}&$orderby={name}&$filter={Crm}{function}(PropertyName='{column}'{(values.Length > 0 ? "," + values : "")})", caller);
            var found = string.Join(' ', rows.Select(row => row[name]));
            if (found != expected) wrong.Add($"{function}({values}): '{found}' instead of '{expected}'");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static DateTime Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
