using System.Buffers;
using System.Text.Json;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.OData.Model;

namespace Platform.OData.Reading;

/// <summary>A row in the list of an action about several rows.</summary>
/// <param name="Address">What its <c>@odata.id</c> names; <c>null</c> where the id is among the columns.</param>
internal sealed record TargetBody(RecordBody Body, RowLink? Address);

/// <summary>Reads <c>{"Targets": [ {"@odata.type": "Microsoft.Dynamics.CRM.account", …}, … ]}</c>.</summary>
internal static class TargetsJson
{
    private const string Parameter = "Targets";

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 36 };
    private static readonly string[] Namespaces = [EdmModelBuilder.Namespace + ".", "mscrm."];

    /// <param name="mayNest">Rows may be created together with each one.</param>
    /// <exception cref="PlatformException">It is no such list, or too long; the message names the place.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static List<TargetBody> Read(ReadOnlySequence<byte> json, MetadataSnapshot metadata, EntityDefinition entity, bool mayNest)
    {
        var reader = new Utf8JsonReader(json, Options);
        var nested = mayNest ? new NestedRows() : null;
        List<TargetBody>? targets = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Errors.BadJson("the body is not a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name.StartsWith('@')) reader.Skip();
            else if (name != Parameter) throw Errors.BadRequest($"The action has no parameter '{name}'.", $"It has {Parameter}.");
            else if (targets is not null) throw Errors.BadJson($"'{Parameter}' stands there a second time.");
            else targets = ReadRows(ref reader, metadata, entity, nested);
        }
        reader.Read(); // demands that nothing follows
        return targets ?? throw Errors.BadRequest($"The parameter '{Parameter}' is missing.");
    }

    /// <summary>Refuses a type name that is missing, or that of another entity.</summary>
    public static void DemandType(string? type, EntityDefinition entity)
    {
        if (type is null) throw Errors.BadRequest("The row does not say of which type it is.", $"Add \"@odata.type\": \"{EdmModelBuilder.Namespace}.{entity.LogicalName}\".");
        var name = NameOf(type);
        if (name != entity.LogicalName) throw Errors.OtherEntity(entity.LogicalName, name);
    }

    /// <summary>The entity that a type name means: <c>#Microsoft.Dynamics.CRM.account</c>, <c>mscrm.account</c>.</summary>
    public static string NameOf(string type)
    {
        var name = type.TrimStart('#');
        return Namespaces.FirstOrDefault(space => name.StartsWith(space, StringComparison.Ordinal)) is { } found ? name[found.Length..] : name;
    }

    private static List<TargetBody> ReadRows(ref Utf8JsonReader reader, MetadataSnapshot metadata, EntityDefinition entity, NestedRows? nested)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Errors.BadJson($"'{Parameter}' is {JsonValue.Words(reader.TokenType)}, not a list.");
        var rows = new List<TargetBody>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (rows.Count == MultipleMessage.Most) throw Errors.RowCount("The action", null, MultipleMessage.Most);
            try
            {
                if (reader.TokenType != JsonTokenType.StartObject) throw Errors.BadJson($"a row is an object, found is {JsonValue.Words(reader.TokenType)}.");
                rows.Add(ReadRow(ref reader, metadata, entity, nested));
            }
            catch (PlatformException refused)
            {
                throw Errors.At($"{Parameter}[{rows.Count}]", refused);
            }
        }
        return rows;
    }

    private static TargetBody ReadRow(ref Utf8JsonReader reader, MetadataSnapshot metadata, EntityDefinition entity, NestedRows? nested)
    {
        var json = new RecordJson(metadata, entity, nested);
        var record = json.ReadMembers(ref reader, Guid.Empty);
        DemandType(json.TypeName, entity);
        var address = json.Address is { } text ? RowLink.Parse(text, metadata, "@odata.id") : null;
        if (address is not null && address.Entity != entity) throw Errors.OtherEntity(entity.LogicalName, address.Entity.LogicalName);
        return new TargetBody(new RecordBody(record, json.Links, json.Related), address);
    }
}
