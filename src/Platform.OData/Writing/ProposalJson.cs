using System.Globalization;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.OData.Reading;
using Platform.Sdk;

namespace Platform.OData.Writing;

/// <summary>Writes a row that is not there yet as a client would send it: lookups as links.</summary>
internal static class ProposalJson
{
    public static void Write(Utf8JsonWriter json, MetadataSnapshot metadata, EntityDefinition entity, EntityRecord row)
    {
        foreach (var (name, value) in row.Attributes)
        {
            switch (value)
            {
                case string text: json.WriteString(name, text); break;
                case int number: json.WriteNumber(name, number); break;
                case long number: json.WriteNumber(name, number); break;
                case decimal number: json.WriteNumber(name, number); break;
                case double number: json.WriteNumber(name, number); break;
                case bool flag: json.WriteBoolean(name, flag); break;
                case DateTime time: json.WriteString(name, time); break;
                case DateOnly day: json.WriteString(name, day.ToString("O", CultureInfo.InvariantCulture)); break;
                case Guid id: json.WriteString(name, id); break;
                case ChoiceValues choices: json.WriteString(name, choices.ToString()); break;
                case GeoPoint point: GeoJson.Write(json, JsonText.Encode(name), point); break;
                case EntityReference reference: WriteLink(json, metadata, entity, name, reference); break;
                default: throw new InvalidOperationException($"{value?.GetType().Name} has no JSON form.");
            }
        }
    }

    private static void WriteLink(Utf8JsonWriter json, MetadataSnapshot metadata, EntityDefinition entity, string lookup, EntityReference target)
    {
        var navigation = entity.ManyToOne.First(way => way.ReferencingAttribute == lookup && way.ReferencedEntity == target.LogicalName).ReferencingNavigation;
        json.WriteString($"{navigation}@odata.bind", $"{metadata.Entity(target.LogicalName).EntitySetName}({target.Id:D})");
    }
}
