using System.Globalization;
using Platform.Engine.Messages;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Queries;

public sealed class SqliteFetchTests() : FetchTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlFetchTests() : FetchTests(TestDatabase.PostgreSqlAsync);

/// <summary>Joined and grouped rows, told in FetchXML and the same on both databases.</summary>
public abstract class FetchTests(Func<Task<TestDatabase>> open) : IAsyncLifetime
{
    private static readonly Guid BasicUser = new("b7d2e6c1-3f49-4a05-8c1b-95e0a7d4f326");

    private TestEngine engine = null!;

    public async Task InitializeAsync()
    {
        engine = await TestEngine.StartAsync(await open());
        // Contoso with Anna (its primary contact) and Ben, Fabrikam below it with Cho, Empty with nobody; Dana is nobody's.
        var contoso = await AccountAsync("Contoso", 90_000_000_000_000.5m, 3);
        var fabrikam = await AccountAsync("Fabrikam", 80_000_000_000_000.25m, 3, contoso);
        await AccountAsync("Empty", null, 5);
        var anna = await ContactAsync("Anna", contoso, new DateTime(2025, 12, 31, 23, 30, 0, DateTimeKind.Utc));
        await ContactAsync("Ben", contoso, new DateTime(2026, 1, 3, 12, 0, 0, DateTimeKind.Utc));
        await ContactAsync("Cho", fabrikam, new DateTime(2026, 1, 4, 0, 0, 0, DateTimeKind.Utc));
        await ContactAsync("Dana", null, null);
        await engine.SendAsync(new Update(new EntityRecord("account", contoso.Id) { ["primarycontactid"] = anna }));
    }

    public async Task DisposeAsync() => await engine.DisposeAsync();

