using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Messages;

/// <summary>The five record messages, the same on both databases.</summary>
public abstract class RecordMessageTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_created_row_comes_back_with_what_was_sent_and_what_the_engine_adds()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("account")
        {
            ["name"] = "한국상사 & Söhne '; DROP TABLE account; --",
            ["revenue"] = 1234567.89m,
            ["numberofemployees"] = 42,
            ["creditonhold"] = true,
            ["industrycode"] = 7,
        });

        var row = await engine.ReadAsync("account", id);
        Assert.Equal("한국상사 & Söhne '; DROP TABLE account; --", row["name"]);
        Assert.Equal(1234567.89m, row["revenue"]);
        Assert.Equal(42, row["numberofemployees"]);
        Assert.Equal(true, row["creditonhold"]);
        Assert.Equal(7, row["industrycode"]);
        Assert.Equal((0, 1), (row["statecode"], row["statuscode"]));
        Assert.Equal(engine.Admin.User, row["ownerid"]);
        Assert.Equal(engine.Admin.BusinessUnitId, row.GetLookup("owningbusinessunit")!.Id);
        Assert.Equal(engine.Admin.User, row["createdby"]);
        Assert.Equal(row["createdon"], row["modifiedon"]);
        Assert.True(row.Version > 0);
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_gives_a_new_version()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Before", ["telephone1"] = "1" });
        var before = await engine.ReadAsync("account", id);

        await engine.SendAsync(new Update(new EntityRecord("account", id) { ["name"] = "After", ["fax"] = null }));

        var after = await engine.ReadAsync("account", id);
        Assert.Equal("After", after["name"]);
        Assert.Equal("1", after["telephone1"]);
        Assert.True(after.Version > before.Version);
    }

    [Fact]
    public async Task A_stale_version_is_refused_and_nothing_changes()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "One" });
        var read = await engine.ReadAsync("account", id);
        await engine.SendAsync(new Update(new EntityRecord("account", id) { ["name"] = "Two" }, read.Version));

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("account", id) { ["name"] = "Three" }, read.Version)));

        Assert.Equal(ErrorKind.Precondition, refused.Kind);
        Assert.Equal("Two", (await engine.ReadAsync("account", id))["name"]);
        await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Delete(new EntityReference("account", id), read.Version)));
        Assert.Equal("Two", (await engine.ReadAsync("account", id))["name"]);
    }

    [Fact]
    public async Task A_deleted_row_is_gone_and_a_missing_one_is_named()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Gone" });

        await engine.SendAsync(new Delete(new EntityReference("account", id)));

        var missing = await Assert.ThrowsAsync<PlatformException>(() => engine.ReadAsync("account", id));
        Assert.Equal(ErrorKind.NotFound, missing.Kind);
        Assert.Contains(id.ToString("D"), missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("account", id) { ["name"] = "x" })));
        await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Delete(new EntityReference("account", id))));
    }

    [Theory]
    [InlineData("name", 161, "160")]
    [InlineData("telephone1", 51, "50")]
    public async Task A_text_over_its_length_is_refused_with_both_lengths(string attribute, int length, string most)
    {
        await using var engine = await StartAsync();
        var row = new EntityRecord("account") { ["name"] = "x", [attribute] = new string('a', length) };

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(row));

        Assert.Equal((ErrorKind.Invalid, attribute), (refused.Kind, refused.Attribute));
        Assert.Contains(most, refused.Message, StringComparison.Ordinal);
        Assert.Contains(length.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        Assert.Empty(await engine.QueryAsync("account", ""));
    }

    public static TheoryData<string, object, string> BadValues => new()
    {
        { "industrycode", 9999, "9999" },
        { "numberofemployees", "many", "numberofemployees" },
        { "numberofemployees", -1, "numberofemployees" },
        { "revenue", "much", "revenue" },
        { "statecode", 5, "statecode" },
        { "primarycontactid", new EntityReference("account", Guid.Empty), "contact" },
        { "primarycontactid", new EntityReference("contact", new Guid("11111111-1111-1111-1111-111111111111")), "11111111-1111" },
        { "emailaddress1", 5, "emailaddress1" },
        { "name", "a\0b", "name" },
        { "name", "\ud800", "name" },
        { "nosuchcolumn", 5, "nosuchcolumn" },
    };

    [Theory]
    [MemberData(nameof(BadValues))]
    public async Task A_value_that_does_not_fit_is_refused_and_no_row_is_written(string attribute, object value, string named)
    {
        await using var engine = await StartAsync();

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("account") { ["name"] = "x", [attribute] = value }));

        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Empty(await engine.QueryAsync("account", ""));
    }

    [Fact]
    public async Task A_required_attribute_must_be_there_and_stay_there()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "x" });

        var missing = await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("account") { ["fax"] = "1" }));
        var emptied = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("account", id) { ["name"] = null })));

        Assert.Equal(("name", "name"), (missing.Attribute, emptied.Attribute));
    }

    [Fact]
    public async Task State_and_status_follow_each_other_and_must_agree()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "x" });

        await engine.SendAsync(new Update(new EntityRecord("account", id) { ["statecode"] = 1 }));
        var inactive = await engine.ReadAsync("account", id);
        await engine.SendAsync(new Update(new EntityRecord("account", id) { ["statuscode"] = 1 }));
        var active = await engine.ReadAsync("account", id);

        var born = await engine.ReadAsync("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "y", ["statecode"] = 1 }));

        Assert.Equal((1, 2), (inactive["statecode"], inactive["statuscode"]));
        Assert.Equal((1, 2), (born["statecode"], born["statuscode"]));
        Assert.Equal((0, 1), (active["statecode"], active["statuscode"]));
        await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("account", id) { ["statecode"] = 0, ["statuscode"] = 2 })));
    }

    [Theory]
    [InlineData("Anna", "Kim", "Anna Kim")]
    [InlineData("서연", "김", "김서연")]
    [InlineData(null, "남궁", "남궁")]
    public async Task A_full_name_follows_its_parts_until_somebody_writes_another(string? given, string family, string full)
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("contact") { ["firstname"] = given, ["lastname"] = family });
        Assert.Equal(full, (await engine.ReadAsync("contact", id))["fullname"]);

        await engine.SendAsync(new Update(new EntityRecord("contact", id) { ["lastname"] = "Lee" }));
        Assert.Equal(given is null ? "Lee" : given + " Lee", (await engine.ReadAsync("contact", id))["fullname"]);

        await engine.SendAsync(new Update(new EntityRecord("contact", id) { ["fullname"] = "Dr. Lee" }));
        await engine.SendAsync(new Update(new EntityRecord("contact", id) { ["firstname"] = "Bo" }));
        Assert.Equal("Dr. Lee", (await engine.ReadAsync("contact", id))["fullname"]);
    }

    [Fact]
    public async Task A_second_row_with_the_values_of_a_key_is_refused_whatever_its_case()
    {
        await using var engine = await StartAsync();
        var unit = new EntityReference("businessunit", engine.Admin.BusinessUnitId);
        await engine.CreateAsync(new EntityRecord("systemuser") { ["lastname"] = "Kim", ["domainname"] = "kim@example.com", ["businessunitid"] = unit });

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("systemuser") { ["lastname"] = "Kim", ["domainname"] = "KIM@example.com", ["businessunitid"] = unit }));

        Assert.Equal(ErrorKind.Precondition, refused.Kind);
        Assert.Contains("domainname", refused.Message, StringComparison.Ordinal);
        Assert.Single(await engine.QueryAsync("systemuser", "?$filter=domainname eq 'kim@EXAMPLE.com'"));
    }

    [Fact]
    public async Task A_delete_follows_its_relationships_through_the_pipeline()
    {
        await using var engine = await StartAsync();
        var account = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Parent" });
        var child = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Child", ["parentaccountid"] = new EntityReference("account", account) });
        var note = await engine.CreateAsync(new EntityRecord("annotation") { ["subject"] = "Note", ["objectid"] = new EntityReference("account", account) });

        await engine.SendAsync(new Delete(new EntityReference("account", account)));

        Assert.Null((await engine.ReadAsync("account", child))["parentaccountid"]);
        await Assert.ThrowsAsync<PlatformException>(() => engine.ReadAsync("annotation", note));
        Assert.Contains(await engine.QueryAsync("audit", $"?$filter=objectid eq {note:D}"), entry => (int)entry["operation"]! == 3);
    }

    [Fact]
    public async Task Every_change_leaves_an_audit_row_with_old_and_new_values()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Old" });
        await engine.SendAsync(new Update(new EntityRecord("account", id) { ["name"] = "New" }));
        await engine.SendAsync(new Delete(new EntityReference("account", id)));

        var audit = await engine.QueryAsync("audit", $"?$filter=objectid eq {id:D}&$orderby=versionnumber");

        Assert.Equal([1, 2, 3], audit.Select(entry => (int)entry["operation"]!));
        Assert.Contains("""
            "name":{"old":"Old","new":"New"}
            """.Trim(), (string)audit[1]["changedata"]!, StringComparison.Ordinal);
        Assert.All(audit, entry => Assert.Equal(engine.Admin.User, entry["userid"]));
    }

    [Fact]
    public async Task Nobody_writes_the_audit_by_hand()
    {
        await using var engine = await StartAsync();

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("audit") { ["operation"] = 1, ["action"] = 1 }));

        Assert.Equal(ErrorKind.NotAllowed, refused.Kind);
    }

    private async Task<TestEngine> StartAsync() => await TestEngine.StartAsync(await DatabaseAsync());
}

public sealed class RecordMessagesOnSqlite : RecordMessageTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class RecordMessagesOnPostgreSql : RecordMessageTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
