using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Writing;

namespace Platform.Server.Tests.Definitions;

/// <summary>URLs about definitions, from their text to the JSON, without a server.</summary>
public sealed class DefinitionQueryTests : IAsyncLifetime
{
    private MetadataCatalog catalog = null!;

    public async Task InitializeAsync() => catalog = MetadataCatalog.Of(await ShopMetadata.SnapshotAsync(), "en");

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("LogicalName eq 'shp_order'", "shp_order")]
    [InlineData("LogicalName eq 'Shp_Order'", "")]
    [InlineData("LogicalName in ('shp_tag','shp_order')", "shp_order,shp_tag")]
    [InlineData("OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'OrganizationOwned' and IsCustomEntity eq true", "shp_tag")]
    [InlineData("OwnershipType has Microsoft.Dynamics.CRM.OwnershipTypes'OrganizationOwned' and IsCustomEntity", "shp_tag")]
    [InlineData("IsCustomizable/Value eq false and startswith(LogicalName,'shp')", "shp_order_tags")]
    [InlineData("DisplayName/UserLocalizedLabel/Label eq 'Order'", "shp_order")]
    [InlineData("DisplayName/LocalizedLabels/any(l:l/LanguageCode eq 1042 and l/Label eq '주문')", "shp_order")]
    [InlineData("Description/UserLocalizedLabel ne null and IsCustomEntity eq true", "shp_order")]
    [InlineData("contains(SchemaName,'_O') and endswith(SchemaName,'er')", "shp_order")]
    [InlineData("ObjectTypeCode lt 3", "account,contact")]
    [InlineData("Attributes/any(a:a/LogicalName eq 'shp_due')", "shp_order")]
    [InlineData("Attributes/any(a:a/DisplayName/LocalizedLabels/any(l:l/Label eq '번호'))", "shp_order")]
    [InlineData("not IsIntersect and IsCustomEntity eq true", "shp_order,shp_tag")]
    [InlineData("PrimaryNameAttribute eq null and IsCustomEntity eq true", "shp_order_tags")]
    [InlineData("tolower(SchemaName) eq 'shp_order' and substring(LogicalName,4,3) eq 'ord'", "shp_order")]
    [InlineData("OwnershipType in ('OrganizationOwned') and IsCustomEntity eq true", "shp_tag")]
    [InlineData("OwnershipType eq 8 and IsCustomEntity eq true", "shp_tag")]
    [InlineData("Keys/$count gt 0 and IsCustomEntity eq true", "shp_order,shp_order_tags")]
    public void Filters_find_tables(string filter, string expected)
    {
        var found = Ask($"EntityDefinitions?$select=LogicalName&$filter={filter}").EnumerateArray().Select(entity => entity.GetProperty("LogicalName").GetString());
        Assert.Equal(expected, string.Join(',', found));
    }

    [Fact]
    public void A_selection_brings_what_it_names_and_the_id()
    {
        var order = Ask("EntityDefinitions(LogicalName='shp_order')?$select=EntitySetName,DisplayName/UserLocalizedLabel");
        Assert.Equal(["MetadataId", "EntitySetName", "DisplayName"], Names(order).Order(StringComparer.Ordinal).OrderByDescending(name => name == "MetadataId").ThenByDescending(name => name));
        Assert.Equal(["UserLocalizedLabel"], Names(order.GetProperty("DisplayName")));
        Assert.DoesNotContain("Attributes", Names(Ask("EntityDefinitions(LogicalName='shp_order')")));
    }

    [Fact]
    public void Expansions_nest_with_their_own_options()
    {
        var order = Ask("EntityDefinitions(LogicalName='shp_order')?$select=LogicalName&$expand=Attributes($select=LogicalName;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist';$count=true),Keys($select=KeyAttributes)");
        Assert.Equal(["shp_region", "shp_size"], order.GetProperty("Attributes").EnumerateArray().Select(column => column.GetProperty("LogicalName").GetString()));
        Assert.Equal("#Microsoft.Dynamics.CRM.PicklistAttributeMetadata", order.GetProperty("Attributes")[0].GetProperty("@odata.type").GetString());
        Assert.Equal(2, order.GetProperty("Attributes@odata.count").GetInt32());
        Assert.Equal("shp_number", order.GetProperty("Keys")[0].GetProperty("KeyAttributes")[0].GetString());
    }

    [Fact]
    public void A_cast_opens_the_properties_of_the_derived_type()
    {
        var region = Ask("EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='shp_region')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=SchemaName&$expand=OptionSet($select=Name),GlobalOptionSet");
        Assert.Equal(("shp_region", 2), (region.GetProperty("OptionSet").GetProperty("Name").GetString(), region.GetProperty("GlobalOptionSet").GetProperty("Options").GetArrayLength()));
        Assert.False(region.TryGetProperty("@odata.type", out _));

        var size = Ask("EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='shp_size')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=GlobalOptionSet");
        Assert.Equal(JsonValueKind.Null, size.GetProperty("GlobalOptionSet").ValueKind);

        var lookups = Ask("EntityDefinitions(LogicalName='shp_tag')/Attributes/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=Targets");
        Assert.All(lookups.EnumerateArray(), lookup => Assert.Equal(["MetadataId", "Targets"], Names(lookup)));

        var mixed = Ask("EntityDefinitions(LogicalName='shp_order')/Attributes?$select=LogicalName,Microsoft.Dynamics.CRM.StringAttributeMetadata/MaxLength&$expand=Microsoft.Dynamics.CRM.EnumAttributeMetadata/OptionSet($select=Name)");
        Assert.Equal(20, Named(mixed, "shp_number").GetProperty("MaxLength").GetInt32());
        Assert.Equal("shp_order_statecode", Named(mixed, "statecode").GetProperty("OptionSet").GetProperty("Name").GetString());
        Assert.False(Named(mixed, "shp_pieces").TryGetProperty("OptionSet", out _));
    }

    [Fact]
    public void Options_of_statuses_say_their_type()
    {
        var status = Ask("EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata/OptionSet");
        var first = status.GetProperty("Options")[0];
        Assert.Equal(("#Microsoft.Dynamics.CRM.StatusOptionMetadata", 0), (first.GetProperty("@odata.type").GetString(), first.GetProperty("State").GetInt32()));
    }

    [Theory]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/EntitySetName", "\"shp_orders\"")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/IsCustomizable/Value", "true")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/OwnershipType", "\"UserOwned\"")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/Keys(LogicalName='shp_number_key')/KeyAttributes", "[\"shp_number\"]")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='shp_pieces')/Microsoft.Dynamics.CRM.IntegerAttributeMetadata/MaxValue", "99")]
    [InlineData("RelationshipDefinitions(SchemaName='shp_order_tags')/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata/Entity2LogicalName", "\"shp_tag\"")]
    [InlineData("GlobalOptionSetDefinitions(Name='shp_region')/Microsoft.Dynamics.CRM.OptionSetMetadata/OptionSetType", "\"Picklist\"")]
    public void Single_properties_are_values(string path, string expected) => Assert.Equal(expected, Ask(path).GetRawText());

    [Fact]
    public void Labels_are_cut_down_to_the_languages_asked_for()
    {
        var name = Ask("EntityDefinitions(LogicalName='shp_order')/DisplayName?LabelLanguages=1042");
        Assert.Equal(1042, Assert.Single(name.GetProperty("LocalizedLabels").EnumerateArray()).GetProperty("LanguageCode").GetInt32());
        Assert.Equal("주문", name.GetProperty("UserLocalizedLabel").GetProperty("Label").GetString());
    }

    [Theory]
    [InlineData("EntityDefinitions?$select=LogicalName", "EntityDefinitions(LogicalName)")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')", "EntityDefinitions/$entity")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/Attributes?$select=LogicalName", "EntityDefinitions('shp_order')/Attributes(LogicalName)")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='shp_size')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=SchemaName&$expand=OptionSet", "EntityDefinitions('shp_order')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata(SchemaName,OptionSet())/$entity")]
    [InlineData("RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", "RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata")]
    public void The_context_is_that_of_Dataverse(string url, string expected) => Assert.Equal(expected, ContextOf(url));

    [Theory]
    [InlineData("EntityDefinitions?$select=logicalname", ErrorKind.Invalid, "Did you mean 'LogicalName'?")]
    [InlineData("EntityDefinitions?$filter=logicalname eq 'x'", ErrorKind.Invalid, "Did you mean 'LogicalName'?")]
    [InlineData("EntityDefinitions?$filter=OwnershipType eq 1.5", ErrorKind.Invalid, "OwnershipTypes'UserOwned'")]
    [InlineData("EntityDefinitions?$filter=LogicalName eq", ErrorKind.Invalid, "")]
    [InlineData("EntityDefinitions?$filter=@p in INF", ErrorKind.Invalid, "")]
    [InlineData("EntityDefinitions?$filter=LogicalName add 'x' eq 'y'", ErrorKind.Invalid, "")]
    [InlineData("EntityDefinitions?$filter=year(CreatedOn) eq 2020", ErrorKind.NotImplemented, "")]
    [InlineData("EntityDefinitions?$filter=Attributes/any(a:$it/Attributes/any(b:$it/Attributes/any(c:c/LogicalName eq 'x')))", ErrorKind.Invalid, "")]
    [InlineData("EntityDefinitions?$top=1", ErrorKind.Invalid, "all at once")]
    [InlineData("EntityDefinitions?$orderby=LogicalName", ErrorKind.Invalid, "all at once")]
    [InlineData("EntityDefinitions?$expand=Attributes($orderby=LogicalName)", ErrorKind.Invalid, "all at once")]
    [InlineData("EntityDefinitions?$expand=Attribute", ErrorKind.Invalid, "Did you mean 'Attributes'?")]
    [InlineData("EntityDefinitions?$selct=LogicalName", ErrorKind.Invalid, "$select")]
    [InlineData("EntityDefinitions?filter=x", ErrorKind.Invalid, "$filter")]
    [InlineData("EntityDefinitions?LabelLanguages=korean", ErrorKind.Invalid, "")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')?$filter=IsManaged", ErrorKind.Invalid, "")]
    [InlineData("EntityDefinitions(LogicalName='shp_odrer')", ErrorKind.NotFound, "Did you mean 'shp_order'?")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='shp_sise')", ErrorKind.NotFound, "Did you mean 'shp_size'?")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/Atributes", ErrorKind.NotFound, "Did you mean 'Attributes'?")]
    [InlineData("EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='shp_size')/Microsoft.Dynamics.CRM.MemoAttributeMetadata", ErrorKind.NotFound, "PicklistAttributeMetadata")]
    [InlineData("EntityDefinitions(00000000-0000-0000-0000-000000000001)", ErrorKind.NotFound, "")]
    [InlineData("EntityDefinitions(shp_order)", ErrorKind.Invalid, "EntityDefinitions(LogicalName='…')")]
    [InlineData("EntityDefinitions(SchemaName='shp_Order')", ErrorKind.Invalid, "EntityDefinitions(LogicalName='…')")]
    [InlineData("GlobalOptionSetDefinitions(Name='region')", ErrorKind.NotFound, "shp_region")]
    [InlineData("RelationshipDefinitions(SchemaName='SHP_ORDER_TAGS')", ErrorKind.NotFound, "Did you mean 'shp_order_tags'?")]
    public void What_is_wrong_is_said_and_what_was_meant(string url, ErrorKind kind, string hint)
    {
        var refused = Assert.Throws<PlatformException>(() => Ask(url));
        Assert.Equal(kind, refused.Kind);
        Assert.Contains(hint, refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_of_thousands_of_conditions_is_refused()
    {
        var filter = string.Join(" or ", Enumerable.Range(0, 700).Select(at => $"LogicalName eq 'x{at}'"));
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PlatformException>(() => Ask($"EntityDefinitions?$filter={filter}")).Kind);
    }

    private static IEnumerable<string> Names(JsonElement item) => item.EnumerateObject().Select(member => member.Name);

    private static JsonElement Named(JsonElement items, string name) => items.EnumerateArray().Single(item => item.GetProperty("LogicalName").GetString() == name);

    private static MetadataPlan Plan(string url)
    {
        var parts = url.Split('?', 2);
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(parts.Length == 1 ? "" : "?" + parts[1]);
        return MetadataPlan.Of(parts[0], http.Request);
    }

    private static string ContextOf(string url)
    {
        var http = new DefaultHttpContext();
        (http.Request.Scheme, http.Request.Host) = ("http", new HostString("test"));
        var context = Plan(url).Context.For(Platform.OData.Routing.ServiceRoot.Of(http.Request, 2)).ToString();
        return context[(context.IndexOf('#', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>The definitions as JSON: an array, an object or a value.</summary>
    private JsonElement Ask(string url)
    {
        var plan = Plan(url);
        var answer = MetadataAnswer.Of(plan, catalog);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
            new MetadataWriter(json, plan.LabelLanguages).WriteValue(answer, plan.Path.Type?.Clr ?? answer!.GetType(), plan.Selection);
        return JsonSerializer.Deserialize<JsonElement>(bytes.WrittenSpan);
    }
}
