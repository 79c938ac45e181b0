using System.Collections;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.OData.Model;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Apis;

/// <summary>Writes what a custom API answers.</summary>
internal sealed class ApiJson(MetadataSnapshot metadata)
{
    private const string Type = "@odata.type";

    /// <summary>The response properties, in the order in which the API declares them.</summary>
    public void WriteMembers(Utf8JsonWriter json, CustomApiDefinition api, PluginParameters output)
    {
        foreach (var property in api.ResponseProperties)
        {
            if (output.Contains(property.Name)) WriteProperty(json, property.Name, output[property.Name]);
            else json.WriteNull(property.Name);
        }
    }

    /// <summary>What stands behind <c>$metadata#</c> for an answer that is a row, or rows.</summary>
    public string ContextOf(ApiParameter whole, object? value)
    {
        var isOne = whole.Kind == ApiValueKind.Entity;
        if ((whole.Entity ?? (isOne ? (value as EntityRecord)?.LogicalName : null)) is { } entity) return metadata.Entity(entity).EntitySetName + (isOne ? "/$entity" : "");
        return isOne ? $"{EdmModelBuilder.Namespace}.expando" : $"Collection({EdmModelBuilder.Namespace}.crmbaseentity)";
    }

    public void WriteProperty(Utf8JsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        Write(json, value);
    }

    /// <summary>The members of a row or object, for who has opened it.</summary>
    public void WriteMembersOf(Utf8JsonWriter json, object? value)
    {
        if (value is EntityRecord record) WriteRow(json, record);
        else if (value is PluginParameters members) WriteObject(json, members);
    }

    private void Write(Utf8JsonWriter json, object? value)
    {
        if (ValueJson.TryWrite(json, value)) return;
        switch (value)
        {
            case EntityReference reference: WriteReference(json, reference); break;
            case EntityRecord or PluginParameters:
                json.WriteStartObject();
                WriteMembersOf(json, value);
                json.WriteEndObject();
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (var item in list) Write(json, item);
                json.WriteEndArray();
                break;
            default: throw new InvalidOperationException($"{value!.GetType().Name} has no JSON form.");
        }
    }

    private void WriteReference(Utf8JsonWriter json, EntityReference reference)
    {
        json.WriteStartObject();
        json.WriteString(Type, $"#{EdmModelBuilder.Namespace}.{reference.LogicalName}");
        json.WriteString(metadata.Entity(reference.LogicalName).PrimaryIdAttribute, reference.Id);
        json.WriteEndObject();
    }

    /// <summary>As a read answers: a lookup is the id of its row, and says of which table it is.</summary>
    private void WriteRow(Utf8JsonWriter json, EntityRecord row)
    {
        var entity = metadata.Entity(row.LogicalName);
        json.WriteString(Type, $"#{EdmModelBuilder.Namespace}.{row.LogicalName}");
        if (row.Version is { } version) json.WriteString("@odata.etag", $"W/\"{version}\"");
        if (row.Id != Guid.Empty) json.WriteString(entity.PrimaryIdAttribute, row.Id);
        foreach (var (name, value) in row.Attributes)
        {
            if (name == entity.PrimaryIdAttribute) continue;
            if (value is EntityReference reference)
            {
                json.WriteString($"_{name}_value@Microsoft.Dynamics.CRM.lookuplogicalname", reference.LogicalName);
                json.WriteString($"_{name}_value", reference.Id);
            }
            else
            {
                WriteProperty(json, entity.Find(name)?.Kind == AttributeKind.Lookup ? $"_{name}_value" : name, value);
            }
        }
    }

    private void WriteObject(Utf8JsonWriter json, PluginParameters members)
    {
        json.WriteString(Type, $"#{EdmModelBuilder.Namespace}.expando");
        foreach (var (name, value) in members.Values) WriteProperty(json, name, value);
    }
}
