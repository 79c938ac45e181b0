using System.Text;
using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.OData.Metadata.Model;
using Platform.OData.Model;
using Platform.Server.Start;

namespace Platform.Server.Tests.OData;

public sealed class EdmModelTests
{
    [Fact]
    public void The_csdl_is_read_back_by_a_csdl_parser_and_is_valid()
    {
        var model = ReadBack(SampleMetadata.Snapshot);
        var account = (IEdmEntityType)model.FindDeclaredType("Microsoft.Dynamics.CRM.account");
        Assert.Equal("crmbaseentity", ((IEdmEntityType)account.BaseType).Name);
        Assert.True(((IEdmEntityType)account.BaseType).IsAbstract);
        Assert.False(account.IsOpen);
        Assert.Equal("accountid", account.Key().Single().Name);
        Assert.Equal("Edm.Guid", account.FindProperty("lookup_primarycontactid_value").Type.FullName());
        Assert.Equal("Edm.DateTimeOffset", account.FindProperty("lastcall").Type.FullName());
        Assert.Equal("Edm.Date", account.FindProperty("founded").Type.FullName());
        Assert.Equal("Edm.Int32", account.FindProperty("industrycode").Type.FullName());
        Assert.Equal(4, ((IEdmDecimalTypeReference)account.FindProperty("revenue").Type).Scale);
        Assert.Equal(160, ((IEdmStringTypeReference)account.FindProperty("name").Type).MaxLength);
    }

    [Fact]
    public async Task The_csdl_of_the_shipped_packs_is_valid()
    {
        var folders = PackFolders.Found();
        var packs = new List<PackFiles> { await PackReader.ReadAsync(folders.Core, CancellationToken.None) };
        foreach (var plugin in Directory.EnumerateDirectories(folders.Plugins).Order(StringComparer.Ordinal))
            packs.Add(await PackReader.ReadAsync(plugin, CancellationToken.None));
        var compiled = MetadataCompiler.Compile(packs, version: 1);
        Assert.Empty(compiled.Errors);

        var model = ReadBack(compiled.Snapshot!);

        Assert.Equal(compiled.Snapshot!.Entities.Length + MetadataModel.Sets.Length, model.EntityContainer.EntitySets().Count());
    }

    [Fact]
    public void Navigation_properties_have_partners_constraints_and_sets()
    {
        var model = EdmModelBuilder.Of(SampleMetadata.Snapshot);
        var contact = (IEdmEntityType)model.FindDeclaredType("Microsoft.Dynamics.CRM.contact");
        var parent = (IEdmNavigationProperty)contact.FindProperty("parentcustomerid_account");

        Assert.Equal("contact_parentcustomerid_account", parent.Partner.Name);
        Assert.Equal(EdmMultiplicity.Many, parent.Partner.TargetMultiplicity());
        Assert.Equal("_parentcustomerid_value", parent.DependentProperties().Single().Name);
        Assert.Equal("accounts", model.EntityContainer.FindEntitySet("contacts").FindNavigationTarget(parent).Name);
    }

    [Fact]
    public void A_type_that_was_asked_for_first_is_the_same_in_the_document()
    {
        var (asked, whole) = (Fresh(), Fresh());
        var contact = (IEdmEntityType)EdmModelBuilder.Of(asked).FindDeclaredType("Microsoft.Dynamics.CRM.contact");
        Assert.NotNull(contact.FindProperty("parentcustomerid_account"));

        Assert.Equal(MetadataDocument.XmlOf(whole).Bytes, MetadataDocument.XmlOf(asked).Bytes);

        static MetadataSnapshot Fresh() => new(SampleMetadata.Snapshot.Version, SampleMetadata.Snapshot.Entities);
    }

    [Fact]
    public void The_bytes_are_made_once_and_the_tag_names_the_version()
    {
        var document = MetadataDocument.XmlOf(SampleMetadata.Snapshot);
        Assert.Same(document, MetadataDocument.XmlOf(SampleMetadata.Snapshot));
        Assert.Equal("W/\"metadata-7\"", document.EntityTag);
        Assert.StartsWith("<?xml", Encoding.UTF8.GetString(document.Bytes), StringComparison.Ordinal);
    }

    private static IEdmModel ReadBack(MetadataSnapshot metadata)
    {
        // Names may begin with an underscore by the standard's schema, and Dataverse's do; this version of the parser does not know.
        var text = Encoding.UTF8.GetString(MetadataDocument.XmlOf(metadata).Bytes).Replace("\"_", "\"lookup_", StringComparison.Ordinal);
        using var xml = XmlReader.Create(new StringReader(text));
        Assert.True(CsdlReader.TryParse(xml, out var model, out var errors), string.Join("; ", errors));
        Assert.True(model.Validate(out var invalid), string.Join("; ", invalid));
        return model;
    }
}
