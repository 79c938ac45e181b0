namespace Platform.Engine.Metadata;

/// <summary>Which rows of the many side follow an action on the row that they point to.</summary>
public enum CascadeScope
{
    /// <summary>None of them.</summary>
    None,

    /// <summary>Those in the table's first state, which is that of new rows.</summary>
    Active,

    /// <summary>Those with the owner that the row had.</summary>
    UserOwned,

    /// <summary>All of them.</summary>
    Cascade,
}

/// <summary>
/// Dataverse's cascade rules of a relationship beside Delete (<see cref="DeleteBehavior"/>).
/// </summary>
/// <param name="Assign">Rows that get the new owner.</param>
/// <param name="Share">Rows on which rights that are granted on the row are granted, too.</param>
/// <param name="Unshare">Rows on which rights that are taken away on the row end, too.</param>
/// <param name="Reparent">Rows that inherit from a row that they are put below: what its owner and those may do who have it shared.</param>
/// <param name="Merge">The rows follow the merge of the row that they point to.</param>
public sealed record CascadeRules(CascadeScope Assign, CascadeScope Share, CascadeScope Unshare, CascadeScope Reparent, bool Merge)
{
    /// <summary>Nothing follows.</summary>
    public static CascadeRules None { get; } = new(CascadeScope.None, CascadeScope.None, CascadeScope.None, CascadeScope.None, false);

    /// <summary>Who owns or sees the row decides who owns or sees the rows that point to it: a table has one such parent.</summary>
    public bool IsParental => (Assign, Share, Unshare, Reparent) != (CascadeScope.None, CascadeScope.None, CascadeScope.None, CascadeScope.None);
}
