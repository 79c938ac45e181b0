using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Net.Http.Headers;

namespace Platform.Server.Hosting;

/// <summary>Bodies for the Web API may come compressed (brotli, gzip, deflate), and answers travel compressed to clients that take it (brotli, gzip). Pages of the app do not: beside their antiforgery tokens stands what others wrote.</summary>
internal static class Compression
{
    public static void AddCompression(this WebApplicationBuilder builder)
    {
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["application/json", "application/xml", "multipart/mixed"];
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        builder.Services.AddRequestDecompression();
        builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void UseCompression(this WebApplication app) =>
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api"), api => api.UseResponseCompression());

    /// <summary>Expects routing before it: what a path takes is counted in decompressed bytes.</summary>
    public static void UseDecompression(this WebApplication app) => app.UseWhen(http => http.Request.Path.StartsWithSegments("/api"), api =>
    {
        api.Use((http, next) =>
        {
            var headers = http.Request.Headers;
            if (headers.ContentEncoding == "identity") headers.Remove(HeaderNames.ContentEncoding);
            // It is the length of what travels, not of what is read.
            if (headers.ContentEncoding.Count > 0) http.Request.ContentLength = null;
            return next(http);
        });
        api.UseRequestDecompression();
    });
}
