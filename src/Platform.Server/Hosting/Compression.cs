using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace Platform.Server.Hosting;

/// <summary>Answers of the Web API travel compressed to clients that take it (brotli, gzip). Pages of the app do not: beside their antiforgery tokens stands what others wrote.</summary>
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
        builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        builder.Services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void UseCompression(this WebApplication app) =>
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api"), api => api.UseResponseCompression());
}
