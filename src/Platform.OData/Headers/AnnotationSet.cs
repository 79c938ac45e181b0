namespace Platform.OData.Headers;

/// <summary>The annotations that <c>Prefer: odata.include-annotations</c> can ask for.</summary>
[Flags]
internal enum AnnotationSet
{
    None = 0,
    FormattedValue = 1,
    LookupLogicalName = 2,
    AssociatedNavigation = 4,
    TotalRecordCount = 8,
    TotalRecordCountLimitExceeded = 16,
    GlobalMetadataVersion = 32,
    SubErrorCode = 64,
    TraceText = 128,
    FetchCookie = 256,
    MoreRecords = 512,
}

/// <summary>Full names of annotations.</summary>
internal static class AnnotationNames
{
    public const string FormattedValue = "OData.Community.Display.V1.FormattedValue";
    public const string LookupLogicalName = "Microsoft.Dynamics.CRM.lookuplogicalname";
    public const string AssociatedNavigation = "Microsoft.Dynamics.CRM.associatednavigationproperty";
    public const string TotalRecordCount = "Microsoft.Dynamics.CRM.totalrecordcount";
    public const string TotalRecordCountLimitExceeded = "Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded";
    public const string GlobalMetadataVersion = "Microsoft.Dynamics.CRM.globalmetadataversion";
    public const string FetchCookie = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie";
    public const string MoreRecords = "Microsoft.Dynamics.CRM.morerecords";
    public const string SubErrorCode = "Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode";
    public const string TraceText = "Microsoft.PowerApps.CDS.TraceText";

    private static readonly (string Name, AnnotationSet Flag)[] All =
    [
        (FormattedValue, AnnotationSet.FormattedValue),
        (LookupLogicalName, AnnotationSet.LookupLogicalName),
        (AssociatedNavigation, AnnotationSet.AssociatedNavigation),
        (TotalRecordCount, AnnotationSet.TotalRecordCount),
        (TotalRecordCountLimitExceeded, AnnotationSet.TotalRecordCountLimitExceeded),
        (GlobalMetadataVersion, AnnotationSet.GlobalMetadataVersion),
        (SubErrorCode, AnnotationSet.SubErrorCode),
        (TraceText, AnnotationSet.TraceText),
        (FetchCookie, AnnotationSet.FetchCookie),
        (MoreRecords, AnnotationSet.MoreRecords),
    ];

    /// <summary>Reads a list such as <c>OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.*,-Microsoft.PowerApps.*</c>; the last pattern that fits a name decides.</summary>
    public static AnnotationSet Matching(ReadOnlySpan<char> list)
    {
        var set = AnnotationSet.None;
        foreach (var range in list.Split(','))
        {
            var pattern = list[range].Trim();
            var exclude = pattern.StartsWith('-');
            if (exclude) pattern = pattern[1..];
            foreach (var (name, flag) in All)
                if (Fits(name, pattern)) set = exclude ? set & ~flag : set | flag;
        }
        return set;
    }

    private static bool Fits(string name, ReadOnlySpan<char> pattern) =>
        pattern.EndsWith('*') ? name.AsSpan().StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern.SequenceEqual(name);
}
