namespace Platform.Engine.Files;

/// <summary>Looks at images and makes small ones of them. Decoders read what strangers send: an implementation keeps them out of this process.</summary>
public interface IThumbnailMaker
{
    /// <summary>A JPEG or PNG of at most 144 by 144 pixels, in the proportions of the image.</summary>
    /// <param name="image">Read once, from its beginning.</param>
    /// <returns><c>null</c> where thumbnails are not available here.</returns>
    /// <exception cref="UnreadableImageException">It is no image that can be shown, or one of too many pixels.</exception>
    Task<byte[]?> MakeAsync(Stream image, CancellationToken ct);
}

/// <summary>An image that cannot be shown.</summary>
/// <param name="reason">Half a sentence: what is wrong with it.</param>
public sealed class UnreadableImageException(string reason) : Exception(reason);

/// <summary>Where no decoder is installed: images are kept, and have no thumbnails.</summary>
internal sealed class NoThumbnails : IThumbnailMaker
{
    public Task<byte[]?> MakeAsync(Stream image, CancellationToken ct) => Task.FromResult<byte[]?>(null);
}
