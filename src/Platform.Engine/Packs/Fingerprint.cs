using System.Security.Cryptography;
using System.Text;

namespace Platform.Engine.Packs;

/// <summary>SHA-256 over texts. Each text is preceded by its length, so that no two lists of texts run together.</summary>
internal static class Fingerprint
{
    /// <returns>Lower-case hex.</returns>
    public static string Of(params ReadOnlySpan<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