    /// <summary>One engine for all of them: they only read.</summary>
    [Fact]
    public async Task Links_join_filter_and_multiply_rows_as_they_say()
    {
        const string contacts = "<link-entity name='contact' from='parentcustomerid' to='accountid'";
        (string Fetch, string Expected)[] cases =
        [
            // Columns of joined rows; a row for each.
            (Account($"{contacts} alias='c'><attribute name='firstname'/><order attribute='firstname' descending='true'/></link-entity>"), "Fabrikam/Cho, Contoso/Ben, Contoso/Anna"),
            (Account($"<order attribute='name'/>{contacts} link-type='outer' alias='c'><attribute name='firstname'/><order attribute='firstname'/></link-entity>"), "Contoso/Anna, Contoso/Ben, Empty/-, Fabrikam/Cho"),
            (Account($"<order attribute='name'/>{contacts} link-type='outer' alias='c'><attribute name='firstname' alias='f'/><filter><condition attribute='firstname' operator='eq' value='ben'/></filter></link-entity>"), "Contoso/Ben, Empty/-, Fabrikam/-"),
            (Account($"<order attribute='name'/>{contacts} link-type='matchfirstrowusingcrossapply' alias='c'><attribute name='firstname'/><order attribute='firstname' descending='true'/></link-entity>"), "Contoso/Ben, Fabrikam/Cho"),
            (Account("<order attribute='name'/><link-entity name='contact' from='contactid' to='primarycontactid' link-type='outer'><attribute name='firstname'/></link-entity>"), "Contoso/Anna, Empty/-, Fabrikam/-"),
            // Links below links: an inner one leaves out partners of an outer one, not rows.
            (Account($"<order attribute='name'/><link-entity name='account' from='accountid' to='parentaccountid' link-type='outer' alias='p'><attribute name='name'/>{contacts} alias='c'><attribute name='firstname'/><order attribute='firstname'/></link-entity></link-entity>"),
                "Contoso/-/-, Empty/-/-, Fabrikam/Contoso/Anna, Fabrikam/Contoso/Ben"),
            // Conditions and orders of the query on joined rows.
            (Account($"<order attribute='name'/><filter><condition entityname='c' attribute='contactid' operator='null'/></filter>{contacts} link-type='outer' alias='c'/>"), "Empty"),
            (Account($"<order entityname='c' attribute='firstname' descending='1'/><filter type='or'><condition entityname='c' attribute='firstname' operator='begins-with' value='A'/><condition attribute='name' operator='eq' value='fabrikam'/></filter>{contacts} alias='c'/>"), "Fabrikam, Contoso"),
            (Account("<filter><condition attribute='name' operator='gt' valueof='p.name'/></filter><link-entity name='account' from='accountid' to='parentaccountid' alias='p'/>"), "Fabrikam"),
            (Account("<order attribute='name'/><filter><condition attribute='revenue' operator='gt' valueof='numberofemployees'/></filter>"), "Contoso, Fabrikam"),
            // Whether rows are there.
            (Account($"<order attribute='name'/>{contacts} link-type='exists'/>"), "Contoso, Fabrikam"),
            (Account($"<order attribute='name'/>{contacts} link-type='in'><filter><condition attribute='firstname' operator='in'><value>Ben</value><value>Cho</value></condition></filter></link-entity>"), "Contoso, Fabrikam"),
            (Account($"<order attribute='name'/><filter>{contacts} link-type='not any'/></filter>"), "Empty"),
            (Account($"<order attribute='name'/><filter type='or'>{contacts} link-type='any'><filter><condition attribute='firstname' operator='eq' value='Cho'/></filter></link-entity><condition attribute='name' operator='eq' value='Empty'/></filter>"), "Empty, Fabrikam"),
            (Account($"<order attribute='name'/><filter>{contacts} link-type='all'><filter><condition attribute='firstname' operator='eq' value='Anna'/></filter></link-entity></filter>"), "Fabrikam"),
            (Account($"<order attribute='name'/><filter>{contacts} link-type='not all'><filter><condition attribute='firstname' operator='eq' value='Anna'/></filter></link-entity></filter>"), "Contoso"),
            // Operators.
            (Account("<order attribute='name'/><filter><condition attribute='name' operator='like' value='%N%O'/></filter>"), "Contoso"),
            (Account("<order attribute='name'/><filter><condition attribute='name' operator='not-like' value='_ontos[o]'/></filter>"), "Empty, Fabrikam"),
            (Account("<filter><condition attribute='name' operator='like' value='[%]'/></filter>"), ""),
            (Account("<order attribute='name'/><filter><condition attribute='name' operator='not-end-with' value='O'/></filter>"), "Empty, Fabrikam"),
            (Account("<order attribute='name'/><filter><condition attribute='revenue' operator='between'><value>1</value><value>80000000000001</value></condition></filter>"), "Fabrikam"),
            (Account("<order attribute='name'/><filter><condition attribute='revenue' operator='ne' value='80000000000000.25'/></filter>"), "Contoso, Empty"),
            (Account("<order attribute='name'/><filter><condition attribute='createdon' operator='last-x-days' value='2'/><condition attribute='createdon' operator='olderthan-x-years' value='2'/></filter>"), ""),
            (Account("<order attribute='name'/><filter><condition attribute='ownerid' operator='eq-userid'/><condition attribute='createdon' operator='today'/><condition attribute='numberofemployees' operator='not-null'/></filter>"), "Contoso, Empty, Fabrikam"),
            ("<fetch><entity name='systemuser'><attribute name='fullname'/><filter><condition attribute='systemuserid' operator='eq-userid'/></filter></entity></fetch>", "Administrator"),
            // Different rows.
            ($"<fetch distinct='true'><entity name='account'><attribute name='accountid'/><attribute name='name'/><order attribute='name'/>{contacts} alias='c'/></entity></fetch>", "Contoso, Fabrikam"),
            ("<fetch distinct='true'><entity name='contact'><attribute name='lastname'/></entity></fetch>", "KIM"),
            ($"<fetch distinct='true'><entity name='account'><attribute name='name'/>{contacts} alias='c'><attribute name='lastname'/><order attribute='lastname'/></link-entity><order attribute='numberofemployees' descending='true'/><order attribute='name'/></entity></fetch>", "Contoso/KIM, Fabrikam/kim"),
        ];
        await CheckAsync(cases);

        static string Account(string rest) => $"<fetch><entity name='account'><attribute name='name'/>{rest}</entity></fetch>";
    }

