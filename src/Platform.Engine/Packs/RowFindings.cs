using System.Collections.Immutable;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs;

/// <summary>What the rows of today make of a plan for the database.</summary>
/// <param name="Tables">The plan, with what is left for the background.</param>
/// <param name="Losses">What it would lose or park, and the keys that rows break and that are not left for later.</param>
/// <param name="Colliding">Keys that rows break and that are left for later all the same.</param>
internal sealed record RowFindings(SchemaPlan Tables, ImmutableArray<SchemaLoss> Losses, ImmutableArray<SchemaLoss> Colliding)
{
    /// <param name="plan">All that is to be done.</param>
    /// <param name="change">Packs do not come with keys that rows are known to break; what an administrator asks for is made, and fails in sight of everybody, as in Dataverse.</param>
    /// <param name="many">Rows from which on a table is indexed in the background.</param>
    /// <param name="looksAhead">Also looks for rows that break keys of large tables, which takes long.</param>
    public static async Task<RowFindings> OfAsync(SchemaPlan plan, MetadataChange change, int many, bool looksAhead, SqlSession session, CancellationToken ct)
    {
        var later = await SchemaUpgrade.FindLongWorkAsync(plan, many, session, ct);
        var tables = plan.BuildLater(later);
        var found = await SchemaUpgrade.FindLossesAsync(looksAhead && !change.IsCustomizing ? plan.Risks : tables.Risks, session, ct);
        if (!change.IsCustomizing) return new RowFindings(tables, found, []);
        var colliding = found.Where(loss => loss.Risk is KeyAtRisk).ToImmutableArray();
        return new RowFindings(tables.BuildLater(colliding.Select(loss => ((KeyAtRisk)loss.Risk).Index).ToHashSet(StringComparer.Ordinal)), found.RemoveRange(colliding), colliding);
    }
}
