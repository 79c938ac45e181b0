using System.Buffers.Text;
using System.Text;
using Platform.Engine;
using Platform.Engine.Queries;
using Platform.OData.Queries;

namespace Platform.Server.Tests.OData;

public sealed class SkipTokenTests
{
    private static readonly Guid Id = Guid.Parse("0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e");

    [Fact]
    public void Values_of_every_kind_come_back_as_they_were()
    {
        var plan = Plan("?$orderby=name,numberofemployees,views,revenue,score,creditonhold,lastcall,founded,externalid,_primarycontactid_value,_parentaccountid_value,description");
        object?[] values =
        [
            "한글 'q' & \"z\"", 5, 5000000000L, 12.3400m, 0.1, true, new DateTime(2025, 1, 31, 9, 30, 0, DateTimeKind.Utc), new DateOnly(2025, 1, 31), Id, "Anna", Id, null,
        ];
        var token = new PageToken([.. values], Id, 50);

        var text = SkipToken.Encode(token, plan);
        var back = SkipToken.Decode(text, plan);

        Assert.Equal(values, back.Values);
        Assert.Equal((Id, 50), (back.Id, back.Taken));
        Assert.Equal(text, Uri.EscapeDataString(text));
    }

    [Fact]
    public void A_token_of_another_order_is_refused()
    {
        var text = SkipToken.Encode(new PageToken(["a"], Id, 1), Plan("?$orderby=name"));
        Refused(text, "?$orderby=name desc");
        Refused(text, "?$orderby=description");
        Refused(text, "");
        Assert.Equal("a", SkipToken.Decode(text, Plan("?$orderby=name&$select=name")).Values.Single());
    }

    [Fact]
    public void A_tampered_token_is_refused()
    {
        var plan = Plan("?$orderby=numberofemployees");
        var hash = plan.OrderHash;
        string[] texts =
        [
            "[]", "{}", "null", "[1", $"[{hash}]", $"[{hash},1,\"{Id}\"]", $"[{hash},1,\"{Id}\",\"text\"]", $"[{hash},1,\"{Id}\",1.5]",
            $"[{hash},-1,\"{Id}\",1]", $"[{hash},1,\"no id\",1]", $"[{hash},1,\"{Id}\",1,2]", $"[{hash},1,\"{Id}\",99999999999]",
            $"[{hash},1,\"{Id}\",1] [", $"[{hash + 1L},1,\"{Id}\",1]", $"[{hash},1,\"{Id}\",[1]]",
        ];
        foreach (var text in texts) Refused(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text)), "?$orderby=numberofemployees");
        Refused("", "");
        Refused("!!!", "");
        Refused("<cookie pagenumber=\"2\"/>", "");
        Refused(new string('A', 100_000), "");
        Assert.Equal(1, SkipToken.Decode(Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"[{hash},1,\"{Id}\",1]")), plan).Values.Single());
    }

    [Fact]
    public void The_token_is_taken_out_of_the_query_string_wherever_it_stands()
    {
        Assert.Equal(("?$select=name&$top=5", "abc"), QueryOptions.SplitSkipToken("?$select=name&$skiptoken=abc&$top=5"));
        Assert.Equal(("", "a=b"), QueryOptions.SplitSkipToken("?%24skiptoken=a%3Db"));
        Assert.Equal(("?$select=name", null), QueryOptions.SplitSkipToken("?$select=name"));
        Assert.Throws<PlatformException>(() => QueryOptions.SplitSkipToken("?$skiptoken=a&$skiptoken=b"));
    }

    private static QueryPlan Plan(string query) => QueryPlans.Of(SampleMetadata.Snapshot).ForUrl(SampleMetadata.AccountEntity, query);

    private static void Refused(string token, string query) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PlatformException>(() => SkipToken.Decode(token, Plan(query))).Kind);
}