    [Fact]
    public async Task Groups_have_exact_aggregates_and_dates_of_the_callers_zone()
    {
        const string sums = "<attribute name='revenue' aggregate='sum' alias='s'/><attribute name='revenue' aggregate='avg' alias='a'/><attribute name='revenue' aggregate='min' alias='l'/><attribute name='accountid' aggregate='count' alias='n'/><attribute name='revenue' aggregate='countcolumn' alias='c'/>";
        const string contacts = "<link-entity name='contact' from='parentcustomerid' to='accountid' alias='c'>";
        (string Fetch, string Expected)[] cases =
        [
            (Grouped("account", sums), "170000000000000.75/85000000000000.375/80000000000000.25/3/2"),
            (Grouped("account", sums + "<filter><condition attribute='name' operator='eq' value='nobody'/></filter>"), "-/-/-/0/0"),
            (Grouped("account", "<attribute name='numberofemployees' groupby='true' alias='e'/><attribute name='revenue' aggregate='sum' alias='s'/><order alias='s' descending='true'/>"), "3/170000000000000.75, 5/-"),
            (Grouped("account", "<attribute name='numberofemployees' aggregate='avg' alias='a'/><attribute name='numberofemployees' aggregate='sum' alias='s'/><attribute name='numberofemployees' aggregate='countcolumn' distinct='true' alias='d'/><attribute name='numberofemployees' aggregate='max' alias='m'/>"), "3.6666666667/11/2/5"),
            (Grouped("account", $"<attribute name='name' groupby='true' alias='g'/><order alias='n' descending='true'/><order alias='g'/>{contacts}<attribute name='contactid' aggregate='count' alias='n'/></link-entity>"), "Contoso/2, Fabrikam/1"),
            (Grouped("contact", "<attribute name='lastname' groupby='true' alias='l'/><attribute name='lastname' aggregate='count' alias='n'/><attribute name='lastname' aggregate='countcolumn' distinct='true' alias='d'/>"), "KIM/4/1"),
            (Grouped("contact", "<attribute name='parentcustomerid' groupby='true' alias='p'/><attribute name='contactid' aggregate='count' alias='n'/><order alias='n' descending='true'/><filter><condition attribute='parentcustomerid' operator='not-null'/></filter>"), "account/2, account/1"),
            (Grouped("contact", Parts("true") + "<filter><condition attribute='firstname' operator='ne' value='Dana'/></filter>"), "2025/4/12/53/31/2025/4/1, 2026/1/1/1/3/2026/1/1, 2026/1/1/2/4/2026/1/1"),
        ];
        await CheckAsync(cases);
        // Sums of more digits than a column stores are exact, and sort as numbers.
        for (var number = 0; number < 10; number++) await AccountAsync($"Large {number}", 100_000_000_000_000m, 7);
        await CheckAsync([(cases[2].Fetch, "7/1000000000000000, 3/170000000000000.75, 5/-")]);
        var seoul = engine.Admin with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul") };
        await CheckAsync([(cases[^1].Fetch, "2026/1/1/1/1/2026/1/1, 2026/1/1/1/3/2026/1/1, 2026/1/1/2/4/2026/1/1")], seoul);
        await CheckAsync([(cases[^1].Fetch.Replace("dategrouping", "usertimezone='false' dategrouping", StringComparison.Ordinal), cases[^1].Expected)], seoul);

        static string Grouped(string entity, string rest) => $"<fetch aggregate='true'><entity name='{entity}'>{rest}</entity></fetch>";

        static string Parts(string groupby) => string.Concat(new[] { "year", "quarter", "month", "week", "day", "fiscal-year", "fiscal-period" }.Select((part, at) => $"<attribute name='createdon' groupby='{groupby}' dategrouping='{part}' alias='p{at}'/>")) + "<attribute name='contactid' aggregate='count' alias='n'/>";
    }

