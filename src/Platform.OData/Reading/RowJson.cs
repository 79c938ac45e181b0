using System.Text.Json;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Routing;

namespace Platform.OData.Reading;

/// <summary>A row as parameters of actions and functions name it: <c>{"@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": "…"}</c>, or <c>{"@odata.id": "accounts(…)"}</c>.</summary>
internal static class RowJson
{
    /// <param name="parameter">For messages.</param>
    /// <exception cref="PlatformException">It names no row (400), or an entity that is not there (404).</exception>
    public static RowLink Read(JsonElement json, MetadataSnapshot metadata, string parameter)
    {
        if (json.ValueKind != JsonValueKind.Object) throw NoRow(parameter);
        if (Text(json, "@odata.id") is { } link) return RowLink.Parse(link, metadata, parameter);
        var entity = EntityOf(json, metadata, parameter);
        return Guid.TryParseExact(Text(json, entity.PrimaryIdAttribute), "D", out var id) ? new RowLink(entity, new RowKey(id)) : throw NoRow(parameter);
    }

    /// <summary>The entity that <c>@odata.type</c> names.</summary>
    public static EntityDefinition EntityOf(JsonElement json, MetadataSnapshot metadata, string parameter) =>
        json.ValueKind == JsonValueKind.Object && Text(json, "@odata.type") is { } type ? metadata.Entity(TargetsJson.NameOf(type)) : throw NoRow(parameter);

    private static string? Text(JsonElement json, string member) => json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static PlatformException NoRow(string parameter) => Errors.BadRequest(
        $"The parameter '{parameter}' names no row.", """Write {"@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": "…"}, or {"@odata.id": "accounts(…)"}.""");
}
