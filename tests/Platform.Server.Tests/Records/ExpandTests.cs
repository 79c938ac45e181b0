using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

/// <summary><c>$expand</c> as clients of Dataverse use it.</summary>
public sealed class ExpandTests : IAsyncLifetime
{
    private TestServer server = null!;
    private Guid contoso;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        contoso = (await Http.CreateAsync("accounts", new { name = "Contoso", revenue = 1200.5m })).Demand(HttpStatusCode.NoContent).EntityId;
        (await Http.CreateAsync("accounts", new { name = "Empty" })).Demand(HttpStatusCode.NoContent);
        foreach (var name in new[] { "Anna", "Ben", "Cho" })
        {
            (await Http.CreateAsync("contacts", new Dictionary<string, object>
            {
                ["firstname"] = name, ["lastname"] = "Kim", ["parentcustomerid_account@odata.bind"] = $"/accounts({contoso})",
            })).Demand(HttpStatusCode.NoContent);
        }
        var anna = (await Http.ReadAsync("contacts?$filter=firstname eq 'Anna'")).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0].GetProperty("contactid").GetString();
        (await Http.UpdateAsync($"accounts({contoso})", new Dictionary<string, object> { ["primarycontactid@odata.bind"] = $"/contacts({anna})" })).Demand(HttpStatusCode.NoContent);
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_row_and_its_lists_come_along_with_what_was_selected_of_them()
    {
        var answer = (await Http.ReadAsync(
            "accounts?$select=name&$orderby=name&$expand=primarycontactid($select=fullname),contact_customer_accounts($select=firstname;$filter=firstname ne 'Ben';$orderby=firstname desc;$top=1)")).Demand(HttpStatusCode.OK).Body;

        Assert.EndsWith("$metadata#accounts(name,primarycontactid(fullname),contact_customer_accounts(firstname))", answer.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        var (first, second) = (answer.GetProperty("value")[0], answer.GetProperty("value")[1]);
        Assert.Equal(["@odata.etag", "fullname", "contactid"], first.GetProperty("primarycontactid").EnumerateObject().Select(member => member.Name));
        Assert.Equal("Anna Kim", first.GetProperty("primarycontactid").GetProperty("fullname").GetString());
        Assert.Equal(["Cho"], first.GetProperty("contact_customer_accounts").EnumerateArray().Select(row => row.GetProperty("firstname").GetString()));
        Assert.Equal((JsonValueKind.Null, 0), (second.GetProperty("primarycontactid").ValueKind, second.GetProperty("contact_customer_accounts").GetArrayLength()));
    }

    [Fact]
    public async Task Rows_that_stand_in_many_rows_of_an_answer_count_each_time()
    {
        var people = Enumerable.Range(0, 350).Select(number => new Dictionary<string, object> { ["@odata.type"] = "Microsoft.Dynamics.CRM.contact", ["lastname"] = $"Many {number}" });
        (await Http.CreateAsync("contacts/Microsoft.Dynamics.CRM.CreateMultiple", new Dictionary<string, object> { ["Targets"] = people })).Demand(HttpStatusCode.OK);

        // Each of them was made by the one user, who has made all of them: 350 rows, shown 350 times.
        var refused = (await Http.ReadAsync("contacts?$select=lastname&$expand=createdby($select=fullname;$expand=lk_contact_createdby($select=lastname))")).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("lk_contact_createdby brings more than 100000 rows along", refused.ErrorMessage, StringComparison.Ordinal);
        (await Http.ReadAsync("contacts?$select=lastname&$expand=createdby($select=fullname;$expand=lk_contact_createdby($select=lastname))", ("Prefer", "odata.maxpagesize=5"))).Demand(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_row_brings_along_the_same_with_formatted_values_and_more_levels()
    {
        var row = (await Http.ReadAsync(
            $"accounts({contoso})?$select=name&$expand=contact_customer_accounts($select=firstname,createdon;$orderby=firstname;$expand=parentcustomerid_account($select=revenue))",
            ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body;

        var contact = row.GetProperty("contact_customer_accounts")[0];
        Assert.Equal("Anna", contact.GetProperty("firstname").GetString());
        Assert.True(contact.TryGetProperty("createdon@OData.Community.Display.V1.FormattedValue", out _));
        Assert.Contains("1,200.50", contact.GetProperty("parentcustomerid_account").GetProperty("revenue@OData.Community.Display.V1.FormattedValue").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_written_comes_back_with_what_it_brings_along()
    {
        var made = (await Http.CreateAsync($"contacts?$select=fullname&$expand=parentcustomerid_account($select=name)", new Dictionary<string, object>
        {
            ["firstname"] = "Dana", ["lastname"] = "Park", ["parentcustomerid_account@odata.bind"] = $"/accounts({contoso})",
        }, ("Prefer", "return=representation"))).Demand(HttpStatusCode.Created).Body;

        Assert.Equal(("Dana Park", "Contoso"), (made.GetProperty("fullname").GetString(), made.GetProperty("parentcustomerid_account").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_tree_comes_along_as_many_levels_deep_as_levels_says()
    {
        Guid? above = null;
        foreach (var name in (string[])["L0", "L1", "L2", "L3"])
        {
            var row = new Dictionary<string, object> { ["name"] = name };
            if (above is not null) row["parentaccountid@odata.bind"] = $"/accounts({above})";
            above = (await Http.CreateAsync("accounts", row)).Demand(HttpStatusCode.NoContent).EntityId;
        }

        foreach (var (levels, names) in new[] { ("1", "L3 L2"), ("2", "L3 L2 L1"), ("max", "L3 L2 L1 L0") })
        {
            var row = (await Http.ReadAsync($"accounts({above})?$select=name&$expand=parentaccountid($select=name;$levels={levels})")).Demand(HttpStatusCode.OK).Body;
            Assert.Equal((levels, names), (levels, string.Join(' ', Up(row))));
        }
        var top = (await Http.ReadAsync("accounts?$select=name&$filter=name eq 'L0'&$expand=account_parent_account($select=name;$levels=3;$expand=primarycontactid($select=fullname))")).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0];
        Assert.Equal("L3", Below(Below(Below(top))).GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, Below(top).GetProperty("primarycontactid").ValueKind);

        foreach (var (option, wrong) in new[] { ("parentaccountid", "0"), ("parentaccountid", "16"), ("parentaccountid", "-1"), ("parentaccountid", "x"), ("primarycontactid", "2") })
            (await Http.ReadAsync($"accounts?$expand={option}($levels={wrong})")).Demand(HttpStatusCode.BadRequest);

        static JsonElement Below(JsonElement row) => row.GetProperty("account_parent_account")[0];

        static IEnumerable<string?> Up(JsonElement row)
        {
            for (var at = row; ; at = at.GetProperty("parentaccountid"))
            {
                yield return at.GetProperty("name").GetString();
                if (!at.TryGetProperty("parentaccountid", out var next) || next.ValueKind == JsonValueKind.Null) yield break;
            }
        }
    }

    [Fact]
    public async Task Lists_that_come_along_are_counted_and_cut_for_each_row()
    {
        foreach (var (options, names, total) in new (string, string, int?)[]
        {
            ("$count=true", "Anna Ben Cho", 3), ("$count=true;$top=2", "Anna Ben", 3), ("$count=true;$top=0", "", 3), ("$count=true;$skip=1;$top=1", "Ben", 3), ("$count=true;$skip=7", "", 3),
            ("$count=true;$filter=firstname ne 'Ben';$top=1", "Anna", 2), ("$count=true;$filter=firstname eq 'x'", "", 0), ("$skip=1", "Ben Cho", null), ("$count=false", "Anna Ben Cho", null),
        })
        {
            var rows = (await Http.ReadAsync($"accounts?$select=name&$orderby=name&$expand=contact_customer_accounts($select=firstname;$orderby=firstname;{options})")).Demand(HttpStatusCode.OK).Body.GetProperty("value");
            var (contoso, empty) = (rows[0], rows[1]);

            Assert.Equal((options, names), (options, string.Join(' ', contoso.GetProperty("contact_customer_accounts").EnumerateArray().Select(row => row.GetProperty("firstname").GetString()))));
            Assert.Equal((options, total), (options, Count(contoso)));
            Assert.Equal((options, total is null ? null : 0), (options, Count(empty)));
        }

        static int? Count(JsonElement row) => row.TryGetProperty("contact_customer_accounts@odata.count", out var count) ? count.GetInt32() : null;
    }

    [Fact]
    public async Task Search_finds_words_where_quick_find_of_the_app_does()
    {
        (await Http.CreateAsync("contacts", new { firstname = "서연", lastname = "Kim", emailaddress1 = "s.kim-1@example.com" })).Demand(HttpStatusCode.NoContent);
        foreach (var (search, names) in new[]
        {
            ("anna", "Anna Kim"),
            ("kim AND NOT ben", "Anna Kim, Cho Kim, 서연 Kim"),
            ("ben OR cho", "Ben Kim, Cho Kim"),
            ("(ben OR cho) kim", "Ben Kim, Cho Kim"),
            ("\"cho kim\"", "Cho Kim"),
            ("NOT kim", ""),
            ("서연", "서연 Kim"),
            ("\u1109\u1165\u110b\u1167\u11ab", "서연 Kim"),
            ("\"s.kim-1@example.com\"", "서연 Kim"),
            ("s.kim-1@example.com", "서연 Kim"),
            ("2026", ""),
            ("100%", ""),
            ("kim-1 (s.kim OR \"no \\\" one\")", "서연 Kim"),
            ("C:\\temp", ""),
        })
        {
            var found = (await Http.ReadAsync($"contacts?$select=fullname&$orderby=fullname&$count=true&$search={Uri.EscapeDataString(search)}")).Demand(HttpStatusCode.OK).Body;

            Assert.Equal((search, names), (search, string.Join(", ", found.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("fullname").GetString()))));
            Assert.Equal(found.GetProperty("value").GetArrayLength(), found.GetProperty("@odata.count").GetInt32());
            Assert.Equal($"{found.GetProperty("value").GetArrayLength()}", (await Http.ReadAsync($"contacts/$count?$search={Uri.EscapeDataString(search)}")).Demand(HttpStatusCode.OK).Text);
        }
    }

    [Fact]
    public async Task Search_looks_at_rows_that_come_along_and_what_it_cannot_read_is_refused()
    {
        var row = (await Http.ReadAsync($"accounts({contoso})?$select=name&$expand=contact_customer_accounts($select=firstname;$search=anna OR cho;$filter=firstname ne 'Cho')")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(["Anna"], row.GetProperty("contact_customer_accounts").EnumerateArray().Select(contact => contact.GetProperty("firstname").GetString()));

        // What would end the options stands in a phrase like everything else.
        (await Http.CreateAsync("contacts", new Dictionary<string, object> { ["firstname"] = "Dora); $top=0 'A'", ["lastname"] = "4-you", ["parentcustomerid_account@odata.bind"] = $"/accounts({contoso})" })).Demand(HttpStatusCode.NoContent);
        foreach (var (search, found) in new[] { ("\"dora);\" 4-you", "Dora"), ("\"$top=0 'a'\" AND NOT anna", "Dora"), ("NOT \");\" AND \"anna\"", "Anna"), ("4-you OR \"(\"", "Dora"), ("\"a\\\\b\"", "") })
        {
            row = (await Http.ReadAsync($"accounts({contoso})?$select=name&$expand=contact_customer_accounts($search={Uri.EscapeDataString(search)};$select=firstname;$filter=firstname ne ';)')")).Demand(HttpStatusCode.OK).Body;
            Assert.Equal(found, string.Join('|', row.GetProperty("contact_customer_accounts").EnumerateArray().Select(contact => contact.GetProperty("firstname").GetString()![..4])));
        }
        row = (await Http.ReadAsync($"accounts({contoso})?$select=name&$expand=contact_customer_accounts/$count($search=\"dora);\")")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(1, row.GetProperty("contact_customer_accounts@odata.count").GetInt32());

        foreach (var wrong in (string[])["contacts?$search=\"\"", "contacts?$search=\"a\\b\"", "contacts?$search=", "contacts?$search=AND", "contacts?$search=(a", "contacts?$search=\"a", "teamrolescollection?$search=a", "accounts?$expand=primarycontactid($search=a)"])
            (await Http.ReadAsync(wrong)).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Pages_bring_along_their_own_and_skip_leaves_rows_out()
    {
        var first = (await Http.ReadAsync("contacts?$select=firstname&$orderby=firstname&$expand=parentcustomerid_account($select=name)", ("Prefer", "odata.maxpagesize=2"))).Demand(HttpStatusCode.OK).Body;
        var second = (await Http.ReadAsync(first.GetProperty("@odata.nextLink").GetString()!, ("Prefer", "odata.maxpagesize=2"))).Demand(HttpStatusCode.OK).Body;

        Assert.Equal(2, first.GetProperty("value").GetArrayLength());
        Assert.Equal(("Cho", "Contoso"), (second.GetProperty("value")[0].GetProperty("firstname").GetString(), second.GetProperty("value")[0].GetProperty("parentcustomerid_account").GetProperty("name").GetString()));
        var skipped = (await Http.ReadAsync("contacts?$select=firstname&$orderby=firstname&$skip=1&$top=1")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("Ben", skipped.GetProperty("value")[0].GetProperty("firstname").GetString());
    }

    [Fact]
    public async Task Links_or_the_number_come_along_instead_of_the_rows()
    {
        var answer = (await Http.ReadAsync("accounts?$select=name&$orderby=name&$expand=primarycontactid/$ref,contact_customer_accounts/$ref($filter=firstname gt 'Anna';$orderby=firstname;$count=true)")).Demand(HttpStatusCode.OK).Body;
        Assert.EndsWith("$metadata#accounts(name,primarycontactid/$ref,contact_customer_accounts/$ref)", answer.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        var (first, second) = (answer.GetProperty("value")[0], answer.GetProperty("value")[1]);
        Assert.Equal(["@odata.id"], first.GetProperty("primarycontactid").EnumerateObject().Select(member => member.Name));
        Assert.Equal((2, JsonValueKind.Null), (first.GetProperty("contact_customer_accounts@odata.count").GetInt32(), second.GetProperty("primarycontactid").ValueKind));
        var links = first.GetProperty("contact_customer_accounts").EnumerateArray().Select(link => link.GetProperty("@odata.id").GetString()!).ToList();
        Assert.Equal("Ben", (await Http.ReadAsync($"{links[0]}?$select=firstname")).Demand(HttpStatusCode.OK).Body.GetProperty("firstname").GetString());
        Assert.Equal(2, links.Count);

        answer = (await Http.ReadAsync("accounts?$select=name&$orderby=name&$expand=contact_customer_accounts/$count($filter=firstname ne 'Ben'),primarycontactid($select=fullname;$expand=contact_customer_contacts/$count)")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(["2", "0"], answer.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("contact_customer_accounts@odata.count").ToString()));
        Assert.False(answer.GetProperty("value")[0].TryGetProperty("contact_customer_accounts", out _));
        Assert.Equal(0, answer.GetProperty("value")[0].GetProperty("primarycontactid").GetProperty("contact_customer_contacts@odata.count").GetInt32());
    }

    [Theory]
    [InlineData("accounts?$expand=nothing", HttpStatusCode.BadRequest, "nothing")]
    [InlineData("accounts?$expand=name", HttpStatusCode.BadRequest, "name")]
    [InlineData("accounts?$expand=primarycontactid($top=1)", HttpStatusCode.BadRequest, "one row")]
    [InlineData("accounts?$expand=contact_customer_accounts($filter=nothing eq 1)", HttpStatusCode.BadRequest, "nothing")]
    [InlineData("accounts?$expand=contact_customer_accounts($levels=2)", HttpStatusCode.BadRequest, "$level")]
    [InlineData("accounts?$expand=contact_customer_accounts/$ref($select=firstname)", HttpStatusCode.BadRequest, "$ref")]
    [InlineData("accounts?$expand=contact_customer_accounts/$count($top=1)", HttpStatusCode.BadRequest, "$count")]
    [InlineData("accounts?$expand=primarycontactid/$count", HttpStatusCode.BadRequest, "one row")]
    [InlineData("accounts?$expand=contact_customer_accounts,contact_customer_accounts/$count", HttpStatusCode.BadRequest, "twice")]
    [InlineData("accounts?$expand=contact_customer_accounts($filter=firstname eq 'a';$filter=firstname eq 'b')", HttpStatusCode.BadRequest, "twice")]
    [InlineData("accounts?$expand=contact_customer_accounts/$ref/$count", HttpStatusCode.BadRequest, "$ref/$count")]
    [InlineData("accounts?$expand=*/$count", HttpStatusCode.BadRequest, "/$count")]
    [InlineData("accounts?$expand=name/$count", HttpStatusCode.BadRequest, "name")]
    [InlineData("accounts?$expand=contact_customer_accounts/$count(", HttpStatusCode.BadRequest, "$count")]
    [InlineData("accounts?$expand=primarycontactid($count=true)", HttpStatusCode.BadRequest, "one row")]
    [InlineData("accounts?$expand=contact_customer_accounts($skip=-1)", HttpStatusCode.BadRequest, "-1")]
    public async Task What_cannot_come_along_is_refused_by_name(string path, HttpStatusCode status, string name) =>
        Assert.Contains(name, (await Http.ReadAsync(path)).Demand(status).Text, StringComparison.Ordinal);

    [Fact]
    public async Task More_expansions_than_Dataverse_takes_are_refused()
    {
        static string Levels(int more) => more == 0 ? "" : $"$expand=contact_customer_accounts($select=firstname{(more == 1 ? "" : $";$expand=parentcustomerid_account($select=name{(more == 2 ? "" : ";" + Levels(more - 2))})")})";

        (await Http.ReadAsync($"accounts?$select=name&{Levels(15)}")).Demand(HttpStatusCode.OK);
        Assert.Contains("more than 15", (await Http.ReadAsync($"accounts?$select=name&{Levels(16)}")).Demand(HttpStatusCode.BadRequest).Text, StringComparison.Ordinal);
    }
}
