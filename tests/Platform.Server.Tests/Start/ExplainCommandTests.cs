using System.Text.Json;
using Platform.Server.Start;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

/// <summary><c>platform explain</c>, run as a consultant runs it.</summary>
public sealed class ExplainCommandTests
{
    private static string Sales => Path.Combine(PackFolders.Found().Plugins, "sales");

    [Fact]
    public async Task What_runs_on_a_message_is_printed_in_its_order()
    {
        var (code, output, _) = await PlatformCommand.RunAsync("explain", "opportunity", "Update", Sales);
        Assert.Equal(0, code);
        string[] order = ["Update of opportunity", "20 PreOperation", "customer of an opportunity  (sales/entities/opportunity/keep-customer.js)", "when the request names customerid", "close an opportunity", "pre-image before: statecode", "as caller; at most 2000 ms", "30 Update", "commit"];
        var at = 0;
        foreach (var piece in order)
        {
            at = output.IndexOf(piece, at, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{piece}' is missing or out of order:\n{output}");
        }
    }

    [Fact]
    public async Task A_custom_api_is_explained_by_its_name_and_as_json()
    {
        var (code, output, _) = await PlatformCommand.RunAsync("explain", "-", "WinOpportunity", Sales, "--json");
        Assert.Equal(0, code);
        using var plan = JsonDocument.Parse(output);
        var step = Assert.Single(plan.RootElement.GetProperty("steps").EnumerateArray());
        Assert.Equal(("MainOperation", "Caller", "win an opportunity"), (step.GetProperty("stage").GetString(), step.GetProperty("runAs").GetString(), step.GetProperty("name").GetString()));
        Assert.Equal(0, (await PlatformCommand.RunAsync("explain", "lead", "QualifyLead", Sales)).Code);
    }

    [Theory]
    [InlineData("leed", "Create", "There is no entity 'leed'")]
    [InlineData("lead", "Win", "There is no message 'Win'")]
    [InlineData("opportunity", "QualifyLead", "There is no message 'QualifyLead'")]
    public async Task What_is_not_there_is_said_in_words(string entity, string message, string words)
    {
        var (code, _, error) = await PlatformCommand.RunAsync("explain", entity, message, Sales);
        Assert.Equal(1, code);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }
}
