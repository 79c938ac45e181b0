namespace Platform.OData.Metadata.Types;

/// <summary>A view. Dataverse keeps views as rows of a table, and so names them as it names columns.</summary>
[Row]
internal sealed record SavedQuery
{
    /// <summary>The same in every installation; made of the names of the table and the view.</summary>
    [Key]
    public Guid? SavedQueryId { get; init; }

    /// <summary>In the caller's language.</summary>
    public string? Name { get; init; }

    /// <summary>Name of the view's file: by which packs and the app know it. Beyond Dataverse.</summary>
    public string? UniqueName { get; init; }

    /// <summary>Logical name of the table.</summary>
    public string? ReturnedTypeCode { get; init; }

    /// <summary>0: a list that everybody can choose.</summary>
    public int? QueryType { get; init; } = 0;

    public bool? IsDefault { get; init; }

    public bool? IsQuickFindQuery { get; init; } = false;

    public bool? IsManaged { get; init; }

    public bool? IsCustom { get; init; }

    /// <summary>What the view asks for; empty where it says what FetchXML has no words for.</summary>
    public string? FetchXml { get; init; }

    /// <summary>The columns of the list with their widths in pixels.</summary>
    public string? LayoutXml { get; init; }

    /// <summary>What the view asks for, as an OData filter; beyond Dataverse.</summary>
    public string? Filter { get; init; }

    /// <summary>What it sorts by, as an OData order; beyond Dataverse.</summary>
    public string? OrderBy { get; init; }

    /// <summary>0: active.</summary>
    public int? StateCode { get; init; } = 0;

    /// <summary>1: active.</summary>
    public int? StatusCode { get; init; } = 1;
}
