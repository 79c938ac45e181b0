using SkiaSharp;

namespace Platform.ImageWorker;

/// <summary>Makes small images.</summary>
internal static class Thumbnail
{
    /// <summary>Longest side, in pixels (Dataverse's).</summary>
    private const int Side = 144;

    /// <summary>An image of more pixels is not decoded: a few kilobytes can claim gigabytes of them.</summary>
    private const long MostPixels = 50_000_000;

    private const int Quality = 85;

    /// <summary>Does everything once, so that nothing has to be loaded any more.</summary>
    public static void WarmUp()
    {
        using var sample = new SKBitmap(Side * 2, Side, isOpaque: false);
        sample.Erase(SKColors.Transparent);
        foreach (var format in (SKEncodedImageFormat[])[SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg])
        {
            using var data = sample.Encode(format, Quality);
            Make(data.ToArray());
        }
        Make([1, 2, 3]);
    }

    /// <returns>A PNG where pixels are transparent, else a JPEG; or <c>null</c> and why there is none, as half a sentence.</returns>
    public static (byte[]? Image, string Reason) Make(byte[] image)
    {
        using var data = SKData.CreateCopy(image);
        using var codec = SKCodec.Create(data);
        if (codec is null) return (null, "it cannot be decoded");
        var size = codec.Info.Size;
        if ((long)size.Width * size.Height > MostPixels) return (null, $"it has {size.Width} × {size.Height} pixels, more than {MostPixels / 1_000_000} million");
        using var decoded = Decode(codec);
        if (decoded is null) return (null, "it cannot be decoded to its end");
        using var small = Shrink(decoded, codec.EncodedOrigin);
        var isOpaque = codec.Info.IsOpaque;
        using var encoded = small.Encode(isOpaque ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, Quality);
        return encoded is null ? (null, "it cannot be made smaller") : (encoded.ToArray(), "");
    }

    /// <summary>Decodes no more pixels than needed, where the format can leave some out.</summary>
    private static SKBitmap? Decode(SKCodec codec)
    {
        var longest = Math.Max(codec.Info.Width, codec.Info.Height);
        var size = codec.GetScaledDimensions(Math.Min(1f, 2f * Side / longest));
        var bitmap = new SKBitmap(codec.Info.WithSize(size).WithColorType(SKColorType.Rgba8888).WithAlphaType(codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Premul));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success) return bitmap;
        bitmap.Dispose();
        return null;
    }

    /// <summary>The image upright, within the square.</summary>
    private static SKBitmap Shrink(SKBitmap image, SKEncodedOrigin origin)
    {
        var isTurned = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = isTurned ? (image.Height, image.Width) : (image.Width, image.Height);
        var scale = Math.Min(1f, (float)Side / Math.Max(width, height));
        var small = new SKBitmap(Math.Max(1, (int)MathF.Round(width * scale)), Math.Max(1, (int)MathF.Round(height * scale)), image.ColorType, image.AlphaType);
        using var canvas = new SKCanvas(small);
        canvas.Clear(image.AlphaType == SKAlphaType.Opaque ? SKColors.White : SKColors.Transparent);
        canvas.Scale((float)small.Width / width, (float)small.Height / height);
        canvas.Concat(Upright(origin, image.Width, image.Height));
        using var picture = SKImage.FromBitmap(image);
        canvas.DrawImage(picture, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return small;
    }

    /// <summary>Undoes how the camera was held (EXIF).</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
