using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Security;
using Platform.OData.Writing;

namespace Platform.OData.Publishing;

/// <summary>
/// Publishing over HTTP, under <c>/api/platform/</c>: plan, apply, versions, what is parked, and the files of the
/// installed packs. For administrators only. <c>platform pack …</c> is its client.
/// </summary>
internal sealed class PublishEndpoints(PlatformEngine engine, Publisher publisher, Seeder seeder, ICallerAccessor callers)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/platform").RequireAuthorization(WebApi.Policy);
        group.MapGet("/versions", http => AnswerAsync(http, async (_, ct) => await publisher.VersionsAsync(ct)));
        group.MapGet("/parked", http => AnswerAsync(http, async (_, ct) => await publisher.ParkedAsync(ct)));
        group.MapGet("/packs", http => AnswerAsync(http, async (_, ct) => await publisher.FilesAsync(ct)));
        group.MapPost("/plan", http => AnswerAsync(http, async (_, ct) => await publisher.PlanAsync((await BodyAsync<ChangeBody>(http)).Change, ct)));
        group.MapPost("/apply", http => AnswerAsync(http, async (caller, ct) => await ApplyAsync(await BodyAsync<ChangeBody>(http), caller, ct)));
        group.MapPost("/purge", http => AnswerAsync(http, async (_, ct) =>
        {
            await publisher.PurgeAsync((await BodyAsync<PurgeBody>(http)).Name, ct);
            return await publisher.ParkedAsync(ct);
        }));
    }

    private async Task<object> ApplyAsync(ChangeBody body, Caller caller, CancellationToken ct)
    {
        var result = await publisher.ApplyAsync(body.Change, new PublishOptions { Park = body.Park, ExpectedPlan = body.ExpectedPlan, PublishedBy = caller.UserId }, ct);
        // What a pack brings along belongs to its installation: roles first, on which users' rights depend.
        await seeder.SeedAsync(demo: false, caller, ct);
        return new ApplyAnswer(result.Version, result.Changed, [.. result.Plan.Changes.Select(change => change.ToString())], result.Notes);
    }

    private async Task AnswerAsync(HttpContext http, Func<Caller, CancellationToken, Task<object?>> work)
    {
        try
        {
            var caller = await callers.GetAsync(http);
            if (!AccessPolicy.IsAdministrator(engine.Metadata, caller)) throw Errors.NotAdministrator(caller.UserId);
            await http.Response.WriteAsJsonAsync(await work(caller, http.RequestAborted), Json, http.RequestAborted);
        }
        catch (PlatformException refused)
        {
            await ErrorWriter.WriteAsync(http, refused);
        }
        catch (MetadataException refused)
        {
            http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await http.Response.WriteAsJsonAsync(new RefusedAnswer(new("0x8FF00013", $"The metadata was refused: {refused.Errors.Length} errors."), refused.Errors, null), Json, http.RequestAborted);
        }
        catch (PlanChangedException changed)
        {
            http.Response.StatusCode = StatusCodes.Status409Conflict;
            await http.Response.WriteAsJsonAsync(new RefusedAnswer(new("0x8FF00014", changed.Message), [], changed.Plan), Json, http.RequestAborted);
        }
    }

    private static async Task<T> BodyAsync<T>(HttpContext http)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Json, http.RequestAborted) ?? throw Errors.BadJson("the body is null.");
        }
        catch (JsonException broken)
        {
            throw Errors.BadJson(broken.Message);
        }
    }

    /// <param name="Park">Data that metadata no longer has may be parked.</param>
    /// <param name="ExpectedPlan">Id of the plan that was agreed to.</param>
    private sealed record ChangeBody(ImmutableArray<PackBody>? Packs = null, ImmutableArray<string>? Uninstall = null, long? RollBackTo = null, bool Park = false, string? ExpectedPlan = null)
    {
        [JsonIgnore]
        public MetadataChange Change
        {
            get
            {
                if (RollBackTo is not null && (Packs ?? Uninstall as object) is not null) throw Errors.BadRequest("A rollback goes without packs and uninstall.");
                return new MetadataChange
                {
                    Packs = [.. (Packs ?? []).Select(pack => new PackFiles(pack.Origin, pack.Files.ToImmutableSortedDictionary(StringComparer.Ordinal)))],
                    Uninstall = Uninstall ?? [],
                    RollBackTo = RollBackTo,
                };
            }
        }
    }

    /// <param name="Origin">Where the files came from, for messages.</param>
    private sealed record PackBody([property: JsonRequired] string Origin, [property: JsonRequired] Dictionary<string, string> Files);

    private sealed record PurgeBody([property: JsonRequired] string Name);

    private sealed record ApplyAnswer(long Version, bool Changed, ImmutableArray<string> Changes, ImmutableArray<string> Notes);

    private sealed record ErrorBody(string Code, string Message);

    private sealed record RefusedAnswer(ErrorBody Error, ImmutableArray<MetadataError> Errors, MetadataPlan? Plan);
}
