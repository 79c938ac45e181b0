using System.Text;

namespace Platform.Server.Tests.Fuzz;

/// <summary>Breaks texts that were right.</summary>
internal static class Mutation
{
    private static readonly string[] Pieces =
    [
        "'", "\"", "(", ")", "[", "]", "{", "}", ",", ":", ";", "=", "$", "@", "%", "/", "\\", "&", "*", "..", "\0", "\ud800", "한", "\ufeff", " ", "\t", "\r\n", "--", "null", "not ", " and ", " or ", "-", "1e999", "$count", "$ref", "$value", "/any(x:x/name eq 1)",
    ];

    /// <summary>The text, or one time of <paramref name="oneIn"/>, in calm cases less often, a broken one.</summary>
    public static string MaybeBroken(this Dice dice, string text, int oneIn) => dice.Oddly(oneIn) ? Break(dice, text) : text;

    public static string Break(Dice dice, string text)
    {
        foreach (var change in dice.Some(1, 3, () => dice.Below(7)))
        {
            var at = dice.Below(text.Length + 1);
            var length = Math.Min(dice.Below(12), text.Length - at);
            text = change switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, dice.One(Pieces)),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text[..at],
                4 => text[at..],
                5 => text.Remove(at, length).Insert(Math.Min(at, text.Length - length), dice.One(Pieces)),
                _ => text.Insert(at, string.Concat(Enumerable.Repeat(dice.One(Pieces), dice.One(2, 20, 200)))),
            };
            if (text.Length > 100_000) text = text[..100_000];
        }
        return text;
    }

    /// <summary>Percent-encodes, as clients do or only what a request line cannot hold; halves of surrogate pairs as three bytes, which is no UTF-8.</summary>
    public static string Encode(this Dice dice, string text)
    {
        var lazy = dice.Once(4);
        var result = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length; at++)
        {
            var one = text[at];
            if (char.IsAsciiLetterOrDigit(one) || "-_.~()',*!$:@/".Contains(one, StringComparison.Ordinal) || (lazy && one is > ' ' and < '\u007f' and not '#' and not '&')) result.Append(one);
            else if (char.IsHighSurrogate(one) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])) Add(Encoding.UTF8.GetBytes(text, at++, 2));
            else if (char.IsSurrogate(one)) Add([(byte)(0xE0 | (one >> 12)), (byte)(0x80 | ((one >> 6) & 0x3F)), (byte)(0x80 | (one & 0x3F))]);
            else Add(Encoding.UTF8.GetBytes([one]));
        }
        return result.ToString();

        void Add(byte[] bytes)
        {
            foreach (var each in bytes) result.Append('%').Append(each.ToString("X2", null));
        }
    }

    /// <summary>UTF-8, halves of surrogate pairs as three bytes.</summary>
    public static byte[] Bytes(string text)
    {
        using var bytes = new MemoryStream(text.Length + 16);
        for (var at = 0; at < text.Length; at++)
        {
            var one = text[at];
            if (char.IsHighSurrogate(one) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])) bytes.Write(Encoding.UTF8.GetBytes(text, at++, 2));
            else if (char.IsSurrogate(one)) bytes.Write([(byte)(0xE0 | (one >> 12)), (byte)(0x80 | ((one >> 6) & 0x3F)), (byte)(0x80 | (one & 0x3F))]);
            else bytes.Write(Encoding.UTF8.GetBytes([one]));
        }
        return bytes.ToArray();
    }
}
