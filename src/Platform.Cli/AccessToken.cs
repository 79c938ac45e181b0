namespace Platform.Cli;

/// <summary>An administrator's access token from an environment variable.</summary>
/// <param name="Variable">The variable that holds it.</param>
internal sealed record AccessToken(string Variable, string Text)
{
    /// <param name="variables">Variables that may hold it, the first that is set counts.</param>
    /// <param name="server">Where a token is to be had, for the error.</param>
    /// <exception cref="CommandException">None is set, or what it holds is no token.</exception>
    public static AccessToken Read(IReadOnlyList<string> variables, Uri server)
    {
        foreach (var variable in variables)
        {
            // A token that was read from a file ends with the file's last line feed.
            if (Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } text) return new AccessToken(variable, Checked(variable, text));
        }

        throw new CommandException($"{string.Join(" or ", variables)} is not set.", $"It holds an administrator's access token: POST {new Uri(server, "/connect/token")}.");
    }

    private static string Checked(string variable, string text)
    {
        var wrong = text.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (wrong < 0) return text;
        var found = text[wrong] switch
        {
            '\n' or '\r' => "a line break",
            ' ' => "a space",
            var other => $"the character U+{(int)other:X4}",
        };
        throw new CommandException($"{variable} holds no access token: there is {found} at position {wrong + 1}.", "Set it to the text of access_token alone, without 'Bearer'.");
    }
}
