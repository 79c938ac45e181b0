using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Engine.Packs;

namespace Platform.Cli;

/// <summary>Commands that change the metadata of a running server: each plans, shows the plan, asks, and applies exactly that.</summary>
internal static class PublishCommands
{
    private static readonly Option<Uri> Url = new("--url")
    {
        Description = "Address of the server.", DefaultValueFactory = _ => new Uri("http://127.0.0.1:5080"), CustomParser = ServerClient.ParseUrl,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the server's answer as JSON; why there is none, too." };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };

    private static readonly Option<string[]> Resolve = new("--resolve")
    {
        Description = "Who prevails in a conflict of a pack with the customization: '<conflict>=customization' or '<conflict>=pack'.", Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> KeepCustomization = new("--keep-customization") { Description = "The customization prevails in all conflicts that --resolve does not name." };

    private static readonly Option<bool> TakePack = new("--take-pack") { Description = "The packs prevail in all conflicts that --resolve does not name." };

    private static readonly Option<bool> WithDependents = new("--with-dependents")
    {
        Description = "What of the customization stands on what is taken out goes with it, the data of its columns parked. Without it such parts stand in the way.",
    };

    private static readonly Option<FileInfo> Out = new("--out") { Description = "File to save the plan in; 'apply --plan' carries it out later." };

    private static readonly Option<FileInfo> Saved = new("--plan") { Description = "A saved plan instead of folders; refused when anything was published since it was made." };

    /// <summary>Commands of <c>platform pack</c>.</summary>
    public static IEnumerable<Command> OfPacks()
    {
        var folders = Folders(ArgumentArity.OneOrMore);
        yield return Make(
            "plan", "Shows what applying packs would change. Exit code 1 when something is in the way.", [folders],
            async (parsed, ct) => await PlanAsync(parsed, Resolved(parsed, await BodyAsync(parsed.GetValue(folders)!, ct)), ct), Out, Resolve, KeepCustomization, TakePack, WithDependents);
        var optional = Folders(ArgumentArity.ZeroOrMore);
        yield return Make(
            "apply", "Installs or upgrades packs. What they no longer have is parked with its data.", [optional],
            async (parsed, ct) => await ApplyAsync(parsed, await ChangeAsync(parsed, parsed.GetValue(optional)!, ct), ct), Yes, Saved, Resolve, KeepCustomization, TakePack, WithDependents);
        var ids = new Argument<string[]>("ID") { Description = "Id of an installed pack.", Arity = ArgumentArity.OneOrMore };
        yield return Make("uninstall", "Takes packs out; their tables are parked with their rows.", [ids], (parsed, ct) => ApplyAsync(parsed, Resolved(parsed, new JsonObject { ["uninstall"] = Array(parsed.GetValue(ids)!) }), ct), Yes, Resolve, KeepCustomization, TakePack, WithDependents);
        var version = new Argument<long>("VERSION") { Description = "Number of a published version: platform metadata versions." };
        yield return Make("rollback", "Brings the metadata of a version back, and with it parked data.", [version], (parsed, ct) => ApplyAsync(parsed, new JsonObject { ["rollBackTo"] = parsed.GetValue(version) }, ct), Yes);
        var target = new Argument<DirectoryInfo>("DIR") { Description = "Folder to write into; each pack gets a folder of its id." };
        yield return Make("export", "Writes the files of the installed packs as they were applied. Files of a pack that an earlier export left and the pack no longer has are removed.", [target], (parsed, ct) => ExportAsync(parsed, parsed.GetValue(target)!, ct));
    }

    /// <summary>Commands of <c>platform metadata</c>.</summary>
    public static IEnumerable<Command> OfMetadata()
    {
        yield return Make("versions", "Lists the published versions, the newest first.", [], async (parsed, ct) =>
            Print(parsed, await AskAsync(parsed, server => server.GetAsync("versions", ct)), version =>
                $"{version["version"],5}  {version["publishedOn"]}  {version["action"]}{(version["rolledBackTo"] is { } back ? $" to {back}" : "")}  {version["publishedBy"] ?? (JsonNode)"server"}"));
        var parkedList = Make("parked", "Lists data that the metadata no longer has.", [], async (parsed, ct) =>
            Print(parsed, await AskAsync(parsed, server => server.GetAsync("parked", ct)), parked => $"{parked["name"]}  {parked["component"]}, taken out by version {parked["version"]}"));
        parkedList.Aliases.Add("park");
        yield return parkedList;
        var component = new Argument<string>("COMPONENT") { Description = "Name as in plans: entity/account, attribute/account/name, form/account/main, choice/loy_region." };
        yield return Make("layers", "Shows what each layer says about a component, property by property, and who prevails.", [component], async (parsed, ct) =>
        {
            var layers = await AskAsync(parsed, server => server.GetAsync($"layers?component={Uri.EscapeDataString(parsed.GetValue(component)!)}", ct));
            Console.Write(parsed.GetValue(Json) ? layers.ToJsonString(ServerClient.Json) : PlanText.Layers(layers));
            return 0;
        });
        var used = new Argument<string>("COMPONENT") { Description = component.Description };
        yield return Make("where-used", "Lists who refers to a component: forms, views, steps, formulas, keys, roles and so on; scripts that only mention it come last.", [used], async (parsed, ct) =>
            Print(parsed, await AskAsync(parsed, server => server.GetAsync($"where-used?component={Uri.EscapeDataString(parsed.GetValue(used)!)}", ct)), PlanText.Use));
        yield return Make("builds", "Lists indexes and alternate keys that are built in the background, and those that could not be built, with the reason.", [], async (parsed, ct) =>
            Print(parsed, await AskAsync(parsed, server => server.GetAsync("builds", ct)), PlanText.Build));
        var failed = new Argument<string>("NAME") { Description = "Name as 'builds' lists it." };
        yield return Make("retry", "Builds a key that could not be built once more, after its rows were mended.", [failed], async (parsed, ct) =>
            Print(parsed, await AskAsync(parsed, server => server.PostAsync("builds/retry", new JsonObject { ["name"] = parsed.GetValue(failed) }, ct)), PlanText.Build));
        var name = new Argument<string>("NAME") { Description = "Name as 'parked' lists it." };
        yield return Make("purge", "Drops parked data for good.", [name], async (parsed, ct) =>
        {
            if (!Agrees(parsed, $"Drop the data of {parsed.GetValue(name)} for good?")) return 1;
            return Print(parsed, await AskAsync(parsed, server => server.PostAsync("purge", new JsonObject { ["name"] = parsed.GetValue(name) }, ct)), parked => $"still parked: {parked["name"]}");
        }, Yes);
    }

    private static Argument<DirectoryInfo[]> Folders(ArgumentArity arity)
    {
        var folders = new Argument<DirectoryInfo[]>("DIR") { Description = "Folder of a pack.", Arity = arity };
        folders.AcceptExistingOnly();
        return folders;
    }

    private static Command Make(string name, string description, Argument[] arguments, Func<ParseResult, CancellationToken, Task<int>> action, params Option[] options)
    {
        var command = new Command(name, $"{description} The token of an administrator is read from {ServerClient.TokenVariable}.");
        foreach (var argument in arguments) command.Add(argument);
        foreach (var option in (Option[])[Url, Json, .. options]) command.Add(option);
        command.SetAction((parsed, ct) => Failure.CatchAsync(parsed, Json, 1, () => action(parsed, ct)));
        return command;
    }

    private static async Task<int> PlanAsync(ParseResult parsed, JsonObject body, CancellationToken ct)
    {
        var plan = await AskAsync(parsed, server => server.PostAsync("plan", body, ct));
        Console.Write(parsed.GetValue(Json) ? plan.ToJsonString(ServerClient.Json) : PlanText.Of(plan));
        if (parsed.GetValue(Out) is { } file)
            await File.WriteAllTextAsync(file.FullName, new JsonObject { ["request"] = body, ["plan"] = plan.DeepClone() }.ToJsonString(ServerClient.Json), ct);
        return PlanText.List(plan, "blockers").Any() ? 1 : 0;
    }

    private static async Task<int> ApplyAsync(ParseResult parsed, JsonObject body, CancellationToken ct)
    {
        var agreed = (string?)body["expectedPlan"];
        body.Remove("expectedPlan");
        var plan = await ApplyProgress.WaitAsync(parsed.GetValue(Json), "Planning", () => AskAsync(parsed, server => server.PostAsync("plan", body, ct)));
        if (!parsed.GetValue(Json)) Console.Write(PlanText.Of(plan));
        if (agreed is not null && agreed != (string?)plan["id"]) throw new CommandException("Something was published since the plan was saved, or the saved plan was changed. Make a new one.");
        if (PlanText.List(plan, "blockers").Any())
        {
            if (parsed.GetValue(Json)) Console.Write(plan.ToJsonString(ServerClient.Json));
            return 1;
        }
        if ((bool)plan["isEmpty"]!)
        {
            // Rows that an earlier apply could not bring in are tried again.
            var repeated = await AskAsync(parsed, server => server.PostAsync("apply", body, ct));
            if (parsed.GetValue(Json)) Console.WriteLine(repeated.ToJsonString(ServerClient.Json));
            return 0;
        }

        if (!Agrees(parsed, "Apply this?")) return 1;
        body["park"] = true;
        body["expectedPlan"] = (string)plan["id"]!;
        var applied = await ApplyProgress.ShowAsync(parsed.GetValue(Json), report => AskAsync(parsed, server => server.PostAsync("apply", body, report, ct)));
        Console.WriteLine(parsed.GetValue(Json) ? applied.ToJsonString(ServerClient.Json) : $"Version {applied["version"]} is in force.");
        return 0;
    }

    private static async Task<int> ExportAsync(ParseResult parsed, DirectoryInfo target, CancellationToken ct)
    {
        var packs = (JsonArray)await AskAsync(parsed, server => server.GetAsync("packs", ct));
        // Installed files have no origin but the id of their pack.
        var exports = packs.OfType<JsonNode>().Select(pack => (Id: (string)pack["origin"]!, Files: pack["files"]!.AsObject()))
            .Select(pack => new PackExport(Path.GetFullPath(Path.Combine(target.FullName, pack.Id)), pack.Id, pack.Files)).ToList();
        foreach (var export in exports) export.Check();
        foreach (var export in exports)
        {
            await export.WriteAsync(ct);
            if (!parsed.GetValue(Json)) Console.WriteLine(export.Root);
        }

        if (parsed.GetValue(Json)) Console.WriteLine(Array([.. exports.Select(export => export.Root)]).ToJsonString(ServerClient.Json));
        return 0;
    }

    /// <summary>What a saved plan, or folders, ask for.</summary>
    private static async Task<JsonObject> ChangeAsync(ParseResult parsed, DirectoryInfo[] folders, CancellationToken ct)
    {
        if (parsed.GetValue(Saved) is not { } file)
            return folders.Length > 0 ? Resolved(parsed, await BodyAsync(folders, ct)) : throw new CommandException("Name the folders of packs, or a saved plan with --plan.");
        if (folders.Length > 0) throw new CommandException("Name folders or a saved plan, not both.");
        try
        {
            var saved = JsonNode.Parse(await File.ReadAllTextAsync(file.FullName, ct));
            if (saved is not JsonObject whole || whole["request"]?.DeepClone() is not JsonObject request || (whole["plan"] as JsonObject)?["id"] is not JsonValue value || !value.TryGetValue<string>(out var id)) throw new CommandException($"{file.Name} is no saved plan: platform pack plan DIR --out FILE makes one.");
            request["expectedPlan"] = id;
            return request;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new CommandException($"{file.Name} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>Adds who prevails in conflicts.</summary>
    private static JsonObject Resolved(ParseResult parsed, JsonObject body)
    {
        var (keep, take) = (parsed.GetValue(KeepCustomization), parsed.GetValue(TakePack));
        if (keep && take) throw new CommandException("Say --keep-customization or --take-pack, not both.");
        if (keep || take) body["resolveAll"] = keep ? "customization" : "pack";
        if (parsed.GetValue(WithDependents)) body["withDependents"] = true;
        var decided = new JsonObject();
        foreach (var text in parsed.GetValue(Resolve) ?? [])
        {
            var at = text.LastIndexOf('=');
            if (at < 0 || text[(at + 1)..] is not ("customization" or "pack")) throw new CommandException($"'{text}' is no decision: '<conflict>=customization' or '<conflict>=pack'.");
            decided[text[..at]] = text[(at + 1)..];
        }

        if (decided.Count > 0) body["resolutions"] = decided;
        return body;
    }

    private static async Task<JsonObject> BodyAsync(DirectoryInfo[] folders, CancellationToken ct)
    {
        var packs = new JsonArray();
        foreach (var folder in folders)
        {
            var pack = await PackReader.ReadAsync(folder.FullName, ct);
            packs.Add(new JsonObject { ["origin"] = pack.Origin, ["files"] = new JsonObject(pack.Files.Select(file => KeyValuePair.Create(file.Key, (JsonNode?)file.Value))) });
        }
        return new JsonObject { ["packs"] = packs };
    }

    private static async Task<JsonNode> AskAsync(ParseResult parsed, Func<ServerClient, Task<JsonNode>> ask)
    {
        using var server = new ServerClient(parsed.GetValue(Url)!);
        return await ask(server);
    }

    private static int Print(ParseResult parsed, JsonNode list, Func<JsonNode, string> line)
    {
        if (parsed.GetValue(Json)) Console.WriteLine(list.ToJsonString(ServerClient.Json));
        else foreach (var item in list.AsArray().OfType<JsonNode>()) Console.WriteLine(line(item));
        return 0;
    }

    private static bool Agrees(ParseResult parsed, string question)
    {
        if (parsed.GetValue(Yes)) return true;
        if (Console.IsInputRedirected) throw new CommandException("Nobody is there to ask: say --yes.");
        (parsed.GetValue(Json) ? Console.Error : Console.Out).Write($"{question} (y/N) ");
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static JsonArray Array(string[] texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
