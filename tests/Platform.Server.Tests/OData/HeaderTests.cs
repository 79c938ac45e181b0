using Platform.Engine;
using Platform.OData.Headers;

namespace Platform.Server.Tests.OData;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("return=representation", true, null, AnnotationSet.None, "return=representation")]
    [InlineData("return=minimal", false, null, AnnotationSet.None, "return=minimal")]
    [InlineData("odata.maxpagesize=50", false, 50, AnnotationSet.None, "odata.maxpagesize=50")]
    [InlineData("odata.maxpagesize=9000", false, 5000, AnnotationSet.None, "odata.maxpagesize=5000")]
    [InlineData("odata.maxpagesize=0, respond-async; wait=10", false, null, AnnotationSet.None, null)]
    [InlineData("odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\"", false, null, AnnotationSet.FormattedValue, "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\"")]
    [InlineData("odata.include-annotations=\"OData.Community.*,Microsoft.Dynamics.CRM.lookuplogicalname\", return=representation", true, null,
        AnnotationSet.FormattedValue | AnnotationSet.LookupLogicalName,
        "odata.include-annotations=\"OData.Community.*,Microsoft.Dynamics.CRM.lookuplogicalname\",return=representation")]
    [InlineData("odata.include-annotations=*", false, null, (AnnotationSet)1023, "odata.include-annotations=\"*\"")]
    [InlineData("odata.include-annotations=\"*,-Microsoft.PowerApps.CDS.*,-Microsoft.Dynamics.CRM.*\"", false, null, AnnotationSet.FormattedValue,
        "odata.include-annotations=\"*,-Microsoft.PowerApps.CDS.*,-Microsoft.Dynamics.CRM.*\"")]
    [InlineData("Return=representation, OData.MaxPageSize=7, ODATA.include-annotations=*", true, 7, (AnnotationSet)1023, "return=representation,odata.maxpagesize=7,odata.include-annotations=\"*\"")]
    [InlineData("handling=strict", false, null, AnnotationSet.None, null)]
    [InlineData(",;=\"", false, null, AnnotationSet.None, null)]
    internal void A_preference_is_honoured_and_echoed_or_passed_over(string header, bool representation, int? size, AnnotationSet annotations, string? applied)
    {
        var preferences = Preferences.Of(header);
        Assert.Equal((representation, size, annotations, applied), (preferences.ReturnRepresentation, preferences.MaxPageSize, preferences.Annotations, preferences.Applied));
    }

    [Fact]
    public void Names_of_preferences_have_no_case()
    {
        var preferences = Preferences.Of("Odata.Track-Changes,PLATFORM.explain,OData.Continue-On-Error");
        Assert.True(preferences is { TrackChanges: true, Explain: true, ContinueOnError: true });
    }

    [Theory]
    [InlineData("W/\"123\"", 123L)]
    [InlineData("\"123\"", 123L)]
    [InlineData("*", null)]
    public void If_match_demands_a_version(string header, long? version) => Assert.Equal(version, EntityTag.Demanded(header));

    [Theory]
    [InlineData("123")]
    [InlineData("W/123")]
    [InlineData("W/\"abc\"")]
    [InlineData("W/\"\"")]
    [InlineData("\"")]
    [InlineData("W/\"1\", W/\"2\"")]
    public void A_malformed_if_match_is_a_bad_request(string header) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PlatformException>(() => EntityTag.Demanded(header)).Kind);

    [Fact]
    public void If_none_match_null_switches_nothing_but_a_cache_off()
    {
        Assert.Null(EntityTag.Known("null"));
        Assert.Equal(5, EntityTag.Known("W/\"5\""));
    }
}
