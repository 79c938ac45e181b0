using Platform.Engine;
using Platform.Engine.Queries;
using Platform.OData.Queries;

namespace Platform.Server.Tests.OData;

public sealed class QueryOptionsParserTests
{
    private const string Id = "0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e";

    [Theory]
    [InlineData("", "account; columns *")]
    [InlineData("?$select=name,revenue", "account; columns name revenue transactioncurrencyid")]
    [InlineData("?$select=name,_primarycontactid_value,name", "account; columns name primarycontactid")]
    [InlineData("?$select=primarycontactid", "account; columns primarycontactid")]
    [InlineData("?$select=*", "account; columns *")]
    [InlineData("?%24select=accountid&$top=5&$count=true", "account; columns accountid; top 5; count")]
    [InlineData("?$orderby=name desc,createdon,name", "account; columns *; order name- createdon+")]
    [InlineData("?$orderby=_primarycontactid_value", "account; columns *; order primarycontactid+")]
    [InlineData("?$top=0&$count=false&$format=json&tag=x", "account; columns *; top 0")]
    public void Options_become_a_query(string query, string expected) => Assert.Equal(expected, FilterText.Of(Url(query).Query));

    [Theory]
    [InlineData("name eq 'Contoso'", "name Equal 'Contoso'")]
    [InlineData("name eq 'O''Neil & 50%'", "name Equal 'O'Neil & 50%'", "name eq 'O''Neil %26 50%25'")]
    [InlineData("name ne null", "name NotEqual null")]
    [InlineData("null eq name", "name Equal null")]
    [InlineData("5 lt numberofemployees", "numberofemployees Greater Int32 5")]
    [InlineData("numberofemployees ge 5.0", "numberofemployees GreaterOrEqual Int32 5")]
    [InlineData("views gt 5000000000", "views Greater Int64 5000000000")]
    [InlineData("revenue gt 100.1", "revenue Greater Decimal 100.1")]
    [InlineData("revenue eq 79228162514264.3375", "revenue Equal Decimal 79228162514264.3375")]
    [InlineData("discount le -1", "discount LessOrEqual Decimal -1")]
    [InlineData("score lt 1.5e3", "score Less Double 1500")]
    [InlineData("creditonhold eq true", "creditonhold Equal Boolean True")]
    [InlineData("not creditonhold", "not(creditonhold Equal Boolean True)")]
    [InlineData("lastcall ge 2025-01-31T09:30:00+09:00", "lastcall GreaterOrEqual 2025-01-31T00:30:00Z", "lastcall ge 2025-01-31T09:30:00%2B09:00")]
    [InlineData("lastcall ge 2025-01-31", "lastcall GreaterOrEqual 2025-01-31T00:00:00Z")]
    [InlineData("founded eq 2025-01-31", "founded Equal 2025-01-31")]
    [InlineData("industrycode in (1,2)", "industrycode in Int32 1|Int32 2")]
    [InlineData("name in ('a','b')", "name in 'a'|'b'")]
    [InlineData("accountid eq " + Id, "accountid Equal Guid " + Id)]
    [InlineData("_primarycontactid_value eq " + Id, "primarycontactid Equal Guid " + Id)]
    [InlineData("primarycontactid/contactid eq " + Id, "primarycontactid Equal Guid " + Id)]
    [InlineData("primarycontactid/contactid eq null", "primarycontactid Equal null")]
    [InlineData("ownerid_systemuser/systemuserid eq " + Id, "ownerid Equal Guid " + Id)]
    [InlineData("revenue gt creditlimit", "revenue Greater column creditlimit")]
    [InlineData("contains(name,'x') and startswith(name,'y') and endswith(description,'z')", "all(name Contains 'x', name StartsWith 'y', description EndsWith 'z')")]
    [InlineData("name eq 'a' and (views eq 1 or views eq 2 or not (score gt 1))", "all(name Equal 'a', any(views Equal Int64 1, views Equal Int64 2, not(score Greater Double 1)))")]
    [InlineData("name eq 'a' or name eq 'b' and statecode eq 0", "any(name Equal 'a', all(name Equal 'b', statecode Equal Int32 0))")]
    [InlineData("statecode eq 0 and Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')", "all(statecode Equal Int32 0, ownerid is caller)")]
    [InlineData("name eq 'Microsoft.Dynamics.CRM.EqualUserId(PropertyName=''ownerid'')'", "name Equal 'Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')'")]
    [InlineData("perks eq '3,1,3'", "perks Equal ChoiceValues 1,3")]
    [InlineData("Microsoft.Dynamics.CRM.ContainValues(PropertyName='perks',PropertyValues=['3','1']) and views eq 1", "all(perks holds 1,3, views Equal Int64 1)")]
    [InlineData("Microsoft.Dynamics.CRM.DoesNotContainValues(PropertyName=\"perks\", PropertyValues=[\"1\"])", "not(perks holds 1)")]
    public void A_filter_becomes_a_tree_with_values_of_the_columns_types(string filter, string expected, string? encoded = null)
    {
        var plain = encoded is null ? filter : Uri.UnescapeDataString(encoded);
        Assert.Equal(expected, FilterText.Of(Url("?$filter=" + (encoded ?? filter)).Query.Filter!));
        Assert.Equal(expected, FilterText.Of(new QueryTextParser().ParseFilter(SampleMetadata.Snapshot, SampleMetadata.AccountEntity, plain)));
    }