    [Fact]
    public async Task Apply_makes_the_same_groups_which_are_filtered_sorted_and_grouped_again()
    {
        (string Entity, string Query, string Expected)[] cases =
        [
            ("account", "$apply=aggregate(revenue with sum as s,revenue with average as a,revenue with min as l,revenue with max as h,$count as n,numberofemployees with countdistinct as d)", "170000000000000.75/85000000000000.375/80000000000000.25/90000000000000.5/3/2"),
            ("account", "$apply=groupby((numberofemployees))", "3, 5"),
            ("account", "$apply=groupby((numberofemployees),aggregate(revenue with sum as s,$count as n))&$orderby=n,s desc", "5/-/1, 3/170000000000000.75/2"),
            ("account", "$apply=groupby((numberofemployees),aggregate(revenue with sum as s))&$filter=s gt 170000000000000.7", "3/170000000000000.75"),
            ("account", "$apply=groupby((name),aggregate($count as n))&$orderby=name desc&$top=2&$skip=1", "Empty/1, Contoso/1"),
            ("account", "$apply=filter(name ne 'Empty')/groupby((numberofemployees),aggregate($count as n))/filter(n gt 1)", "3/2"),
            ("account", "$apply=filter(Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid'))/aggregate($count as n)", "3"),
            ("account", "$apply=groupby((numberofemployees))/aggregate($count as n)", "2"),
            ("account", "$apply=groupby((primarycontactid/firstname),aggregate($count as n))", "-/2, Anna/1"),
            ("contact", "$apply=groupby((parentcustomerid_account/name,lastname),aggregate($count as n))&$filter=parentcustomerid_account/name eq 'contoso'", "Contoso/KIM/2"),
            ("contact", "$apply=groupby((parentcustomerid_account/name),aggregate(parentcustomerid_account/numberofemployees with sum as e))&$orderby=e desc", "Contoso/6, Fabrikam/3, -/-"),
            ("contact", "$apply=filter(firstname ne 'Dana')/compute(year(createdon) as y)/groupby((y),aggregate($count as n))&$orderby=y desc", "2026/2, 2025/1"),
            ("account", "$apply=aggregate(numberofemployees mul 2 with sum as s)", "22"),
            ("account", "$apply=filter(numberofemployees eq 5)", "Empty"),
            ("account", "$apply=groupby((numberofemployees),aggregate($count as n))&$filter=n add 1 gt 2&$select=n", "2"),
            ("account", "$apply=groupby((createdon),aggregate($count as n))&$filter=Microsoft.Dynamics.CRM.Tomorrow(PropertyName='createdon')", ""),
        ];
        var wrong = new List<string>();
        foreach (var (entity, query, expected) in cases)
        {
            string found;
            try
            {
                found = string.Join(", ", (await engine.QueryAsync(entity, "?" + query)).Select(row => row.Id == Guid.Empty ? Line(row) : row["name"]));
            }
            catch (Exception failure)
            {
                found = failure.ToString();
            }
            if (found != expected) wrong.Add($"{entity}: {query}: '{found}' instead of '{expected}'");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        foreach (var (query, kind) in new[]
        {
            ("$apply=groupby((nothing))", ErrorKind.Invalid), ("$apply=aggregate(name with sum as s)", ErrorKind.Invalid), ("$apply=aggregate($count as n)&$filter=name eq 'x'", ErrorKind.Invalid),
            ("$apply=aggregate($count as n)&$orderby=m", ErrorKind.Invalid), ("$apply=aggregate($count as n)&$search=x", ErrorKind.NotImplemented),
            ("$apply=groupby((name),aggregate($count as name))", ErrorKind.Invalid), ("$apply=", ErrorKind.Invalid),
        })
        {
            Assert.Equal((query, kind), (query, (await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync("account", "?" + query))).Kind));
        }
    }

