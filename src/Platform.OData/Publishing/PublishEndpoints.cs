using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Building;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Security;
using Platform.OData.Routing;
using Platform.OData.Writing;

namespace Platform.OData.Publishing;

/// <summary>
/// Publishing over HTTP, under <c>/api/platform/</c>: plan, apply, versions, what is parked, and the files of the
/// installed packs. For administrators only. <c>platform pack …</c> is its client.
/// </summary>
internal sealed class PublishEndpoints(PlatformEngine engine, Publisher publisher, Seeder seeder, IndexBuilder builder, ICallerAccessor callers, RequestDispatcher dispatcher)
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
        group.MapGet("/builds", http => AnswerAsync(http, async (_, ct) => (await builder.RefreshAsync(ct)).Values));
        group.MapPost("/builds/retry", http => AnswerAsync(http, async (_, ct) =>
        {
            var name = (await BodyAsync<NameBody>(http)).Name;
            if (!engine.Metadata.OpenBuilds.ContainsKey(name)) throw Errors.NotBuilding(name);
            await builder.RetryAsync(name, ct);
            return engine.Metadata.OpenBuilds.Values;
        }));
        group.MapGet("/packs", http => AnswerAsync(http, async (_, ct) => await publisher.FilesAsync(ct)));
        group.MapGet("/components", http => AnswerAsync(http, async (_, ct) => await publisher.ComponentsAsync(ct)));
        group.MapGet("/layers", http => AnswerAsync(http, async (_, ct) => await publisher.LayersAsync(ComponentOf(http), ct)));
        group.MapGet("/where-used", http => AnswerAsync(http, async (_, ct) => await publisher.UsesAsync(ComponentOf(http), ct)));
        group.MapPost("/customize", http => AnswerAsync(http, async (caller, ct) => await CustomizeAsync(await BodyAsync<CustomizeBody>(http), caller, ct)));
        group.MapPost("/plan", http => AnswerAsync(http, async (_, ct) => await publisher.PlanAsync((await BodyAsync<ChangeBody>(http)).Change, ct)));
        group.MapPost("/apply", http => ProgressStream.IsAskedFor(http.Request) ? StreamAsync(http) : AnswerAsync(http, async (caller, ct) => await ApplyAsync(http, await BodyAsync<ChangeBody>(http), caller, null, ct)));
        group.MapPost("/purge", http => AnswerAsync(http, async (_, ct) =>
        {
            await publisher.PurgeAsync((await BodyAsync<NameBody>(http)).Name, ct);
            return await publisher.ParkedAsync(ct);
        }));
    }

    private async Task<object> ApplyAsync(HttpContext http, ChangeBody body, Caller caller, IProgress<PublishProgress>? progress, CancellationToken ct)
    {
        var result = await publisher.ApplyAsync(body.Change, new PublishOptions { Park = body.Park, ExpectedPlan = body.ExpectedPlan, PublishedBy = caller.UserId, Progress = progress }, ct);
        // What a pack brings along belongs to its installation: roles first, on which users' rights depend.
        var published = Stopwatch.GetTimestamp();
        try
        {
            await seeder.SeedAsync(demo: false, caller, ct, progress);
        }
        catch (MetadataException rows)
        {
            throw new MetadataException([.. rows.Errors.Select(error => error with { Reason = $"Version {result.Version} is in force, but rows of its packs are missing: {error.Reason}", Hint = $"{error.Hint} Then apply again: rows that are there stay as they are." })]);
        }

        ImmutableArray<PhaseTime> phases = [.. result.Phases, new("seed", Stopwatch.GetElapsedTime(published))];
        if (!http.Response.HasStarted) http.Response.Headers["Server-Timing"] = string.Join(", ", phases.Select(phase => string.Create(CultureInfo.InvariantCulture, $"{phase.Name};dur={phase.Took.TotalMilliseconds:0.0}")));
        return new ApplyAnswer(result.Version, result.Changed, [.. result.Plan.Changes.Select(change => change.ToString())], result.Notes);
    }

    private async Task<object> CustomizeAsync(CustomizeBody body, Caller caller, CancellationToken ct)
    {
        if (body.PlanOnly) return await publisher.PlanCustomizingAsync(body.Change, ct);
        var result = await publisher.CustomizeAsync(body.Change, new PublishOptions { Park = body.Park, ExpectedPlan = body.ExpectedPlan, PublishedBy = caller.UserId }, ct);
        return new ApplyAnswer(result.Version, result.Changed, [.. result.Plan.Changes.Select(change => change.ToString())], result.Notes);
    }

    private static string ComponentOf(HttpContext http) => http.Request.Query["component"] is [{ Length: > 0 } component]
        ? component
        : throw Errors.BadRequest("Name one component: ?component=attribute/account/name.");

    /// <summary>Applies a change and tells how far it is. What is wrong with the request itself is an answer without lines.</summary>
    private async Task StreamAsync(HttpContext http)
    {
        try
        {
            var caller = await AdministratorAsync(http);
            var body = await BodyAsync<ChangeBody>(http);
            _ = body.Change;
            var progress = new ProgressStream();
            await progress.RunAsync(http, Json, async () =>
            {
                try
                {
                    return Line(StatusCodes.Status200OK, new { result = await ApplyAsync(http, body, caller, progress, http.RequestAborted) });
                }
                catch (PlatformException refused)
                {
                    return Line(ErrorWriter.StatusOf(refused.Kind), new RefusedAnswer(new(refused.Code, refused.Message, refused.Hint), [], null));
                }
                catch (Exception refused) when (Refusal(refused) is { } answer)
                {
                    return Line(answer.Status, answer.Body);
                }
            });
        }
        catch (Exception failure)
        {
            await dispatcher.RefuseAsync(http, failure);
        }
    }

    private static JsonObject Line(int status, object content)
    {
        var line = JsonSerializer.SerializeToNode(content, Json)!.AsObject();
        line.Insert(0, "status", status);
        return line;
    }

    private async Task<Caller> AdministratorAsync(HttpContext http)
    {
        var caller = await callers.GetAsync(http);
        return AccessPolicy.IsAdministrator(engine.Metadata, caller) ? caller : throw Errors.NotAdministrator(caller.UserId);
    }

    private static (int Status, RefusedAnswer Body)? Refusal(Exception refused) => refused switch
    {
        MetadataException metadata => (StatusCodes.Status422UnprocessableEntity, new(new("0x8FF00013", $"The metadata was refused: {(metadata.Errors.Length == 1 ? "1 error" : $"{metadata.Errors.Length} errors")}."), metadata.Errors, null)),
        PlanChangedException changed => (StatusCodes.Status409Conflict, new(new("0x8FF00014", changed.Message), [], changed.Plan)),
        _ => null,
    };

    private async Task AnswerAsync(HttpContext http, Func<Caller, CancellationToken, Task<object?>> work)
    {
        try
        {
            var caller = await AdministratorAsync(http);
            await http.Response.WriteAsJsonAsync(await work(caller, http.RequestAborted), Json, http.RequestAborted);
        }
        catch (Exception refused) when (Refusal(refused) is { } answer)
        {
            http.Response.StatusCode = answer.Status;
            await http.Response.WriteAsJsonAsync(answer.Body, Json, http.RequestAborted);
        }
        catch (Exception failure)
        {
            await dispatcher.RefuseAsync(http, failure);
        }
    }

    private static async Task<T> BodyAsync<T>(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return ChangeJson.Read<T>(new(body.GetBuffer(), 0, (int)body.Length), Json);
    }

    /// <param name="Park">Data that metadata no longer has may be parked.</param>
    /// <param name="ExpectedPlan">Id of the plan that was agreed to.</param>
    /// <param name="Resolutions">Who prevails, by the id of a conflict.</param>
    /// <param name="ResolveAll">Who prevails in all other conflicts.</param>
    /// <param name="WithDependents">What of the customization stands on what is taken out goes with it.</param>
    private sealed record ChangeBody(ImmutableArray<PackBody>? Packs = null, ImmutableArray<string>? Uninstall = null, long? RollBackTo = null, bool Park = false, string? ExpectedPlan = null,
        Dictionary<string, LayerChoice>? Resolutions = null, LayerChoice? ResolveAll = null, bool WithDependents = false)
    {
        [JsonIgnore]
        public MetadataChange Change
        {
            get
            {
                if (RollBackTo is not null && (Packs ?? Uninstall as object) is not null) throw Errors.BadRequest("A rollback goes without packs and uninstall.");
                return new MetadataChange
                {
                    Packs = [.. (Packs ?? []).Select(pack => (pack ?? throw Errors.BadJson("a pack is null.")).ToFiles())],
                    Uninstall = [.. (Uninstall ?? []).Select(id => id ?? throw Errors.BadJson("the id of a pack to take out is null."))],
                    RollBackTo = RollBackTo,
                    Resolutions = (Resolutions ?? []).ToImmutableDictionary(StringComparer.Ordinal),
                    ResolveAll = ResolveAll,
                    WithDependents = WithDependents,
                };
            }
        }
    }

    /// <param name="Origin">Where the files came from, for messages.</param>
    private sealed record PackBody([property: JsonRequired] string Origin, [property: JsonRequired] Dictionary<string, string> Files)
    {
        public PackFiles ToFiles() => new(
            Origin ?? throw Errors.BadJson("the origin of a pack is null."),
            (Files ?? throw Errors.BadJson($"the files of '{Origin}' are null.")).ToImmutableSortedDictionary(
                file => file.Key, file => file.Value ?? throw Errors.BadJson($"the file '{file.Key}' of '{Origin}' is null."), StringComparer.Ordinal));
    }

    /// <param name="Put">Components as they shall hold, by address.</param>
    /// <param name="Remove">Components to take away, or to leave to the packs again.</param>
    /// <param name="PlanOnly">Answer with the plan and change nothing.</param>
    private sealed record CustomizeBody(Dictionary<string, JsonObject>? Put = null, ImmutableArray<string>? Remove = null, ImmutableArray<LabelBody>? Labels = null, bool PlanOnly = false, bool Park = false, string? ExpectedPlan = null)
    {
        public void Change(CustomizationDraft draft)
        {
            foreach (var component in Remove ?? []) draft.Remove(component ?? throw Errors.BadJson("a component to remove is null."));
            foreach (var (component, content) in Put ?? []) draft.Put(component, content ?? throw Errors.BadJson($"the component '{component}' is null; components go by 'remove'."));
            foreach (var label in Labels ?? []) draft.SetLabel((label ?? throw Errors.BadJson("a label is null.")).Language, label.Component, label.Path, label.Text);
        }
    }

    /// <param name="Language">Two letters, not <c>en</c>: English stands in the component.</param>
    /// <param name="Path">Below the component, as in label files.</param>
    /// <param name="Text"><c>null</c>: as the packs have it.</param>
    private sealed record LabelBody([property: JsonRequired] string Language, [property: JsonRequired] string Component, string Path = "", string? Text = null);

    private sealed record NameBody([property: JsonRequired] string Name);

    private sealed record ApplyAnswer(long Version, bool Changed, ImmutableArray<string> Changes, ImmutableArray<string> Notes);

    private sealed record ErrorBody(
        string Code, string Message, [property: JsonPropertyName("@Platform.Hint")][property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint = null);

    private sealed record RefusedAnswer(ErrorBody Error, ImmutableArray<MetadataError> Errors, MetadataPlan? Plan);
}
