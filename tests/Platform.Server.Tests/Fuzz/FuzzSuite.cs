using System.Globalization;
using System.Net;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Fuzz;

public sealed class FuzzOnSqlite() : FuzzSuite(TestDatabase.Sqlite);

public sealed class FuzzOnPostgreSql() : FuzzSuite(TestDatabase.PostgreSql);

/// <summary>
/// Hostile requests by the thousand. The same ones in every run, so that a failure is that of a change;
/// <c>PLATFORM_FUZZ_SEED</c> and <c>PLATFORM_FUZZ_COUNT</c> ask for others and more, <c>PLATFORM_FUZZ_FIRST</c> begins with a later one.
/// </summary>
public abstract class FuzzSuite(TestDatabase database) : IAsyncLifetime
{
    private const int AtATime = 8;
    private const int Round = 500;

    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(database: database, packs: ThingPack.WriteTo);
        await FuzzModel.SeedAsync(server.Http);
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Whatever_is_sent_is_answered_properly_and_what_is_refused_changes_nothing()
    {
        var (seed, first, count) = (Setting("SEED", 20261126), Setting("FIRST", 0), Setting("COUNT", 5000));
        var model = await FuzzModel.OfAsync(server.Http);
        using var run = new FuzzRun(server.Http, AtATime);
        var faults = new List<string>();
        for (var from = first; from < first + count && faults.Count < 20; from += Round)
        {
            var requests = Enumerable.Range(from, Math.Min(Round, first + count - from)).Select(number => RequestGrammar.Make(seed, number, model)).ToList();
            var answers = await run.SendAsync(requests);
            faults.AddRange(answers.Select(run.Describe).OfType<string>());
            faults.AddRange(await ChangesAsync(run, [.. answers.Where(answer => answer.IsRefused).Select(answer => answer.Request)]));
        }

        var statuses = string.Join(", ", run.Statuses.Select(status => $"{status.Value} × {status.Key}"));
        Assert.True(faults.Count == 0, $"PLATFORM_FUZZ_SEED={seed}, {statuses}\n\n{string.Join("\n\n", faults.Take(20))}");
        // Half-way sensible cases come through, or they try nothing but the first check.
        Assert.True(count < 1000 || (Share(200, 299) > 0.15 && Share(400, 501) > 0.3), statuses);
        (await server.Http.ReadAsync("accounts?$top=1")).Demand(HttpStatusCode.OK);

        double Share(int lowest, int highest) => run.Statuses.Where(status => status.Key >= lowest && status.Key <= highest).Sum(status => status.Value) / (double)run.Statuses.Values.Sum();
    }

    /// <summary>Sends what was refused once more, with nobody else there to change anything.</summary>
    private async Task<IEnumerable<string>> ChangesAsync(FuzzRun run, List<FuzzRequest> refused)
    {
        var before = await server.FingerprintAsync();
        var again = await run.SendAsync(refused, isRepeated: true);
        var changes = DatabaseFingerprint.Changes(before, await server.FingerprintAsync());
        // What other cases made in between may let one through: then the rest is tried without it.
        if (again.Any(answer => !answer.IsRefused)) return await ChangesAsync(run, [.. again.Where(answer => answer.IsRefused).Select(answer => answer.Request)]);
        if (changes.Count == 0) return [];
        if (refused.Count == 1) return [$"refused, and yet it changed {string.Join("; ", changes)}\n{refused[0]}"];
        var (first, second) = (refused.Take(refused.Count / 2).ToList(), refused.Skip(refused.Count / 2).ToList());
        var found = (await ChangesAsync(run, first)).Concat(await ChangesAsync(run, second)).ToList();
        return found.Count > 0 ? found : [$"{refused.Count} refused requests changed {string.Join("; ", changes)}, none of them alone"];
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable($"PLATFORM_FUZZ_{name}"), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
