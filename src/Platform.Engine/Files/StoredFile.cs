namespace Platform.Engine.Files;

/// <summary>What is known of the content of a file or image column.</summary>
/// <param name="Id">Value of the column.</param>
/// <param name="Name">File name without a path.</param>
/// <param name="MediaType">What it is served as; for an image what its bytes are, else what the name's ending says.</param>
/// <param name="Size">Bytes.</param>
/// <param name="IsImage">Its bytes were found to be an image of this media type.</param>
public sealed record StoredFile(Guid Id, string Name, string MediaType, long Size, bool IsImage);
