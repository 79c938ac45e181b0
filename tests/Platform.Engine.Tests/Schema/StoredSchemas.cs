using Platform.Engine.Packs.Versions;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Tests.Schema;

internal static class StoredSchemas
{
    /// <summary>What the catalog gives back of a schema.</summary>
    public static SchemaModel ReadBack(SchemaModel schema) => StoredSchema.FromJson(StoredSchema.Of(schema).ToJson())
        .ToModel(StoredSchema.TextsOf(schema).ToDictionary(VersionTexts.HashOf, StringComparer.Ordinal), SchemaModel.Empty);
}
