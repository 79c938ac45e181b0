using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Tests.Queries;

public sealed class SqliteRelatedQueryTests() : RelatedQueryTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlRelatedQueryTests() : RelatedQueryTests(TestDatabase.PostgreSqlAsync);

/// <summary>Conditions and orders over paths, collections and expressions, and rows that come along, the same on both databases.</summary>
public abstract class RelatedQueryTests(Func<Task<TestDatabase>> open) : IAsyncLifetime
{
    private static readonly Guid BasicUser = new("b7d2e6c1-3f49-4a05-8c1b-95e0a7d4f326");

    private TestEngine engine = null!;

    public async Task InitializeAsync()
    {
        engine = await TestEngine.StartAsync(await open(), packs: Clubs());
        // Contoso with Anna (its primary contact) and Ben, Fabrikam below it with Cho, Empty with nobody.
        var contoso = await AccountAsync("Contoso", 1200.50m);
        var fabrikam = await AccountAsync("Fabrikam", 80m, contoso);
        await AccountAsync("Empty", null);
        var anna = await ContactAsync("Anna", contoso);
        await ContactAsync("Ben", contoso);
        var cho = await ContactAsync("Cho", fabrikam);
        await ContactAsync("Dana", null);
        await engine.SendAsync(new Update(new EntityRecord("account", contoso.Id) { ["primarycontactid"] = anna }));
        var golf = new EntityReference("tst_club", await engine.CreateAsync(new EntityRecord("tst_club") { ["tst_name"] = "Golf" }));
        var chess = new EntityReference("tst_club", await engine.CreateAsync(new EntityRecord("tst_club") { ["tst_name"] = "Chess" }));
        await engine.SendAsync(new Associate(golf, "tst_club_members", [anna, cho]));
        await engine.SendAsync(new Associate(chess, "tst_club_members", [anna]));
    }

    public async Task DisposeAsync() => await engine.DisposeAsync();

