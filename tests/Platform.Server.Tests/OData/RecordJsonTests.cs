using System.Buffers;
using System.Text;
using Platform.Engine;
using Platform.OData.Reading;
using Platform.Sdk;

namespace Platform.Server.Tests.OData;

public sealed class RecordJsonTests
{
    private static readonly Guid Id = Guid.Parse("0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e");

    [Fact]
    public void Every_kind_of_column_is_read_as_its_type()
    {
        var record = Read($$"""
            { "name": "한글 \u0041", "description": null, "numberofemployees": 5, "views": 5000000000, "discount": 0.1, "revenue": 79228162514264.3375,
              "score": 1.5e3, "creditonhold": true, "lastcall": "2025-01-31T09:30:15.999+09:00", "founded": "2025-01-31", "industrycode": 2,
              "externalid": "{{Id}}", "primarycontactid@odata.bind": "/contacts({{Id}})" }
            """);

        object?[] expected =
        [
            "한글 A", null, 5, 5000000000L, 0.1m, 79228162514264.3375m, 1500.0, true, new DateTime(2025, 1, 31, 0, 30, 15, DateTimeKind.Utc),
            new DateOnly(2025, 1, 31), 2, Id, new EntityReference("contact", Id),
        ];
        Assert.Equal(expected, record.Attributes.Values);
        Assert.Equal(DateTimeKind.Utc, ((DateTime)record["lastcall"]!).Kind);
    }

    [Theory]
    [InlineData("\"primarycontactid@odata.bind\": \"contacts({0})\"", "contact")]
    [InlineData("\"primarycontactid@odata.bind\": \"https://host:5080/api/data/v9.2/contacts({0})\"", "contact")]
    [InlineData("\"primarycontactid@odata.bind\": \"/api/data/v9.0/contacts(contactid={0})\"", "contact")]
    [InlineData("\"ownerid_systemuser@odata.bind\": \"/systemusers({0})\"", "systemuser")]
    [InlineData("\"ownerid@odata.bind\": \"/systemusers({0})\"", "systemuser")]
    [InlineData("\"ownerid_contact@odata.bind\": \"/contacts({0})\"", "contact")]
    public void A_link_sets_a_lookup(string property, string target)
    {
        var record = Read("{" + property.Replace("{0}", Id.ToString(), StringComparison.Ordinal) + "}");
        Assert.Equal(new EntityReference(target, Id), Assert.Single(record.Attributes).Value);
    }

    [Theory]
    [InlineData("\"primarycontactid@odata.bind\": null")]
    [InlineData("\"primarycontactid\": null")]
    [InlineData("\"ownerid_systemuser\": null")]
    public void Null_clears_a_lookup(string property)
    {
        var record = Read("{" + property + "}");
        Assert.Null(Assert.Single(record.Attributes).Value);
    }

    [Fact]
    public void What_a_client_read_and_sends_back_is_passed_over()
    {
        var record = Read($$"""
            { "@odata.context": "x", "@odata.etag": "W/\"1\"", "@odata.type": "#Microsoft.Dynamics.CRM.account", "name": "a",
              "name@OData.Community.Display.V1.FormattedValue": {"deep": [1]}, "_primarycontactid_value": "{{Id}}", "createdon": "whenever",
              "_createdby_value": null, "createdby": null, "versionnumber": 5, "accountid": "{{Id}}" }
            """);
        Assert.Equal("name", Assert.Single(record.Attributes).Key);
        Assert.Equal(Id, record.Id);
    }

