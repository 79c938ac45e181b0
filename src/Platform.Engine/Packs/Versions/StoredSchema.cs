using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs.Versions;

/// <summary>A schema as the catalog keeps it: JSON that names its tables by their hashes, in their order, and holds what is parked beside them.</summary>
internal sealed record StoredSchema
{
    private static readonly JsonSerializerOptions Format = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    // Tables hardly ever change from version to version.
    private static readonly ConditionalWeakTable<TableModel, string> Written = [];

    /// <summary><c>null</c> in versions from before texts were stored by themselves.</summary>
    public ImmutableArray<string>? Hashes { get; init; }

    /// <summary>The tables themselves: in versions from before texts were stored by themselves.</summary>
    public ImmutableArray<TableModel>? Tables { get; init; }

    public ImmutableArray<ParkedTable> ParkedTables { get; init; } = [];

    public ImmutableArray<ParkedColumn> ParkedColumns { get; init; } = [];

    public static StoredSchema Of(SchemaModel schema) => new()
    {
        Hashes = [.. TextsOf(schema).Select(VersionTexts.HashOf)], ParkedTables = schema.ParkedTables, ParkedColumns = schema.ParkedColumns,
    };

    /// <summary>The texts that the stored schema names.</summary>
    public static IEnumerable<string> TextsOf(SchemaModel schema) => schema.Tables.Select(TextOf);

    public static StoredSchema FromJson(string json) => JsonSerializer.Deserialize<StoredSchema>(json, Format)!;

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <param name="texts">By hash: those of <see cref="Hashes"/>.</param>
    /// <param name="known">A schema in memory, whose tables are taken where they are the same.</param>
    public SchemaModel ToModel(IReadOnlyDictionary<string, string> texts, SchemaModel known)
    {
        var byHash = known.Tables.ToDictionary(table => VersionTexts.HashOf(TextOf(table)), StringComparer.Ordinal);
        return new SchemaModel(Tables ?? [.. Hashes!.Value.Select(hash => byHash.GetValueOrDefault(hash) ?? JsonSerializer.Deserialize<TableModel>(texts[hash], Format)!)])
        {
            ParkedTables = ParkedTables, ParkedColumns = ParkedColumns,
        };
    }

    private static string TextOf(TableModel table) => Written.GetValue(table, static table => JsonSerializer.Serialize(table, Format));
}
