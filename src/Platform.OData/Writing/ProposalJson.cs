using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.OData.Writing;

/// <summary>Writes a row that is not there yet as a client would send it: lookups as links.</summary>
internal static class ProposalJson
{
    public static void Write(Utf8JsonWriter json, MetadataSnapshot metadata, EntityDefinition entity, EntityRecord row)
    {
        foreach (var (name, value) in row.Attributes)
        {
            if (value is EntityReference reference)
            {
                WriteLink(json, metadata, entity, name, reference);
                continue;
            }
            json.WritePropertyName(name);
            if (!ValueJson.TryWrite(json, value)) throw new InvalidOperationException($"{value!.GetType().Name} has no JSON form.");
        }
    }

    private static void WriteLink(Utf8JsonWriter json, MetadataSnapshot metadata, EntityDefinition entity, string lookup, EntityReference target)
    {
        var navigation = entity.ManyToOne.First(way => way.ReferencingAttribute == lookup && way.ReferencedEntity == target.LogicalName).ReferencingNavigation;
        json.WriteString($"{navigation}@odata.bind", $"{metadata.Entity(target.LogicalName).EntitySetName}({target.Id:D})");
    }
}