    [Theory]
    // unknown names
    [InlineData("""{"nope": 1}""", "nope", "Could not find a property named 'nope' on type 'Microsoft.Dynamics.CRM.account'.")]
    [InlineData("""{"Name": "x"}""", "Name", "Could not find a property named 'Name'")]
    [InlineData("""{"nope@odata.bind": "/contacts(1)"}""", "nope", "Could not find a property named 'nope'")]
    // wrong types
    [InlineData("""{"name": 5}""", "name", "expects a text (Edm.String), found the number 5.")]
    [InlineData("""{"name": {}}""", "name", "found an object")]
    [InlineData("""{"numberofemployees": "5"}""", "numberofemployees", "expects a whole number (Edm.Int32), found the text \"5\".")]
    [InlineData("""{"numberofemployees": 5.5}""", "numberofemployees", "expects a whole number (Edm.Int32), found a number with a fraction")]
    [InlineData("""{"numberofemployees": [1]}""", "numberofemployees", "found a list")]
    [InlineData("""{"revenue": "12.5"}""", "revenue", "expects a number (Edm.Decimal)")]
    [InlineData("""{"creditonhold": 1}""", "creditonhold", "expects true or false (Edm.Boolean)")]
    [InlineData("""{"lastcall": "2025-01-31T09:30:00"}""", "lastcall", "with its offset")]
    [InlineData("""{"lastcall": "2025-01-31"}""", "lastcall", "Edm.DateTimeOffset")]
    [InlineData("""{"lastcall": "2025-02-30T00:00:00Z"}""", "lastcall", "Edm.DateTimeOffset")]
    [InlineData("""{"perks": "Lounge"}""", "perks", "values of its choice")]
    [InlineData("""{"perks": ["1"]}""", "perks", "values of its choice")]
    [InlineData("""{"perks": 1}""", "perks", "values of its choice")]
    [InlineData("""{"founded": "31.01.2025"}""", "founded", "Edm.Date")]
    [InlineData("""{"founded": "2025-01-31T00:00:00Z"}""", "founded", "Edm.Date")]
    [InlineData("""{"externalid": "abc"}""", "externalid", "Edm.Guid")]
    [InlineData("""{"primarycontactid": "0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e"}""", "primarycontactid", "@odata.bind")]
    [InlineData("""{"primarycontactid@odata.bind": 5}""", "primarycontactid", "a link")]
    [InlineData("""{"name": "\ud800"}""", "name", "not valid Unicode")]
    // out of the type's range
    [InlineData("""{"numberofemployees": 3000000000}""", "numberofemployees", "outside the valid range of -2147483648 to 2147483647")]
    [InlineData("""{"views": 99999999999999999999}""", "views", "outside the valid range")]
    [InlineData("""{"revenue": 1e40}""", "revenue", "outside the valid range")]
    [InlineData("""{"score": 1e999}""", "score", "outside the valid range")]
    // links
    [InlineData("""{"primarycontactid@odata.bind": "/nonsense(0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e)"}""", null, "names the entity set 'nonsense', which does not exist")]
    [InlineData("""{"primarycontactid@odata.bind": "/accounts(0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e)"}""", "primarycontactid", "refers to contact, not to account")]
    [InlineData("""{"ownerid_systemuser@odata.bind": "/contacts(0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e)"}""", "ownerid_systemuser", "refers to systemuser, not to contact")]
    [InlineData("""{"primarycontactid@odata.bind": "/contacts(5)"}""", null, "'5' is not the id")]
    [InlineData("""{"primarycontactid@odata.bind": "contacts"}""", null, "no link to a row")]
    [InlineData("""{"primarycontactid@odata.bind": ""}""", null, "no link to a row")]
    [InlineData("""{"primarycontactid@odata.bind": "$1"}""", null, "Content-ID")]
    [InlineData("""{"name@odata.bind": "/contacts(0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e)"}""", null, "no navigation property")]
    // twice
    [InlineData("""{"name": "a", "name": "b"}""", null, "'name' sets the attribute 'name' of 'account' a second time")]
    [InlineData("""{"createdon": 1, "createdon": 2}""", null, "a second time")]
    [InlineData("""{"primarycontactid": null, "primarycontactid@odata.bind": null}""", null, "a second time")]
    // JSON
    [InlineData("", null, "line 1, byte 1")]
    [InlineData("[]", null, "not a JSON object")]
    [InlineData("null", null, "not a JSON object")]
    [InlineData("{\"name\": \"a\",\n  \"views\": }", null, "line 2, byte 12")]
    [InlineData("{\"name\": \"a\"", null, "line 1, byte 13")]
    [InlineData("{\"name\": \"a\"} x", null, "line 1, byte 15")]
    [InlineData("{\"name\": \"a\"}{}", null, "line 1, byte 14")]
    [InlineData("{\"name\": \"a\",}", null, "line 1, byte 14")]
    [InlineData("{'name': 'a'}", null, "line 1, byte 2")]
    public void A_bad_body_is_refused_with_column_type_or_position(string json, string? attribute, string part)
    {
        var refused = Assert.Throws<PlatformException>(() => Read(json));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Equal(attribute, refused.Attribute);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"primarycontactid": {"fullname": "Anna"}}""")]
    [InlineData("""{"contact_parentcustomerid_account": [{"fullname": "Anna"}]}""")]
    [InlineData("""{"contact_parentcustomerid_account@odata.bind": ["/contacts(1)"]}""")]
    public void What_is_not_offered_says_so(string json) => Assert.Equal(ErrorKind.NotImplemented, Assert.Throws<PlatformException>(() => Read(json)).Kind);

    [Fact]
    public void Deep_nesting_is_refused_by_position_and_a_long_name_by_length()
    {
        var deep = "{\"name@x\":" + new string('[', 5000) + new string(']', 5000) + "}";
        Assert.Contains("line 1", Assert.Throws<PlatformException>(() => Read(deep)).Message, StringComparison.Ordinal);
        var wide = "{\"" + new string('x', 5000) + "\": 1}";
        Assert.Contains("longer than", Assert.Throws<PlatformException>(() => Read(wide)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_id_of_the_url_holds_and_a_different_one_in_the_body_is_refused()
    {
        Assert.Equal(Id, Read("{}", Id).Id);
        Assert.Equal(Id, Read($$"""{"accountid": "{{Id}}"}""", Id).Id);
        Assert.Throws<PlatformException>(() => Read("""{"accountid": "0190b6c4-7d4f-7c3a-9d2e-000000000000"}""", Id));
    }

    [Fact]
    public void A_body_in_pieces_reads_like_one_in_a_row()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"name": "한글 text", "revenue": 12.25, "lastcall": "2025-01-31T09:30:00Z", "externalid": "{{Id}}", "primarycontactid@odata.bind": "/contacts({{Id}})"}""");
        byte[] marked = [0xEF, 0xBB, 0xBF, .. json];
        var whole = new RecordJson(SampleMetadata.Snapshot, SampleMetadata.AccountEntity).Read(new ReadOnlySequence<byte>(json), Guid.Empty);
        var pieces = new RecordJson(SampleMetadata.Snapshot, SampleMetadata.AccountEntity).Read(Segment.Each(marked), Guid.Empty);
        Assert.Equal(whole.Attributes, pieces.Attributes);
    }

    private static EntityRecord Read(string json, Guid id = default) =>
        new RecordJson(SampleMetadata.Snapshot, SampleMetadata.AccountEntity).Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)), id);

    /// <summary>A sequence with one byte in each piece: the worst that a network can do.</summary>
    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        private Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public static ReadOnlySequence<byte> Each(byte[] bytes)
        {
            var first = new Segment(bytes.AsMemory(0, 1), 0);
            var last = first;
            for (var at = 1; at < bytes.Length; at++)
            {
                var next = new Segment(bytes.AsMemory(at, 1), at);
                last.Next = next;
                last = next;
            }
            return new ReadOnlySequence<byte>(first, 0, last, 1);
        }
    }
}
