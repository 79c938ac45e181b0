using System.Security.Cryptography;
using System.Text;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox;

/// <summary>Content hash of a script: equal keys mean equal code.</summary>
internal static class ScriptKey
{
    /// <summary>Goes up whenever the same source would compile to something else.</summary>
    private const int CompilerVersion = 1;

    public static string Of(ScriptSource source)
    {
        // The file's name counts: it is part of the image's error messages. So does the runtime to which an image is bound.
        var content = $"{CompilerVersion}\n{Environment.Version.Major}\n{source.Language}\n{source.File}\n{source.Text}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }
}