    /// <summary>One engine for all of them: they only read.</summary>
    [Fact]
    public async Task A_filter_over_related_rows_and_expressions_finds_the_rows_that_it_describes()
    {
        (string Entity, string Filter, string Expected)[] cases =
        [
            // Paths.
            ("contact", "parentcustomerid_account/name eq 'contoso'", "Anna, Ben"),
            ("contact", "parentcustomerid_account/name ne 'Contoso'", "Cho, Dana"),
            ("contact", "parentcustomerid_account/name eq null", "Dana"),
            ("contact", "not (parentcustomerid_account/name eq 'Contoso')", "Cho, Dana"),
            ("contact", "parentcustomerid_account/parentaccountid/name eq 'Contoso'", "Cho"),
            ("contact", "contains(parentcustomerid_account/name,'o') and parentcustomerid_account/revenue gt 100", "Anna, Ben"),
            ("contact", "parentcustomerid_account/name in ('Fabrikam','Nobody')", "Cho"),
            ("contact", "parentcustomerid_account/accountid eq null", "Dana"),
            ("contact", "parentcustomerid_contact/contactid eq null", "Anna, Ben, Cho, Dana"),
            ("account", "primarycontactid/firstname eq 'Anna' and parentaccountid/name eq null", "Contoso"),
            ("account", "parentaccountid/primarycontactid/firstname ge 'A'", "Fabrikam"),
            // Columns of different rows.
            ("account", "name gt parentaccountid/name", "Fabrikam"),
            ("account", "revenue lt parentaccountid/revenue", "Fabrikam"),
            // Collections.
            ("account", "contact_customer_accounts/any()", "Contoso, Fabrikam"),
            ("account", "not contact_customer_accounts/any()", "Empty"),
            ("account", "contact_customer_accounts/any(c:c/firstname eq 'Ben')", "Contoso"),
            ("account", "contact_customer_accounts/all(c:c/firstname ne 'Ben')", "Empty, Fabrikam"),
            ("account", "contact_customer_accounts/any(c:c/firstname eq 'Ben' and startswith(c/lastname,'B'))", "Contoso"),
            ("account", "contact_customer_accounts/any(c:c/parentcustomerid_account/parentaccountid/name eq 'Contoso')", "Fabrikam"),
            ("account", "contact_customer_accounts/any(c:c/tst_club_members/any(m:m/tst_name eq 'Chess'))", "Contoso"),
            ("account", "contact_customer_accounts/all(c:c/tst_club_members/any())", "Empty, Fabrikam"),
            ("contact", "tst_club_members/any(k:k/tst_name eq 'Golf')", "Anna, Cho"),
            ("contact", "parentcustomerid_account/contact_customer_accounts/any(c:c/firstname eq 'Ben')", "Anna, Ben"),
            ("tst_club", "tst_club_members/any(m:m/parentcustomerid_account/name eq 'Fabrikam')", "Golf"),
            // Functions and arithmetic.
            ("account", "tolower(name) eq 'empty'", "Empty"),
            ("account", "length(name) gt 5", "Contoso, Fabrikam"),
            ("account", "concat(concat(name,' of '),parentaccountid/name) eq 'Fabrikam of Contoso'", "Fabrikam"),
            ("account", "substring(name,1) eq 'ontoso'", "Contoso"),
            ("account", "indexof(name,'brik') eq 2", "Fabrikam"),
            ("account", "contains(toupper(name),'MPT')", "Empty"),
            ("account", "revenue mul 2 eq 2401", "Contoso"),
            ("account", "revenue add parentaccountid/revenue eq 1280.5", "Fabrikam"),
            ("account", "revenue div 3 gt 26.6 and revenue div 3 lt 26.7", "Fabrikam"),
            ("account", "round(revenue) eq 1201", "Contoso"),
            ("account", "year(createdon) ge 2026 and month(createdon) le 12", "Contoso, Empty, Fabrikam"),
            ("account", "createdon le now()", "Contoso, Empty, Fabrikam"),
            ("account", "length(name) in (5,7)", "Contoso, Empty"),
            ("account", "trim(concat(name,''' OR 1=1 --')) eq 'x'", ""),
            ("account", "name in ('Empty',null)", "Empty"),
            ("account", "contact_customer_accounts/any(c:length(c/firstname) eq 3 and tolower(c/parentcustomerid_account/name) eq 'fabrikam')", "Fabrikam"),
        ];
        var wrong = new List<string>();
        foreach (var (entity, filter, expected) in cases)
        {
            var name = entity switch { "account" => "name", "contact" => "firstname", _ => "tst_name" };
            var found = string.Join(", ", (await engine.QueryAsync(entity, $"?$select={name}&$filter={filter}&$orderby={name}")).Select(row => row[name]));
            if (found != expected) wrong.Add($"{entity}: {filter}: '{found}' instead of '{expected}'");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Rows_are_sorted_by_columns_behind_lookups_and_by_expressions_also_page_by_page()
    {
        foreach (var (orderby, expected) in new[]
        {
            ("parentcustomerid_account/name desc,firstname", "Cho, Anna, Ben, Dana"),
            ("parentcustomerid_account/name,firstname desc", "Dana, Ben, Anna, Cho"),
            ("parentcustomerid_account/parentaccountid/name desc,firstname", "Cho, Anna, Ben, Dana"),
            ("length(firstname) desc,firstname", "Anna, Dana, Ben, Cho"),
            ("parentcustomerid_account/revenue mul 2 desc,firstname desc", "Ben, Anna, Cho, Dana"),
        })
        {
            var query = engine.Parser.Parse(engine.Metadata, engine.Metadata.Entity("contact"), $"?$select=firstname&$orderby={orderby}") with { PageSize = 1 };
            var names = new List<string>();
            for (var pages = 0; pages < 10; pages++)
            {
                var rows = new NestedRows();
                var end = await engine.SendAsync(new RetrieveMultiple(query, rows));
                names.AddRange(rows.Lines);
                if (end.Next is null) break;
                query = query with { After = end.Next };
            }

            Assert.Equal((orderby, expected), (orderby, string.Join(", ", names)));
        }
    }

    [Fact]
    public async Task Rows_bring_along_the_row_behind_a_lookup_and_the_rows_of_collections()
    {
        var contacts = Expand("account", "contact_customer_accounts", ["firstname"], rows => rows with { Orders = [new OrderBy(Column("contact", "firstname"), true)], Expansions = [Expand("contact", "tst_club_members", ["tst_name"])] });

        Assert.Equal(
            ["Contoso[Anna][Ben[], Anna[Golf, Chess]]", "Empty[][]", "Fabrikam[][Cho[Golf]]"],
            (await ReadAsync("account", ["name"], [Expand("account", "primarycontactid", ["firstname"]), contacts])).Select(Sorted));
        Assert.Equal(
            ["Anna[Contoso[][Fabrikam]]", "Ben[Contoso[][Fabrikam]]", "Cho[Fabrikam[Contoso][]]", "Dana[]"],
            await ReadAsync("contact", ["firstname"], [Expand("contact", "parentcustomerid_account", ["name"], rows => rows with { Expansions = [Expand("account", "parentaccountid", ["name"]), Expand("account", "account_parent_account", ["name"])] })]));

        // The pairs of a row have no order of their own.
        static string Sorted(string line) => line.Replace("Chess, Golf", "Golf, Chess", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_brings_along_what_its_filter_and_top_leave_of_each_rows_own()
    {
        var filtered = Expand("account", "contact_customer_accounts", ["firstname"], rows => rows with { Filter = new MatchText(Column("contact", "firstname"), TextMatch.Contains, "n") });
        var first = Expand("account", "contact_customer_accounts", ["firstname"], rows => rows with { Orders = [new OrderBy(Column("contact", "firstname"))], Top = 1 });
        var none = Expand("account", "contact_customer_accounts", ["firstname"], rows => rows with { Top = 0 });

        Assert.Equal(["Contoso[Anna, Ben][Anna][]", "Empty[][][]", "Fabrikam[][Cho][]"], await ReadAsync("account", ["name"], [filtered, first, none]));
    }

    [Fact]
    public async Task Texts_in_expressions_are_composed_as_stored_ones_are_and_those_that_are_none_are_refused()
    {
        await AccountAsync("카페", null);

        Assert.Single(await engine.QueryAsync("account", $"?$filter=tolower(name) eq '{"카페".Normalize(System.Text.NormalizationForm.FormD)}'"));
        Assert.Equal(ErrorKind.Invalid, (await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync("account", "?$filter=tolower(name) eq '%00'"))).Kind);
    }

    [Fact]
    public async Task One_row_brings_along_the_same()
    {
        var contoso = (await engine.QueryAsync("account", "?$filter=name eq 'Contoso'")).Single().ToReference();
        var rows = new NestedRows();

        await engine.SendAsync(new Retrieve(contoso, ["name"], rows) { Expansions = [Expand("account", "contact_customer_accounts", ["firstname"])] });

        Assert.Equal(["Contoso[Anna, Ben]"], rows.Lines);
        var missing = new Retrieve(new EntityReference("account", new Guid("11111111-1111-7111-8111-111111111111")), ["name"], rows) { Expansions = [Expand("account", "primarycontactid", ["firstname"])] };
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(missing))).Kind);
    }

