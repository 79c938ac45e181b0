using System.Collections.Concurrent;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries.Explaining;

/// <summary>
/// Refuses queries that would cost more than everybody can bear, before they run. Only those are asked about that can
/// multiply rows with rows or work through all of them at once: others stop when the page is full, or cost one walk
/// through a table.
/// </summary>
internal sealed class QueryBudget(EngineOptions options, TimeProvider clock)
{
    private const int MostKnown = 5000;

    /// <summary>How long a plan is believed: tables grow.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, long> affordable = new(StringComparer.Ordinal);

    /// <exception cref="PlatformException">The query costs too much; its explanation is with the failure.</exception>
    public async ValueTask DemandAsync(Query query, CompiledQuery compiled, MessageScope scope, CancellationToken ct)
    {
        if (options.QueryBudget <= 0 || !Multiplies(query)) return;
        var now = clock.GetTimestamp();
        if (affordable.TryGetValue(compiled.Rows.Text, out var known) && clock.GetElapsedTime(known, now) < Believed) return;
        var plan = await scope.InTransaction.ExplainAsync(compiled.Rows, ct);
        if (plan.Cost > options.QueryBudget) throw Errors.QueryTooExpensive(Explain(query, compiled, plan, scope));
        if (affordable.Count >= MostKnown) affordable.Clear();
        affordable[compiled.Rows.Text] = now;
    }

    /// <summary>Says how a query would be answered.</summary>
    public async Task<QueryExplanation> ExplainAsync(Query query, CompiledQuery compiled, MessageScope scope, CancellationToken ct) =>
        Explain(query, compiled, await scope.InTransaction.ExplainAsync(compiled.Rows, ct), scope);

    private QueryExplanation Explain(Query query, CompiledQuery compiled, StatementPlan plan, MessageScope scope) => new(
        compiled.Rows,
        plan,
        compiled.Count,
        [.. compiled.Entities.Select(entity => new RowFilterFact(entity.LogicalName, AccessPolicy.Depth(scope.Metadata, scope.Caller, entity, Privilege.Read)))],
        StepTable.Of(scope.Metadata).For(query.Entity.LogicalName, nameof(Messages.RetrieveMultiple)).All,
        options.QueryBudget,
        IndexAdvisor.Of(query, plan))
    {
        Expanded = [.. query.Expansions.Where(expansion => expansion.HasMany).Select(expansion => expansion.Rows.Entity.LogicalName)],
    };

    private static bool Multiplies(Query query) => query.Grouping is not null || !query.Links.IsEmpty || query.Filter is { } filter && Multiplies(filter);

    private static bool Multiplies(FilterNode node) => node switch
    {
        AllOf all => all.Nodes.Any(Multiplies),
        AnyOf any => any.Nodes.Any(Multiplies),
        Not not => Multiplies(not.Node),
        Behind or AnyRow or AnyLinked or OfLink => true,
        _ => false,
    };
}