    [Fact]
    public async Task Pages_of_joined_and_of_grouped_rows_hold_each_row_once()
    {
        foreach (var (fetch, expected) in new[]
        {
            ("<fetch><entity name='account'><attribute name='name'/><order attribute='name' descending='true'/><link-entity name='contact' from='parentcustomerid' to='accountid' link-type='outer' alias='c'><attribute name='firstname'/><order attribute='firstname'/></link-entity></entity></fetch>",
                "Fabrikam/Cho, Empty/-, Contoso/Anna, Contoso/Ben"),
            ("<fetch aggregate='true'><entity name='contact'><attribute name='firstname' groupby='true' alias='f'/><order alias='f' descending='true'/></entity></fetch>", "Dana, Cho, Ben, Anna"),
        })
        {
            var query = engine.Parser.ParseFetch(engine.Metadata, fetch) with { PageSize = 1, CountTotal = true };
            var lines = new List<string>();
            for (var pages = 0; pages < 10; pages++)
            {
                var rows = new RecordList();
                var end = await engine.SendAsync(new RetrieveMultiple(query, rows));
                Assert.Equal(4, end.Total);
                lines.AddRange(rows.Records.Select(Line));
                if (end.Next is null) break;
                query = query with { After = end.Next };
            }
            Assert.Equal(expected, string.Join(", ", lines));
        }
    }

    [Fact]
    public async Task What_a_caller_may_not_read_is_neither_joined_nor_counted()
    {
        var user = await engine.UserAsync(BasicUser);
        var own = new EntityReference("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Own", ["revenue"] = 5m }, user));
        await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = "Mine", ["lastname"] = "X", ["parentcustomerid"] = own }, user);
        await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = "Hidden", ["lastname"] = "X", ["parentcustomerid"] = own });
        const string link = "<link-entity name='contact' from='parentcustomerid' to='accountid' alias='c'";

        await CheckAsync(
        [
            ($"<fetch><entity name='account'><attribute name='name'/>{link}><attribute name='firstname'/></link-entity></entity></fetch>", "Own/Mine"),
            ($"<fetch><entity name='account'><attribute name='name'/><filter>{link} link-type='any'><filter><condition attribute='firstname' operator='eq' value='Hidden'/></filter></link-entity></filter></entity></fetch>", ""),
            ($"<fetch aggregate='true'><entity name='account'><attribute name='revenue' aggregate='sum' alias='s'/>{link}><attribute name='contactid' aggregate='count' alias='n'/></link-entity></entity></fetch>", "5/1"),
            ("<fetch aggregate='true'><entity name='account'><attribute name='accountid' aggregate='count' alias='n'/></entity></fetch>", "1"),
        ], user);
        var forbidden = engine.Parser.ParseFetch(engine.Metadata, "<fetch><entity name='account'><link-entity name='audit' from='objectid' to='accountid'/></entity></fetch>");
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new RetrieveMultiple(forbidden, new RecordList()), user))).Kind);
    }

    private async Task CheckAsync((string Fetch, string Expected)[] cases, Caller? caller = null)
    {
        var wrong = new List<string>();
        foreach (var (fetch, expected) in cases)
        {
            string found;
            try
            {
                var rows = new RecordList();
                await engine.SendAsync(new RetrieveMultiple(engine.Parser.ParseFetch(engine.Metadata, fetch), rows), caller);
                found = string.Join(", ", rows.Records.Select(Line));
            }
            catch (Exception failure)
            {
                found = failure.Message;
            }
            if (found != expected) wrong.Add($"{fetch}: '{found}' instead of '{expected}'");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static string Line(EntityRecord row) => string.Join('/', row.Attributes.Where(column => column.Value is not Guid && !column.Key.EndsWith("transactioncurrencyid", StringComparison.Ordinal)).Select(column => column.Value switch
    {
        null => "-",
        EntityReference reference => reference.LogicalName,
        decimal number => number.ToString("0.##########", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    }));

    private async Task<EntityReference> AccountAsync(string name, decimal? revenue, int employees, EntityReference? parent = null) =>
        new("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = name, ["parentaccountid"] = parent, ["numberofemployees"] = employees, ["revenue"] = revenue }));

    private async Task<EntityReference> ContactAsync(string name, EntityReference? account, DateTime? at) =>
        new("contact", await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = name, ["lastname"] = name is "Cho" ? "kim" : "KIM", ["parentcustomerid"] = account, ["overriddencreatedon"] = at }));
}
