using Platform.Engine;
using Platform.OData.Routing;

namespace Platform.Server.Tests.OData;

public sealed class ResourcePathTests
{
    private const string Id = "0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e";

    [Theory]
    [InlineData("/api/data/v9.2", ResourceKind.ServiceDocument)]
    [InlineData("/api/data/v9.0/", ResourceKind.ServiceDocument)]
    [InlineData("/api/data/v9.2/$metadata", ResourceKind.Metadata)]
    [InlineData("/api/data/v9.2/$batch", ResourceKind.Batch)]
    [InlineData("/api/data/v9.2/WhoAmI()", ResourceKind.WhoAmI)]
    [InlineData("/api/data/v9.2/WhoAmI", ResourceKind.WhoAmI)]
    [InlineData("/api/data/v9.2/accounts", ResourceKind.EntitySet)]
    [InlineData("/api/data/v9.2/accounts/", ResourceKind.EntitySet)]
    [InlineData("/api/data/v9.2/accounts/$count", ResourceKind.Count)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")", ResourceKind.Row)]
    [InlineData("/api/data/v9.1/accounts(accountid=" + Id + ")", ResourceKind.Row)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/primarycontactid", ResourceKind.Navigation)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/ownerid", ResourceKind.Navigation)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/ownerid_systemuser/$ref", ResourceKind.NavigationLink)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/contact_parentcustomerid_account", ResourceKind.Navigation)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/contact_parentcustomerid_account/$count", ResourceKind.NavigationCount)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/contact_parentcustomerid_account(" + Id + ")/$ref", ResourceKind.NavigationLink)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/name", ResourceKind.Property)]
    [InlineData("/api/data/v9.2/contacts(" + Id + ")/parentcustomerid_account", ResourceKind.Navigation)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/contact_parentcustomerid_account(" + Id + ")/fullname/$value", ResourceKind.PropertyValue)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/parentaccountid/primarycontactid/$ref", ResourceKind.NavigationLink)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/_primarycontactid_value", ResourceKind.Property)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/name/$value", ResourceKind.PropertyValue)]
    [InlineData("/api/data/v9.2/accounts/Microsoft.Dynamics.CRM.CreateMultiple", ResourceKind.BulkAction)]
    [InlineData("/api/data/v9.2/Merge", ResourceKind.RowAction)]
    [InlineData("/api/data/v9.2/RetrieveTotalRecordCount(EntityNames=@p1)", ResourceKind.RowFunction)]
    [InlineData("/api/data/v9.2/GrantAccess", ResourceKind.SharingAction)]
    [InlineData("/api/data/v9.2/RetrieveSharedPrincipalsAndAccess(Target=@t)", ResourceKind.SharingFunction)]
    internal void A_path_is_understood(string path, ResourceKind kind)
    {
        var parsed = ResourcePath.Parse(path, SampleMetadata.Snapshot);
        Assert.Equal(kind, parsed.Kind);
        if (kind is ResourceKind.EntitySet or ResourceKind.Count or ResourceKind.Row) Assert.Equal("account", parsed.Entity!.LogicalName);
        if (kind is ResourceKind.Row) Assert.Equal(Guid.Parse(Id), parsed.Key.Id);
    }

    [Theory]
    [InlineData("/api/data/v8.2/accounts", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.x/accounts", ErrorKind.NotFound)]
    [InlineData("/api/data", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/nonsense", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/Accounts", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/accounts/" + Id, ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/accounts(5)", ErrorKind.Invalid)]
    [InlineData("/api/data/v9.2/accounts()", ErrorKind.Invalid)]
    [InlineData("/api/data/v9.2/accounts('" + Id + "')", ErrorKind.Invalid)]
    [InlineData("/api/data/v9.2/accounts(" + Id, ErrorKind.Invalid)]
    [InlineData("/api/data/v9.2/accounts(accountid=5)", ErrorKind.Invalid)]
    [InlineData("/api/data/v9.2/accounts(name='a)b')", ErrorKind.Invalid)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/name/more", ErrorKind.NotImplemented)]
    [InlineData("/api/data/v9.2/accounts/Microsoft.Dynamics.CRM.Nothing", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/accounts/CreateMultiple", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/nothing", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/primarycontactid/$count", ErrorKind.NotImplemented)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/primarycontactid(" + Id + ")/$ref", ErrorKind.Invalid)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/ownerid/fullname", ErrorKind.NotImplemented)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/contact_parentcustomerid_account/fullname", ErrorKind.NotImplemented)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/primarycontactid/nothing", ErrorKind.NotFound)]
    [InlineData("/api/data/v9.2/accounts(" + Id + ")/parentaccountid/parentaccountid/parentaccountid/parentaccountid/parentaccountid/parentaccountid/parentaccountid/parentaccountid/parentaccountid/name", ErrorKind.Invalid)]
    public void A_path_that_leads_nowhere_says_why(string path, ErrorKind kind)
    {
        var refused = Assert.Throws<PlatformException>(() => ResourcePath.Parse(path, SampleMetadata.Snapshot));
        Assert.Equal(kind, refused.Kind);
    }
}
