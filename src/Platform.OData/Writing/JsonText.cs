using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.OData.Writing;

/// <summary>How answers are encoded. Korean stays Korean: answers are never part of a page, and they say <c>nosniff</c>.</summary>
internal static class JsonText
{
    public static JavaScriptEncoder Encoder { get; } = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // The code that writes is under test; checking its brackets on each request would cost a tenth of the time.
    public static JsonWriterOptions Options { get; } = new() { Encoder = Encoder, SkipValidation = true };

    public static JsonEncodedText Encode(string text) => JsonEncodedText.Encode(text, Encoder);
}
