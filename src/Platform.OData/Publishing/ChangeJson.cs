using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Engine;
using Platform.OData.Reading;

namespace Platform.OData.Publishing;

/// <summary>Bodies under <c>/api/platform/</c>, and what is wrong with them in words of their sender.</summary>
internal static partial class ChangeJson
{
    /// <exception cref="PlatformException">It is no JSON, or not of the form that is expected.</exception>
    public static T Read<T>(ReadOnlySequence<byte> body, JsonSerializerOptions options)
    {
        try
        {
            var json = WholeJson.WithoutMark(body).ToArray();
            WholeJson.CheckMembers(json);
            return JsonSerializer.Deserialize<T>(json, options) ?? throw Errors.BadJson("the body is null.");
        }
        catch (JsonException broken) when (broken.Path is null)
        {
            throw Errors.BadJson($"{broken.Message.TrimEnd('.')}.");
        }
        catch (JsonException unfit)
        {
            throw Errors.BadJson(Sentence(unfit));
        }
    }

    // The library's sentences name its own types, which mean nothing to who sent the body.
    private static string Sentence(JsonException unfit)
    {
        var place = unfit.Path is { Length: > 1 } path ? $"'{path.TrimStart('$').TrimStart('.')}'" : "the body";
        if (Missing().Match(unfit.Message) is { Success: true } missing) return $"{place} lacks {missing.Groups[1].Value}.";
        if (Unknown().Match(unfit.Message) is { Success: true } unknown) return $"the property '{unknown.Groups[1].Value}' is unknown.";
        return $"{place} is not of the form that is expected there.";
    }

    [GeneratedRegex(@"missing required properties including: (('[^']*'(, )?)+)", RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^The JSON property '([^']*)' could not be mapped", RegexOptions.CultureInvariant)]
    private static partial Regex Unknown();
}
