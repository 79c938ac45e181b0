using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.OData.Queries;
using Platform.Sandbox;

namespace Platform.Cli;

/// <summary><c>platform pack check DIR…</c>: everything that is wrong with packs, without a server.</summary>
internal static class PackCheck
{
    private const int NotChecked = 2;

    public static Command Command()
    {
        var folders = new Argument<DirectoryInfo[]>("DIR") { Description = "Folder of a pack.", Arity = ArgumentArity.OneOrMore };
        folders.AcceptExistingOnly();
        var core = new Option<DirectoryInfo>("--core") { Description = "Folder of the base tables (default: metadata/core, searched upwards from the packs)." };
        core.AcceptExistingOnly();
        var json = new Option<bool>("--json") { Description = "Print the errors as JSON: a list, empty when there are none." };
        var command = new Command("check", "Checks packs, their scripts and the filters of their views, and prints every error. Exit code 0: no errors, 1: errors, 2: wrong usage.") { folders, core, json };
        command.SetAction((parsed, ct) => Failure.CatchAsync(parsed, json, NotChecked, async () =>
        {
            var asked = parsed.GetValue(folders)!.Select(folder => folder.FullName).ToList();
            var coreFolder = parsed.GetValue(core)?.FullName ?? PackSet.FindCore(asked)
                ?? throw new CommandException("The base tables were not found.", "Say with --core where metadata/core is.");
            var (packs, errors) = await CompileAsync(coreFolder, asked, ct);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(errors, ServerClient.Json));
            else Print(errors, packs);
            return errors.Length == 0 ? 0 : 1;
        }));
        return command;
    }

    private static async Task<(int Packs, ImmutableArray<MetadataError> Errors)> CompileAsync(string core, List<string> folders, CancellationToken ct)
    {
        try
        {
            var packs = await PackSet.ReadAsync(core, folders, ct);
            await using var host = new WorkerPluginHost();
            return (packs.Count, await new OfflineCheck(host, new QueryTextParser()).RunAsync(packs, ct));
        }
        catch (MetadataException unreadable)
        {
            return (folders.Count, unreadable.Errors);
        }
    }

    private static void Print(IReadOnlyCollection<MetadataError> errors, int packs)
    {
        foreach (var error in errors)
        {
            Console.WriteLine($"{error.File}#{error.Pointer}");
            Console.WriteLine($"  {error.Reason}");
            if (error.Hint.Length > 0) Console.WriteLine($"  {error.Hint}");
        }

        Console.WriteLine(errors.Count == 0 ? $"{packs} packs, no errors" : $"{errors.Count} errors");
    }
}
