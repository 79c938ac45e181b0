namespace Platform.Engine.Metadata;

/// <summary>Something that is known of the content of a file or image column, as a column of its own.</summary>
/// <param name="Entity">Table that has the column.</param>
/// <param name="Attribute">The file or image column.</param>
public sealed record FileFact(string Entity, string Attribute, FileFactKind Fact) : ComputedColumn;

public enum FileFactKind
{
    /// <summary>Its file name (<c>new_doc_name</c>).</summary>
    Name,

    /// <summary>Its id (<c>entityimageid</c>).</summary>
    Id,

    /// <summary>When it was uploaded, in ticks (<c>entityimage_timestamp</c>): tells a browser's cache a new image from the old one.</summary>
    Timestamp,

    /// <summary>Address below the server's root where it can be read (<c>entityimage_url</c>).</summary>
    Url,
}
