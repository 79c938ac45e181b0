using System.Globalization;
using System.Text;
using Platform.Engine.Messages;
using Platform.Engine.Queries;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.OData.Fetch;
using Platform.OData.Queries;
using Xunit.Abstractions;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>
/// Random queries over the same rows: SQLite, PostgreSQL and a plain evaluation in memory give the same rows in the same
/// order, the same values and counts. <c>QUERY_SEED</c> and <c>QUERY_COUNT</c> ask for others and more.
/// </summary>
public sealed class QueryAgreementTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int DefaultSeed = 1, DefaultCount = 10_000, MostFailures = 10;

    private static readonly string[] Zones = ["Asia/Seoul", "America/Los_Angeles", "UTC", "America/Havana", "Asia/Kathmandu", "America/Sao_Paulo"];
    private static readonly string[] Times = ["2024-03-10T12:00:00Z", "2024-03-10T04:30:00Z", "2024-11-03T05:30:00Z", "2023-12-31T15:00:00Z", "2024-02-29T23:30:00Z", "2024-01-01T07:59:59Z", "2018-11-04T12:00:00Z", "2024-03-10T12:00:00.5Z"];

    private readonly CaseClock clock = new();
    private readonly AgreementRows rows = AgreementRows.Make();
    private TestEngine sqlite = null!;
    private TestEngine postgreSql = null!;

    public async Task InitializeAsync()
    {
        (sqlite, postgreSql) = (await StartAsync(CoreDatabase.SqliteAsync()), await StartAsync(CoreDatabase.PostgreSqlAsync()));
    }

    public async Task DisposeAsync()
    {
        await sqlite.DisposeAsync();
        await postgreSql.DisposeAsync();
    }

    [Fact]
    public async Task Random_queries_have_one_answer_on_both_databases_and_in_memory()
    {
        var (seed, count) = (Number("QUERY_SEED", DefaultSeed), Number("QUERY_COUNT", DefaultCount));
        output.WriteLine($"QUERY_SEED={seed} QUERY_COUNT={count}");
        var failures = new SortedDictionary<int, string>();
        var (told, refused) = (0, 0);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (number, _) =>
        {
            if (failures.Count >= MostFailures) return;
            var question = new Question(new Random(unchecked((seed * 1_000_003) + number)), rows.Data);
            var (difference, answer) = await DifferenceAsync(question);
            if (answer.Lines.Length > 0) Interlocked.Increment(ref told);
            if (answer.Refusal is not null) Interlocked.Increment(ref refused);
            if (difference is null) return;
            lock (failures) failures[number] = $"QUERY_SEED={seed}, query {number}\n{difference}";
        });
        Assert.True(failures.Count == 0, string.Join("\n\n", failures.Values));
        // Queries that find nothing, or that nobody understands, agree too easily.
        output.WriteLine($"{told} with rows, {refused} refused");
        Assert.True(told > count / 2 && refused < count / 10, $"{told} of {count} answers had rows, {refused} were refusals");
    }

    /// <summary>What is different, told about the smallest query with a difference; <c>null</c> where all agree.</summary>
    private async Task<(string? Difference, Answer Answer)> DifferenceAsync(Question question)
    {
        var ask = question.Asked;
        var (difference, answer) = await DifferenceAsync(question, ask);
        if (difference is null) return (null, answer);
        for (var found = true; found;)
        {
            found = false;
            foreach (var smaller in ask.Smaller())
            {
                if (await DifferenceAsync(question, smaller) is not ({ } other, _) || other.Contains("refused", StringComparison.Ordinal) != difference.Contains("refused", StringComparison.Ordinal)) continue;
                (ask, difference, found) = (smaller, other, true);
                break;
            }
        }
        return ($"{question.Asked}\nsmallest: {ask}\n{question.Zone.Id}, {question.Now:O}\n{difference}", answer);
    }

    private async Task<(string? Difference, Answer Answer)> DifferenceAsync(Question question, Asked ask)
    {
        var (one, other) = (await AnswerAsync(sqlite, question, ask), await AnswerAsync(postgreSql, question, ask));
        // What nonsense means nobody has written down; it is the same nonsense on both.
        if (ask is BrokenAsk) return one.IsSame(other) && one.Refusal?.Contains("Exception", StringComparison.Ordinal) != true ? (null, one) : (Told(one, one, other), one);
        var asker = new Asker(question.Zone, question.Now);
        var plain = ask is FetchAsk fetch ? new PlainFetch(rows.Data, asker).Of(fetch) : new PlainAsk(rows.Data, asker).Of((Ask)ask);
        return (one.IsSame(plain) && other.IsSame(plain) ? null : Told(plain, one, other), plain);
    }

    private async Task<Answer> AnswerAsync(TestEngine engine, Question question, Asked ask)
    {
        clock.Set(question.Now);
        var caller = engine.Admin with { TimeZone = question.Zone };
        var found = new AnswerRows();
        long? total = null;
        try
        {
            var (first, next) = ask switch
            {
                FetchAsk fetch => Pages(engine, fetch),
                Ask plain => Pages(engine, plain.Table, plain.Url, plain.PageSize),
                _ => Pages(engine, ask.Table, ((BrokenAsk)ask).Query, Query.LargestPage),
            };
            for (var page = first; ;)
            {
                var end = await engine.SendAsync(new RetrieveMultiple(page, found), caller);
                if (ReferenceEquals(page, first)) total = end.Total;
                if (end.Next is not { } token) break;
                page = first with { After = next(token) };
            }
            // The number alone is another query.
            if (ask is Ask { Counts: true } && await CountAsync(engine, ask, caller) is var counted && counted != total) return new Answer([], counted) { Refusal = $"refused: counted {counted}, and {total} beside the rows" };
            return new Answer([.. found.Lines], total);
        }
        catch (PlatformException refusal)
        {
            return new Answer([], null) { Refusal = $"refused: {refusal.Kind} {refusal.Code} {refusal.Message}" };
        }
        catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
        {
            return new Answer([], null) { Refusal = $"refused: {fault.GetType().Name}: {fault.Message}\n{fault.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Platform.", StringComparison.Ordinal))}" };
        }
    }

    /// <summary><c>/$count</c></summary>
    private static async Task<long?> CountAsync(TestEngine engine, Asked ask, Caller caller) =>
        (await engine.SendAsync(new RetrieveMultiple(QueryPlans.Of(engine.Metadata).ForUrl(engine.Metadata.Entity(ask.Table.Name), ((Ask)ask).Url).Counting, new AnswerRows()), caller)).Total;

    /// <summary>The first page, and how a token comes back that a client was given.</summary>
    private static (Query First, Func<PageToken, PageToken?> Next) Pages(TestEngine engine, PlainTable table, string url, int size)
    {
        var plan = QueryPlans.Of(engine.Metadata).ForUrl(engine.Metadata.Entity(table.Name), url);
        return (plan.Page(lookupNames: false, size), token => SkipToken.Decode(SkipToken.Encode(token, plan), plan));
    }

    private static (Query First, Func<PageToken, PageToken?> Next) Pages(TestEngine engine, FetchAsk ask)
    {
        var plan = FetchPlan.Of(engine.Metadata, FetchText.Of(ask));
        return (plan.PageQuery(lookupNames: false, null), token => FetchCookie.Read(FetchCookie.Write(token, plan, 1), plan, 2));
    }

    private static string Told(Answer plain, Answer one, Answer other)
    {
        var text = new StringBuilder();
        foreach (var (name, answer) in new[] { ("in memory", plain), ("SQLite", one), ("PostgreSQL", other) })
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {answer.Refusal ?? $"{answer.Lines.Length} rows, total {answer.Total?.ToString(CultureInfo.InvariantCulture) ?? "-"}"}\n");
        }
        var lines = Math.Max(plain.Lines.Length, Math.Max(one.Lines.Length, other.Lines.Length));
        var shown = 0;
        for (var at = 0; at < lines && shown < 3; at++)
        {
            var (a, b, c) = (Line(plain, at), Line(one, at), Line(other, at));
            if (a == b && b == c) continue;
            shown++;
            text.Append(CultureInfo.InvariantCulture, $"row {at}\n  in memory   {a}\n  SQLite      {(b == a ? "the same" : b)}\n  PostgreSQL  {(c == a ? "the same" : c)}\n");
        }
        return text.ToString();
    }

    private static string Line(Answer answer, int at) => at >= answer.Lines.Length ? "(none)" : answer.Lines[at] is { Length: > 400 } line ? line[..400] + "…" : answer.Lines[at];

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var given) ? given : otherwise;

    private async Task<TestEngine> StartAsync(Task<TestDatabase> database)
    {
        var engine = await TestEngine.StartAsync(await database, clock, [], AgreementPack.Files);
        await rows.InsertAsync(engine);
        return engine;
    }

    /// <summary>A query, who sends it, and when.</summary>
    private sealed class Question
    {
        public Question(Random random, PlainData data)
        {
            Zone = TimeZoneInfo.FindSystemTimeZoneById(Zones[random.Next(Zones.Length)]);
            Now = DateTime.Parse(Times[random.Next(Times.Length)], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            Asked = random.Next(10) switch
            {
                < 3 => new RandomFetch(random, data).Make(),
                3 => BrokenAsk.Of(new RandomAsk(random, data).Make(), random),
                _ => new RandomAsk(random, data).Make(),
            };
        }

        public TimeZoneInfo Zone { get; }

        public DateTime Now { get; }

        public Asked Asked { get; }
    }

    /// <summary>Each question has its own time.</summary>
    private sealed class CaseClock : TimeProvider
    {
        private static readonly AsyncLocal<DateTimeOffset?> Time = new();

        public void Set(DateTime utc) => Time.Value = new DateTimeOffset(utc, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Time.Value ?? System.GetUtcNow();
    }
}