    [Fact]
    public void Parameter_aliases_stand_for_their_values() =>
        Assert.Equal("name Equal 'x y'", FilterText.Of(Url("?$filter=name eq @p1&@p1='x+y'").Query.Filter!));

    [Theory]
    [InlineData("?$filter=nope eq 1", "nope", "Could not find a property named 'nope' on type 'Microsoft.Dynamics.CRM.account'.")]
    [InlineData("?$select=nope", "nope", "Could not find a property named 'nope' on type 'Microsoft.Dynamics.CRM.account'.")]
    [InlineData("?$orderby=Name", "Name", "Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.")]
    [InlineData("?$filter=primarycontactid/nope eq 1", "nope", "Could not find a property named 'nope' on type 'Microsoft.Dynamics.CRM.contact'.")]
    [InlineData("?$filter=revenue eq 'abc'", "revenue", "The attribute 'revenue' of 'account' expects a number (Edm.Decimal), found 'abc'.")]
    [InlineData("?$filter=name eq 5", "name", "The attribute 'name' of 'account' expects a text (Edm.String), found 5.")]
    [InlineData("?$filter=numberofemployees eq 5.5", "numberofemployees", "The attribute 'numberofemployees' of 'account' expects a whole number (Edm.Int32), found 5.5.")]
    [InlineData("?$filter=numberofemployees lt 3000000000", "numberofemployees", "The attribute 'numberofemployees' of 'account' expects a whole number (Edm.Int32), found 3000000000.")]
    [InlineData("?$filter=accountid eq 'abc'", "accountid", "The attribute 'accountid' of 'account' expects an id such as 01234567-89ab-cdef-0123-456789abcdef (Edm.Guid), found 'abc'.")]
    public void A_wrong_column_or_literal_is_refused_by_name(string query, string attribute, string message)
    {
        var refused = Assert.Throws<PlatformException>(() => Url(query));
        Assert.Equal((ErrorKind.Invalid, attribute, message), (refused.Kind, refused.Attribute, refused.Message));
    }

