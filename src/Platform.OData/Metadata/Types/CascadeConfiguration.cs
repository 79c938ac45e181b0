namespace Platform.OData.Metadata.Types;

/// <summary>What a row follows of the row that it points to.</summary>
internal sealed record CascadeConfiguration
{
    public CascadeType? Assign { get; init; }

    public CascadeType? Delete { get; init; }

    public CascadeType? Archive { get; init; } = CascadeType.RemoveLink;

    public CascadeType? Merge { get; init; }

    public CascadeType? Reparent { get; init; }

    public CascadeType? Share { get; init; }

    public CascadeType? Unshare { get; init; }

    public CascadeType? RollupView { get; init; } = CascadeType.NoCascade;
}

internal enum CascadeType
{
    NoCascade = 0,
    Cascade = 1,
    Active = 2,
    UserOwned = 3,
    RemoveLink = 4,
    Restrict = 5,
}
