using System.Collections.Immutable;
using System.Text.Json;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>
/// Tables that need not be read again: since the compilation before, nothing has changed in what decides about them. A
/// table is decided by its files in all packs with their labels, by global choices and N:N relationships, and, where it
/// calculates with columns of other tables, by those.
/// </summary>
internal sealed class SettledTables
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    private readonly Dictionary<string, EntityDefinition> byName;

    private SettledTables(CompiledPacks? before, Dictionary<string, EntityDefinition> byName) => (Before, this.byName) = (before, byName);

    public static SettledTables None { get; } = new(null, []);

    /// <summary>The compilation in which they were read; <c>null</c> when there are none.</summary>
    public CompiledPacks? Before { get; }

    public bool Any => byName.Count > 0;

    public IReadOnlyCollection<EntityDefinition> Tables => byName.Values;

    public bool Contains(string table) => byName.ContainsKey(table);

    /// <summary>The file is about a table that is settled.</summary>
    public bool Covers(string path) => Any && path.Split('/') is ["entities", var table, ..] && Contains(table);

    /// <param name="packs">In install order.</param>
    public static SettledTables Of(CompiledPacks? before, IReadOnlyList<PackDraft> packs)
    {
        if (before is null || before.Packs.Length != packs.Count) return None;
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (known, pack) in before.Packs.Zip(packs))
        {
            if (!known.ReadsAs(pack) || !AddChanged(known.Files, pack.Files.Files, changed)) return None;
        }

        foreach (var name in changed)
        {
            // What refers to a table that is gone is wrong from now on.
            if (before.Snapshot.Find(name) is { } entity && !packs.First(pack => pack.Id == entity.Pack).Files.Files.ContainsKey($"entities/{name}/entity.json")) return None;
        }

        var settled = before.Snapshot.Entities.Where(entity => !entity.IsIntersect && !changed.Contains(entity.LogicalName)).ToDictionary(entity => entity.LogicalName, StringComparer.Ordinal);
        while (settled.Values.Where(entity => entity.Attributes.Any(attribute => MentionsOthers(attribute.Computed, entity, settled))).ToList() is { Count: > 0 } open)
        {
            foreach (var entity in open) settled.Remove(entity.LogicalName);
        }

        return settled.Count == 0 ? None : new(before, settled);
    }

    /// <summary>Collects the tables that files of a pack decide about otherwise than before; false when that are all.</summary>
    private static bool AddChanged(ImmutableSortedDictionary<string, string> before, ImmutableSortedDictionary<string, string> now, HashSet<string> changed)
    {
        if (ReferenceEquals(before, now)) return true;
        foreach (var path in before.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            var (old, next) = (before.GetValueOrDefault(path), now.GetValueOrDefault(path));
            if (old == next) continue;
            switch (path.Split('/'))
            {
                case ["entities", var table, ..]:
                    changed.Add(table);
                    break;
                case ["choices" or "relationships", ..]:
                    return false;
                case ["labels", ..]:
                    if (!AddRelabelled(old, next, changed)) return false;
                    break;
            }
        }

        return true;
    }

    private static bool AddRelabelled(string? before, string? now, HashSet<string> changed)
    {
        if (Parse(before) is not { } old || Parse(now) is not { } next || !JsonElement.DeepEquals(Member(old, "choices"), Member(next, "choices"))) return false;
        var (oldTables, nextTables) = (Members(Member(old, "entities")), Members(Member(next, "entities")));
        foreach (var table in oldTables.Keys.Union(nextTables.Keys, StringComparer.Ordinal))
        {
            if (oldTables.TryGetValue(table, out var one) && nextTables.TryGetValue(table, out var other) && JsonElement.DeepEquals(one, other)) continue;
            if (table == RoleDefinition.AnyEntity) return false;
            changed.Add(table);
        }

        return true;
    }

    // A file that is not there says nothing; one that cannot be read is reported by its reader.
    private static JsonElement? Parse(string? text)
    {
        try
        {
            return JsonElement.Parse(text ?? "{}") is { ValueKind: JsonValueKind.Object } root ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Member(JsonElement group, string name) => group.TryGetProperty(name, out var member) ? member : Nothing;

    private static Dictionary<string, JsonElement> Members(JsonElement group)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (group.ValueKind != JsonValueKind.Object) return members;
        foreach (var member in group.EnumerateObject()) members[member.Name] = member.Value;
        return members;
    }

    private static bool MentionsOthers(ComputedColumn? column, EntityDefinition entity, Dictionary<string, EntityDefinition> settled) =>
        column is not null and not FileFact && column.Tables().Any(table => table != entity.LogicalName && !settled.ContainsKey(table));
}
