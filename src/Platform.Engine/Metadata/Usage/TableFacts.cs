using System.Text.Json;

namespace Platform.Engine.Metadata.Usage;

/// <summary>What has to be known of all tables to tell what a name stands for: their columns, and where lookups lead.</summary>
internal sealed class TableFacts
{
    private static readonly HashSet<string> OfAll =
    [
        SystemAttributes.CreatedOn, SystemAttributes.CreatedBy, SystemAttributes.ModifiedOn, SystemAttributes.ModifiedBy, SystemAttributes.OverriddenCreatedOn,
        SystemAttributes.ImportSequenceNumber, SystemAttributes.VersionNumber, SystemAttributes.OwnerId, SystemAttributes.OwningBusinessUnit,
        SystemAttributes.StateCode, SystemAttributes.StatusCode, SystemAttributes.TransactionCurrencyId, SystemAttributes.ExchangeRate,
    ];

    private readonly Dictionary<string, HashSet<string>> columns = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Entity, string Navigation), (string Lookup, string Target)> navigations = [];
    private readonly Dictionary<string, (string Entity, string Lookup)> relationships = new(StringComparer.Ordinal);
    private readonly HashSet<string> pairs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> sets = new(StringComparer.Ordinal);

    public IEnumerable<string> Entities => columns.Keys;

    /// <summary>Entities by their names in the Web API.</summary>
    public IReadOnlyDictionary<string, string> EntitySets => sets;

    /// <summary>Takes up what an <c>entity.json</c> declares or extends.</summary>
    public void Add(string entity, JsonElement file)
    {
        if (!columns.TryGetValue(entity, out var known)) columns[entity] = known = new HashSet<string>(StringComparer.Ordinal);
        var head = Member(file, "x-entity");
        if (Text(Member(head, "entitySetName")) is { } set) sets[set] = entity;
        if (Member(file, "properties") is not { ValueKind: JsonValueKind.Object } properties) return;
        foreach (var column in properties.EnumerateObject())
        {
            known.Add(column.Name);
            if (Member(column.Value, "x-lookup") is { ValueKind: JsonValueKind.Object } lookup) AddLookup(entity, column.Name, lookup, Member(head, "isActivity")?.ValueKind == JsonValueKind.True);
        }
    }

    /// <summary>Takes up an N:N relationship.</summary>
    public void AddPairs(string relationship) => pairs.Add(relationship);

    /// <summary>There is a relationship of this name, 1:N or N:N.</summary>
    public bool IsRelationship(string name) => relationships.ContainsKey(name) || pairs.Contains(name);

    public bool Has(string entity, string column) => OfAll.Contains(column) || (columns.TryGetValue(entity, out var known) && known.Contains(column));

    /// <summary>Tables that declare a column of this name.</summary>
    public IEnumerable<string> TablesWith(string column) => columns.Where(table => table.Value.Contains(column)).Select(table => table.Key);

    /// <summary>Where a single-valued navigation property leads.</summary>
    public (string Lookup, string Target)? Navigate(string entity, string navigation) => navigations.TryGetValue((entity, navigation), out var found) ? found : null;

    /// <summary>The lookup that makes a 1:N relationship.</summary>
    public (string Entity, string Lookup)? LookupOf(string relationship) => relationships.TryGetValue(relationship, out var found) ? found : null;

    public static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member) ? member : null;

    public static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private void AddLookup(string entity, string column, JsonElement lookup, bool isActivity)
    {
        var targets = Member(lookup, "targets") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(target => Text(target)).OfType<string>().ToList() : [];
        var given = Member(lookup, "relationship");
        foreach (var target in targets)
        {
            var name = Text(given) ?? Text(Member(given, target)) ?? $"{entity}_{column}";
            relationships[targets.Count == 1 || Text(given) is null && given is not null ? name : $"{name}_{target}"] = (entity, column);
            navigations[(entity, targets.Count == 1 ? column : $"{column}_{target}")] = (column, target);
            if (isActivity) navigations[(entity, $"{column}_{target}_{entity}")] = (column, target);
        }
    }
}
