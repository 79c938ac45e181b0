using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>data/&lt;nn&gt;-&lt;entity&gt;.json</c>.</summary>
internal sealed class SeedReader(MetadataDraft draft, PackDraft pack)
{
    private readonly ValueReader values = new(draft, pack);

    public void Read(string file)
    {
        if (pack.Open(file) is not { } seed) return;
        var node = seed.Demand("entity", "The logical name of the table.");
        var entity = node?.AsText() is { } name ? draft.Resolve(node, name, pack) : null;
        if (entity is { EngineOwned: true }) node!.Fail($"Rows of '{entity.Name}' are written by the engine only.", "Take the file out.");
        seed.Demand("key", "The columns by which a row is found again.");
        var keys = seed.Texts("key");
        if (seed.Find("key") is { IsArray: true } list && keys.Count == 0) list.Fail("A key without columns.", "Name at least one column.");
        var demo = seed.Flag("demo", false);
        seed.Demand("rows", "[ { \"<column>\": … } ]");
        var rows = seed.Objects("rows").ToList();
        seed.Close();
        if (entity is null) return;
        var key = keys.Select(entity.Resolve).OfType<AttributeDraft>().Select(attribute => attribute.Name).ToImmutableArray();
        draft.Seeds.Add((pack, new(file, entity.Name, key, demo, [.. rows.Select(row => ReadRow(entity, key, row))])));
    }

    private ImmutableDictionary<string, object?> ReadRow(EntityDraft entity, ImmutableArray<string> key, JsonObject row)
    {
        var read = values.ReadValues(entity, row);
        foreach (var part in key)
        {
            if (row.Find(part) is not { Value.ValueKind: not System.Text.Json.JsonValueKind.Null })
                row.Node.Fail($"The row has no value for '{part}'.", "Every row has all values of the key, so that it is found again.");
        }

        if (read.GetValueOrDefault(SystemAttributes.StateCode) is int state && read.GetValueOrDefault(SystemAttributes.StatusCode) is int status
            && entity.Statuses.FirstOrDefault(option => option.Value == status) is { } option && option.State != state)
            row.Find(SystemAttributes.StatusCode)!.Fail($"The status {status} belongs to the state {option.State}, not to {state}.", "Choose a status of the state.");
        return read;
    }
}
