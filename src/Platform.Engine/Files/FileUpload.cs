namespace Platform.Engine.Files;

/// <summary>Content on its way in: admitted, and not yet the value of a column.</summary>
/// <param name="Entity">Logical name of the entity whose column it is for.</param>
/// <param name="Attribute">Logical name of the column.</param>
/// <param name="Name">File name without a path.</param>
/// <param name="Received">Bytes that are stored.</param>
/// <param name="UserId">Who uploads; nobody else can go on with it or attach it.</param>
public sealed record FileUpload(Guid Id, string Entity, string Attribute, string Name, long Received, Guid UserId)
{
    /// <summary>Bytes of the whole, as its first chunk says; <c>null</c> before that, and where the content does not come in chunks.</summary>
    public long? Total { get; init; }
}