    [Fact]
    public async Task More_rows_than_one_statement_takes_bring_along_their_own()
    {
        for (var number = 0; number < 600; number++)
        {
            var account = await AccountAsync($"Many {number:D3}", null);
            await ContactAsync($"Of {number:D3}", account);
        }

        var lines = await ReadAsync("account", ["name"], [Expand("account", "contact_customer_accounts", ["firstname"])]);

        Assert.Equal(Enumerable.Range(0, 600).Select(number => $"Many {number:D3}[Of {number:D3}]"), lines.Where(line => line.StartsWith("Many", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_a_caller_may_not_read_neither_comes_along_nor_decides_about_other_rows()
    {
        var user = await engine.UserAsync(BasicUser);
        var foreign = new EntityReference("account", (await engine.QueryAsync("account", "?$filter=name eq 'Contoso'")).Single().Id);
        var own = new EntityReference("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Own" }, user));
        await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = "Mine", ["lastname"] = "X", ["parentcustomerid"] = own }, user);
        var seen = await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = "Astray", ["lastname"] = "X" }, user);
        // An administrator ties both to rows that the user does not see.
        await engine.SendAsync(new Update(new EntityRecord("contact", seen) { ["parentcustomerid"] = foreign }));
        await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = "Hidden", ["lastname"] = "X", ["parentcustomerid"] = own });

        Assert.Equal(["Own[Mine]"], await ReadAsync("account", ["name"], [Expand("account", "contact_customer_accounts", ["firstname"])], user));
        Assert.Equal(["Astray[]", "Mine[Own]"], await ReadAsync("contact", ["firstname"], [Expand("contact", "parentcustomerid_account", ["name"])], user));
        Assert.Equal(["Astray"], await NamesAsync("parentcustomerid_account/name eq null"));
        Assert.Empty(await NamesAsync("parentcustomerid_account/name eq 'Contoso'"));
        Assert.Empty(await NamesAsync("tolower(parentcustomerid_account/name) eq 'contoso'"));
        Assert.Empty((await engine.QueryAsync("account", "?$filter=contact_customer_accounts/any(c:c/firstname eq 'Hidden')", user)).Select(row => row.Id));
        Assert.Equal(["Astray", "Mine"], await NamesAsync("true", "parentcustomerid_account/name"));

        async Task<IEnumerable<object?>> NamesAsync(string filter, string orderby = "firstname") =>
            (await engine.QueryAsync("contact", $"?$filter={filter}&$orderby={orderby}", user)).Select(row => row["firstname"]);
    }

    private AttributeDefinition Column(string entity, string name) => engine.Metadata.Entity(entity).Attribute(name);

    private Expansion Expand(string entity, string navigation, string[] columns, Func<Query, Query>? more = null)
    {
        var found = Navigation.Find(engine.Metadata.Entity(entity), navigation)!;
        var rows = new Query(engine.Metadata.Entity(found.Target!)) { Columns = [.. columns.Select(name => Column(found.Target!, name))] };
        return new Expansion(found, more?.Invoke(rows) ?? rows);
    }

    private async Task<List<string>> ReadAsync(string entity, string[] columns, Expansion[] expansions, Caller? caller = null)
    {
        var rows = new NestedRows();
        await engine.SendAsync(new RetrieveMultiple(new Query(engine.Metadata.Entity(entity)) { Columns = [.. columns.Select(name => Column(entity, name))], Orders = [new OrderBy(Column(entity, columns[0]))], Expansions = [.. expansions] }, rows), caller);
        return rows.Lines;
    }

    private async Task<EntityReference> AccountAsync(string name, decimal? revenue, EntityReference? parent = null)
    {
        var row = new EntityRecord("account") { ["name"] = name, ["parentaccountid"] = parent };
        if (revenue is not null) row["revenue"] = revenue;
        return new EntityReference("account", await engine.CreateAsync(row));
    }

    private async Task<EntityReference> ContactAsync(string name, EntityReference? account) =>
        new("contact", await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = name, ["lastname"] = name, ["parentcustomerid"] = account }));

    private static PackFiles Clubs() => new SmallPacks()
        .Write("clubs", "pack.json", """{ "id": "clubs", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Test" }, "title": "Clubs", "dependencies": { "core": ">=0.1.0" } }""")
        .Write("clubs", "entities/tst_club/entity.json", """
            { "title": "Club", "type": "object", "x-entity": { "logicalName": "tst_club", "entitySetName": "tst_clubs", "ownership": "organization", "primaryNameAttribute": "tst_name" },
              "properties": { "tst_name": { "type": "string", "title": "Name" } } }
            """)
        .Write("clubs", "relationships/tst_club_members.json", """{ "title": "Members", "entities": ["tst_club", "contact"] }""")
        .Files.Single(pack => pack.Origin == "packs/clubs");
}
