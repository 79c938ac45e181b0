using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Security;
using Platform.OData.Metadata;
using Platform.OData.Metadata.Changes;
using Platform.OData.Model;
using Platform.OData.Reading;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>Rows that are shared: <c>GrantAccess</c>, <c>ModifyAccess</c>, <c>RevokeAccess</c>; <c>RetrieveSharedPrincipalsAndAccess</c>, and of a user or team <c>RetrievePrincipalAccess</c>.</summary>
internal sealed class SharingEndpoints(PlatformEngine engine, BodyRows rows, RowFinder finder, IOptions<WebApiOptions> options)
{
    /// <summary>The function that is bound to a user or team.</summary>
    public const string BoundFunction = nameof(RetrievePrincipalAccess);

    /// <summary>Entities of those that rows are shared with.</summary>
    public static FrozenSet<string> Principals { get; } = new[] { "systemuser", "team" }.ToFrozenSet(StringComparer.Ordinal);

    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    public async Task ActAsync(ApiRequest request)
    {
        if (!HttpMethods.IsPost(request.Request.Method)) throw request.MethodNotAllowed("POST");
        await engine.ExecuteAsync(await MessageAsync(request), request.Caller, request.Aborted);
        RecordEndpoints.NoContent(request, null);
    }

    public Task ReadAsync(ApiRequest request)
    {
        if (!HttpMethods.IsGet(request.Request.Method)) throw request.MethodNotAllowed("GET");
        var path = DefinitionEndpoints.PathOf(request.Http);
        var isBound = request.Path.Action == BoundFunction;
        // Behind the row stands the function; its parameters hold no slash that is not encoded.
        var call = FunctionCall.Read(isBound ? path[path.LastIndexOf(BoundFunction, StringComparison.Ordinal)..] : path, request.Request.Query).Demand("Target");
        return isBound ? AccessAsync(request, call) : SharesAsync(request, call);
    }

    private async Task AccessAsync(ApiRequest request, FunctionCall call)
    {
        var principal = new EntityReference(request.Entity.LogicalName, await finder.DemandAsync(request.Path.Key, request.Caller, request.Aborted));
        var result = await engine.ExecuteAsync(new RetrievePrincipalAccess(await TargetAsync(request, call), principal), request.Caller, request.Aborted);
        await ObjectAnswer.WriteAsync(request, $"{EdmModelBuilder.Namespace}.{BoundFunction}Response", json => json.WriteString("AccessRights", Text(result.Access.GetValueOrDefault())));
    }

    private async Task SharesAsync(ApiRequest request, FunctionCall call)
    {
        var result = await engine.ExecuteAsync(new RetrieveSharedPrincipalsAndAccess(await TargetAsync(request, call)), request.Caller, request.Aborted);
        await ObjectAnswer.WriteAsync(request, $"{EdmModelBuilder.Namespace}.{nameof(RetrieveSharedPrincipalsAndAccess)}Response", json =>
        {
            json.WriteStartArray("PrincipalAccesses");
            foreach (var share in result.Shares)
            {
                json.WriteStartObject();
                json.WriteString("AccessMask", Text(share.Rights));
                json.WriteStartObject("Principal");
                json.WriteString("@odata.type", $"#{EdmModelBuilder.Namespace}.{share.Principal.LogicalName}");
                json.WriteString(request.Metadata.Entity(share.Principal.LogicalName).PrimaryIdAttribute, share.Principal.Id);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private async ValueTask<Message> MessageAsync(ApiRequest request)
    {
        if (request.Path.Action == nameof(RevokeAccess))
        {
            using var revoked = await ActionParameters.ReadAsync(request, bodyLimit, "Target", "Revokee");
            return new RevokeAccess(await RowAsync("Target", revoked.Demand("Target"), request), await RowAsync("Revokee", revoked.Demand("Revokee"), request));
        }
        using var parameters = await ActionParameters.ReadAsync(request, bodyLimit, "Target", nameof(PrincipalAccess));
        var target = await RowAsync("Target", parameters.Demand("Target"), request);
        var access = await AccessAsync(parameters.Demand(nameof(PrincipalAccess)), request);
        return request.Path.Action == nameof(GrantAccess) ? new GrantAccess(target, access) : new ModifyAccess(target, access);
    }

    private async ValueTask<PrincipalAccess> AccessAsync(JsonElement json, ApiRequest request)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("Principal", out var principal) || !json.TryGetProperty("AccessMask", out var mask))
            throw Errors.BadRequest($"The parameter '{nameof(PrincipalAccess)}' does not say who gets which rights.", """Write {"AccessMask": "ReadAccess,WriteAccess", "Principal": {"@odata.id": "systemusers(…)"}}.""");
        return new PrincipalAccess(await RowAsync("Principal", principal, request), Rights(mask));
    }

    private static AccessRights Rights(JsonElement mask)
    {
        AccessRights? rights = mask.ValueKind switch
        {
            JsonValueKind.String when Enum.TryParse<AccessRights>(mask.GetString(), out var named) => named,
            JsonValueKind.Number when mask.TryGetInt32(out var number) => (AccessRights)number,
            _ => null,
        };
        return rights is { } known && (known & ~AccessRight.All) == AccessRights.None
            ? known
            : throw Errors.BadRequest($"'{mask}' for 'AccessMask' names no rights.", $"Rights are {string.Join(", ", Enum.GetNames<AccessRights>())}; several are separated by commas.");
    }

    private ValueTask<EntityReference> RowAsync(string name, JsonElement json, ApiRequest request) =>
        rows.DemandAsync(name, RowJson.Read(json, request.Metadata, name), request.Caller, request.Aborted);

    private async ValueTask<EntityReference> TargetAsync(ApiRequest request, FunctionCall call)
    {
        using var json = call.Json("Target");
        return await RowAsync("Target", json.RootElement, request);
    }

    // As OData writes members of a flags enumeration.
    private static string Text(AccessRights rights) => rights.ToString().Replace(", ", ",", StringComparison.Ordinal);
}