    [Theory]
    [InlineData("?$apply=expand(primarycontactid,filter(fullname eq 'x'))", "Expand")]
    [InlineData("?$apply=aggregate($count as n)&$search=x", "$search")]
    [InlineData("?$compute=createdon sub createdon as v", "duration")]
    [InlineData("?fetchXml=x", "fetchXml")]
    [InlineData("?$format=atom", "atom")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.NoSuch(PropertyName='createdon',PropertyValue=7)", "NoSuch")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.5(PropertyName='createdon')", "CRM.5")]
    [InlineData("?$filter=perks gt '1'", "perks")]
    [InlineData("?$select=contact_parentcustomerid_account", "contact_parentcustomerid_account")]
    [InlineData("?$expand=contact_parentcustomerid_account($apply=aggregate($count as n))", "$apply")]
    [InlineData("?$expand=contact_parentcustomerid_account($filter=fullname eq $it/name)", "$it")]
    public void What_is_not_offered_says_so_by_name(string query, string name)
    {
        var refused = Assert.Throws<PlatformException>(() => Url(query));
        Assert.Equal(ErrorKind.NotImplemented, refused.Kind);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?$filter=name eq")]
    [InlineData("?$filter=name eq 'x")]
    [InlineData("?$filter=(name eq 'x'")]
    [InlineData("?$filter=")]
    [InlineData("?$filter=name")]
    [InlineData("?$filter=name gt null and")]
    [InlineData("?$filter=contains(views,'x')")]
    [InlineData("?$filter=contains(name)")]
    [InlineData("?$filter=nosuch(name)")]
    [InlineData("?$filter=name in ()")]
    [InlineData("?$filter=name eq @missing")]
    [InlineData("?$filter=name eq @platformcondition0&@platformcondition0='x'")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.EqualUserId(ownerid)")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.EqualUserId(PropertyName='name')")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.EqualUserId(PropertyName='nope')")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=@p)")]
    [InlineData("?$filter=contains(perks,'1')")]
    [InlineData("?$filter=perks eq 'Lounge'")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.ContainValues(PropertyName='perks')")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.ContainValues(PropertyName='perks',PropertyValues=['Lounge'])")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.ContainValues(PropertyName='industrycode',PropertyValues=['1'])")]
    [InlineData("?$filter=Microsoft.Dynamics.CRM.ContainValues(PropertyName='perks',PropertyValues=['1']")]
    [InlineData("?$filter=createdon ge 2025-13-45T00:00:00Z")]
    [InlineData("?$top=-1")]
    [InlineData("?$top=x")]
    [InlineData("?$top=99999999999")]
    [InlineData("?$count=maybe")]
    [InlineData("?$orderby=name upwards")]
    [InlineData("?$filter=perks eq name")]
    [InlineData("?$filter=length(views) eq 1")]
    [InlineData("?$filter=length(name)")]
    [InlineData("?$filter=name add 1 eq 2")]
    [InlineData("?$skip=-1")]
    [InlineData("?$expand=name")]
    [InlineData("?$expand=nope")]
    [InlineData("?$expand=primarycontactid($filter=fullname eq 'x')")]
    [InlineData("?$expand=contact_parentcustomerid_account($top=5001)")]
    [InlineData("?$expand=contact_parentcustomerid_account($filter=nope eq 1)")]
    [InlineData("?$expand=primarycontactid($select=fullname")]
    [InlineData("?$select=name,,views")]
    [InlineData("?$top=1&$top=2")]
    [InlineData("?$apply=aggregate($count as n)&$select=views")]
    [InlineData("?$compute=views add 1 as v&$apply=aggregate($count as n)")]
    [InlineData("?$apply=groupby((name),aggregate($count as n))&$compute=n add 1 as n")]
    [InlineData("?$apply=aggregate($count as n)&$orderby=name")]
    [InlineData("?$nonsense=1")]
    [InlineData("?filter=name eq 'x'")]
    public void Broken_text_is_a_bad_request_with_a_sentence(string query)
    {
        var refused = Assert.Throws<PlatformException>(() => Url(query));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.NotEmpty(refused.Message);
    }

    [Fact]
    public void A_filter_with_too_many_conditions_is_refused_and_one_at_the_limit_is_not()
    {
        string Chain(int conditions) => "?$filter=" + string.Join(" or ", Enumerable.Repeat("views eq 1", conditions));
        Assert.Contains("500", Assert.Throws<PlatformException>(() => Url(Chain(501))).Message, StringComparison.Ordinal);
        Assert.IsType<AnyOf>(Url(Chain(400)).Query.Filter);
    }

    [Fact]
    public void A_filter_nested_too_deep_is_refused_without_harm()
    {
        string Nested(int depth) => "?$filter=" + string.Concat(Enumerable.Repeat("not(", depth)) + "views eq 1" + new string(')', depth);
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PlatformException>(() => Url(Nested(60))).Kind);
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PlatformException>(() => Url(Nested(5000))).Kind);
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PlatformException>(() => Url("?$filter=" + new string('(', 20000))).Kind);
        Assert.NotNull(Url(Nested(20)).Query.Filter);
    }

    /// <summary>The library throws whatever its parts throw; nothing of that may pass for a fault of ours.</summary>
    [Fact]
    public void No_text_makes_the_parser_fail_with_anything_but_a_refusal()
    {
        string[] pieces =
        [
            "name", "views", "revenue", "lastcall", "founded", "accountid", "primarycontactid", "/", "contactid", "(", ")", " eq ", " in ", " and ", "not ",
            "null", "'x'", "'", "5", "1.5", "-", "@p", "$it", "$filter", "contains(", ",", ":", "any(c:", "2025-01-31", "2025-01-31T00:00:00Z", "duration'P1D'",
            "geography'POINT(1 2)'", "binary'AA=='", Id, "cast(", "isof(", "Edm.String", "{", "}", "[", "]", "\"", "%", "#", "\u0000", "한글", "true", "INF", "NaN",
            "Microsoft.Dynamics.CRM.", "Microsoft.Dynamics.CRM.account", "EqualUserId(PropertyName=", "1e999", "99999999999999999999999999999999", "now()", "length(", " mul ", " has ",
        ];
        var random = new Random(20250131);
        for (var round = 0; round < 1500; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            foreach (var option in (string[])["$filter", "$orderby", "$select"])
            {
                var failure = Record.Exception(() => Url($"?{option}={Uri.EscapeDataString(text)}"));
                Assert.True(failure is null or PlatformException, $"{option}={text}: {failure}");
            }
        }
    }

    [Fact]
    public void The_same_text_gives_the_same_plan_once_per_version() =>
        Assert.Same(Url("?$filter=name eq 'same'"), Url("?$filter=name eq 'same'"));

    [Fact]
    public void Scripts_may_write_an_ampersand_and_a_plus_inside_quotes()
    {
        var query = new QueryTextParser().Parse(SampleMetadata.Snapshot, SampleMetadata.AccountEntity, "?$select=name&$filter=name eq 'A&B+C'&$top=1");
        Assert.Equal("account; columns name; where name Equal 'A&B+C'; top 1", FilterText.Of(query));
    }

    [Fact]
    public void Options_for_many_rows_are_refused_for_one_row()
    {
        Assert.Contains("$filter", Assert.Throws<PlatformException>(() => Url("?$filter=views eq 1").DemandSingleRow()).Message, StringComparison.Ordinal);
        Assert.Equal("name", Url("?$select=name").DemandSingleRow().ColumnNames.Single());
    }

    private static QueryPlan Url(string query) => QueryPlans.Of(SampleMetadata.Snapshot).ForUrl(SampleMetadata.AccountEntity, query);
}
