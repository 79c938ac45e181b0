using System.Globalization;
using Platform.Server.Start;

namespace Platform.Server;

/// <summary>What the command line said.</summary>
internal sealed record ServerOptions
{
    public const string Usage = """
        Usage: Platform.Server [options]

          --urls URL          address to listen on (default http://127.0.0.1:5080; several with ';', port 0 takes a free one)
          --data DIR          folder of the embedded database (default ./data)
          --database STRING   PostgreSQL connection string ("Host=…;Username=…"), used instead of the embedded database
          --demo              install all packs and their demo rows
          --help              this text

        Environment
          PLATFORM_ADMIN_PASSWORD   password of 'admin' at the first start; without it a random one is printed once
        """;

    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Absolute path.</summary>
    public string Data { get; init; } = Path.GetFullPath("data");

    /// <summary>PostgreSQL connection string; <c>null</c> for the embedded database.</summary>
    public string? Database { get; init; }

    /// <summary>Install every pack that is there, not only those installed before.</summary>
    public bool AllPacks { get; init; }

    /// <summary>Bring the packs' demo rows.</summary>
    public bool DemoRows { get; init; }

    public bool Help { get; init; }

    /// <summary>Password of the first administrator; <c>null</c> lets the server make one up and print it.</summary>
    public string? AdminPassword { get; init; }

    /// <summary>Where packs are read from.</summary>
    public PackFolders Packs { get; init; } = PackFolders.Found();

    /// <summary>Reads the command line.</summary>
    /// <exception cref="UsageException">An option is unknown or lacks its value.</exception>
    public static ServerOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ServerOptions { AdminPassword = Blank(Environment.GetEnvironmentVariable("PLATFORM_ADMIN_PASSWORD")) };
        for (var at = 0; at < arguments.Count; at++)
        {
            var (name, value) = arguments[at].Split('=', 2) is [var left, var right] && left.StartsWith("--", StringComparison.Ordinal)
                ? (left, right)
                : (arguments[at], (string?)null);
            options = name switch
            {
                "--urls" => options with { Urls = Addresses(Value()) },
                "--data" => options with { Data = Path.GetFullPath(Value()) },
                "--database" => options with { Database = Value() },
                "--demo" when value is null => options with { AllPacks = true, DemoRows = true },
                "--help" or "-h" when value is null => options with { Help = true },
                "--demo" or "--help" or "-h" => throw new UsageException($"{name} takes no value."),
                _ => throw new UsageException($"Unknown option '{name}'."),
            };

            string Value()
            {
                var given = value ?? (at + 1 < arguments.Count ? arguments[++at] : "");
                return given.Length > 0 && (value is not null || !given.StartsWith("--", StringComparison.Ordinal))
                    ? given
                    : throw new UsageException($"{name} needs a value.");
            }
        }

        return options;
    }

    private static string Addresses(string text)
    {
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Kestrel also takes * and + as host; for the form of the address they are as good as a name.
            var address = part.Replace("//*", "//host", StringComparison.Ordinal).Replace("//+", "//host", StringComparison.Ordinal);
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--urls: '{part}' is not an address such as http://127.0.0.1:5080."));
        }

        return text;
    }

    private static string? Blank(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>The command line is wrong; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);
