using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Metadata.Changes;
using Platform.OData.Reading;
using Platform.OData.Routing;
using Platform.Sdk;

namespace Platform.OData.Apis;

/// <summary>Reads the request parameters of a custom API from a body or a URL. Which ones must be given is the engine's matter.</summary>
internal sealed class ApiInput(CustomApiDefinition api, BodyRows rows, ApiRequest request)
{
    private const string AnyObject = "expando";

    public async ValueTask<PluginParameters> ReadAsync(ActionParameters body)
    {
        var input = new PluginParameters();
        foreach (var parameter in api.RequestParameters)
        {
            if (body.Find(parameter.Name) is { } value) input[parameter.Name] = await ReadAsync(parameter, value);
        }
        return input;
    }

    public async ValueTask<PluginParameters> ReadAsync(FunctionCall call)
    {
        var input = new PluginParameters();
        foreach (var parameter in api.RequestParameters)
        {
            if (call.Raw(parameter.Name) is { } literal) input[parameter.Name] = await ReadAsync(parameter, literal, call);
        }
        return input;
    }

    /// <summary>A literal of a URL.</summary>
    private async ValueTask<object> ReadAsync(ApiParameter parameter, string literal, FunctionCall call)
    {
        switch (parameter.Kind)
        {
            case ApiValueKind.String:
                return call.Text(parameter.Name)!;
            case ApiValueKind.UniqueIdentifier:
                return call.Id(parameter.Name)!;
            case ApiValueKind.DateTime:
                return DateTimeOffset.TryParse(literal, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : throw Wrong(parameter, literal);
            case ApiValueKind.EntityReference or ApiValueKind.StringArray:
                using (var json = call.Json(parameter.Name)) return await ReadAsync(parameter, json.RootElement);
            default:
                using (var json = Parse(parameter, literal)) return await ReadAsync(parameter, json.RootElement);
        }
    }

    private JsonDocument Parse(ApiParameter parameter, string literal)
    {
        try
        {
            return JsonDocument.Parse(literal);
        }
        catch (JsonException)
        {
            throw Wrong(parameter, literal);
        }
    }

    private async ValueTask<object> ReadAsync(ApiParameter parameter, JsonElement value) => parameter.Kind switch
    {
        ApiValueKind.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        ApiValueKind.Integer or ApiValueKind.Choice when IsNumber(value) && value.TryGetInt32(out var number) => number,
        ApiValueKind.BigInt when IsNumber(value) && value.TryGetInt64(out var number) => number,
        ApiValueKind.Decimal or ApiValueKind.Money when IsNumber(value) && value.TryGetDecimal(out var number) => number,
        ApiValueKind.Double when IsNumber(value) && double.IsFinite(value.GetDouble()) => value.GetDouble(),
        ApiValueKind.String when value.ValueKind == JsonValueKind.String => value.GetString()!,
        ApiValueKind.StringArray when value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => value.EnumerateArray().Select(item => (object?)item.GetString()).ToList(),
        ApiValueKind.DateTime when value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time.UtcDateTime,
        ApiValueKind.UniqueIdentifier when value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id) => id,
        ApiValueKind.EntityReference => await rows.DemandAsync(parameter.Name, RowJson.Read(value, request.Metadata, parameter.Name), request.Caller, request.Aborted),
        ApiValueKind.Entity => await RowAsync(parameter, value, parameter.Name),
        ApiValueKind.EntityCollection when value.ValueKind == JsonValueKind.Array => await RowsAsync(parameter, value),
        _ => throw Wrong(parameter, value.GetRawText()),
    };

    private async ValueTask<object> RowsAsync(ApiParameter parameter, JsonElement list)
    {
        var read = new List<object?>();
        foreach (var item in list.EnumerateArray()) read.Add(await RowAsync(parameter, item, $"{parameter.Name}[{read.Count}]"));
        return read;
    }

    private async ValueTask<object> RowAsync(ApiParameter parameter, JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(parameter, value.GetRawText());
        var type = value.TryGetProperty("@odata.type", out var name) && name.ValueKind == JsonValueKind.String ? TargetsJson.NameOf(name.GetString()!) : parameter.Entity;
        if (type is null or AnyObject) return parameter.Entity is null ? Members(value) : throw Wrong(parameter, value.GetRawText());
        try
        {
            var entity = request.Metadata.Entity(type);
            if (parameter.Entity is { } expected && expected != type) throw Errors.OtherEntity(expected, type);
            var json = new RecordJson(request.Metadata, entity);
            var record = json.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(WithLinks(value))), Guid.Empty);
            return await rows.CompleteAsync(new RecordBody(record, json.Links, json.Related), entity, new RowKey(record.Id), request.Caller, request.Aborted);
        }
        catch (PlatformException refused)
        {
            throw Errors.At(place, refused);
        }
    }

    /// <summary>
    /// The text of a row. Clients of Dataverse write a lookup in it as they write references elsewhere,
    /// <c>"opportunityid": {"@odata.type": …, "opportunityid": "…"}</c>, which a body of a create would take for a row to be made.
    /// </summary>
    private string WithLinks(JsonElement row)
    {
        if (!row.EnumerateObject().Any(member => IsReference(member.Value))) return row.GetRawText();
        var linked = new JsonObject();
        foreach (var member in row.EnumerateObject())
        {
            if (!IsReference(member.Value))
            {
                linked[member.Name] = JsonNode.Parse(member.Value.GetRawText());
                continue;
            }
            var link = RowJson.Read(member.Value, request.Metadata, member.Name);
            linked[$"{member.Name}@odata.bind"] = $"/{link.Entity.EntitySetName}({link.Key.Id:D})";
        }
        return linked.ToJsonString();
    }

    // A type and an id, and nothing else to make a row of.
    private bool IsReference(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("@odata.type", out var type) && type.ValueKind == JsonValueKind.String
        && request.Metadata.Find(TargetsJson.NameOf(type.GetString()!)) is { } entity && value.EnumerateObject().All(member => member.Name == "@odata.type" || member.Name == entity.PrimaryIdAttribute);

    /// <summary>An object of any members, as Dataverse's <c>expando</c>; the types of its numbers are told by how they are written.</summary>
    private static PluginParameters Members(JsonElement value)
    {
        var members = new PluginParameters();
        foreach (var member in value.EnumerateObject())
        {
            if (!member.Name.Contains('@', StringComparison.Ordinal)) members[member.Name] = Any(member.Value);
        }
        return members;
    }

    private static object? Any(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number when value.TryGetInt32(out var number) => number,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(Any).ToList(),
        JsonValueKind.Object => Members(value),
        _ => null,
    };

    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number;

    private PlatformException Wrong(ApiParameter parameter, string found) =>
        Errors.WrongApiValue(api.Name, parameter.Name, $"a value of the type {ApiTypes.Name(parameter)}", found.Length <= 60 ? found : found[..60] + "…");
}
