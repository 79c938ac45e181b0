using System.CommandLine;

namespace Platform.Cli;

/// <summary><c>platform diff URL-A URL-B</c>: what two running systems have that the other has not, or has otherwise.</summary>
internal static class DiffCommand
{
    private const int Same = 0, Drift = 1, NotCompared = 2;

    public static Command Command()
    {
        var a = new Argument<Uri>("URL-A") { Description = "Address of a server.", CustomParser = ServerClient.ParseUrl };
        var b = new Argument<Uri>("URL-B") { Description = "Address of the server to compare it with.", CustomParser = ServerClient.ParseUrl };
        var json = new Option<bool>("--json") { Description = "Print the differences as JSON." };
        var command = new Command(
            "diff",
            "Compares what is in force on two running systems: versions of packs, and components property by property, with the layers that decide. "
            + $"The tokens of administrators are read from {ServerClient.TokenVariable}_A and {ServerClient.TokenVariable}_B, each else from {ServerClient.TokenVariable}. Exit code 0: no drift, 1: drift, 2: not compared.") { a, b, json };
        command.SetAction((parsed, ct) => Failure.CatchAsync(parsed, json, NotCompared, async () =>
        {
            using var first = new ServerClient(parsed.GetValue(a)!, $"{ServerClient.TokenVariable}_A", ServerClient.TokenVariable);
            using var second = new ServerClient(parsed.GetValue(b)!, $"{ServerClient.TokenVariable}_B", ServerClient.TokenVariable);
            var (left, right) = (first.GetAsync("components", ct), second.GetAsync("components", ct));
            await Task.WhenAll(left, right);
            var drift = SystemDrift.Between(await left, await right);
            Console.Write(parsed.GetValue(json) ? drift.ToJson(parsed.GetValue(a)!, parsed.GetValue(b)!).ToJsonString(ServerClient.Json) : PlanText.Drift(drift));
            return drift.IsNone ? Same : Drift;
        }));
        return command;
    }
}
