using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_are_read_in_both_spellings()
    {
        var options = ServerOptions.Parse(["--urls", "http://127.0.0.1:7000", "--data=/tmp/d", "--database", "Host=x;Password==", "--demo"]);

        Assert.Equal("http://127.0.0.1:7000", options.Urls);
        Assert.Equal("/tmp/d", options.Data);
        Assert.Equal("Host=x;Password==", options.Database);
        Assert.True(options.DemoRows && options.AllPacks);
    }

    [Fact]
    public void Without_options_the_documented_defaults_hold()
    {
        var options = ServerOptions.Parse([]);

        Assert.Equal("http://127.0.0.1:5080", options.Urls);
        Assert.Equal(Path.GetFullPath("data"), options.Data);
        Assert.Null(options.Database);
        Assert.False(options.DemoRows || options.AllPacks || options.Help);
    }

    [Theory]
    [InlineData("Unknown option '--bogus'.", "--bogus")]
    [InlineData("Unknown option 'demo'.", "demo")]
    [InlineData("--data needs a value.", "--data")]
    [InlineData("--data needs a value.", "--data", "--demo")]
    [InlineData("--database needs a value.", "--database=")]
    [InlineData("--demo takes no value.", "--demo=yes")]
    [InlineData("--urls: '5080' is not an address such as http://127.0.0.1:5080.", "--urls", "5080")]
    public void A_wrong_command_line_says_what_is_wrong(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => ServerOptions.Parse(arguments)).Message);

    [Fact]
    public async Task An_unknown_option_ends_the_process_with_2_and_the_usage()
    {
        await using var server = ServerProcess.Start(null, "--bogus");

        Assert.Equal(2, await server.ExitAsync());
        Assert.Contains("Unknown option '--bogus'.", server.Output, StringComparison.Ordinal);
        Assert.Contains("--database STRING", server.Output, StringComparison.Ordinal);
    }
}
