using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.OData.Queries;
using Platform.Sandbox;

namespace Platform.Cli;

/// <summary><c>platform pack check DIR…</c>: everything that is wrong with packs, without a server.</summary>
internal static class PackCheck
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The output is read by people and editors, never by a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Command()
    {
        var folders = new Argument<DirectoryInfo[]>("DIR") { Description = "Folder of a pack.", Arity = ArgumentArity.OneOrMore };
        folders.AcceptExistingOnly();
        var core = new Option<DirectoryInfo>("--core") { Description = "Folder of the base tables (default: metadata/core, searched upwards from the packs)." };
        core.AcceptExistingOnly();
        var json = new Option<bool>("--json") { Description = "Print the errors as JSON." };
        var command = new Command("check", "Checks packs, their scripts and the filters of their views, and prints every error. Exit code 0: no errors, 1: errors, 2: wrong usage.") { folders, core, json };
        command.SetAction(async (parsed, ct) =>
        {
            var asked = parsed.GetValue(folders)!.Select(folder => folder.FullName).ToList();
            if ((parsed.GetValue(core)?.FullName ?? PackSet.FindCore(asked)) is not { } coreFolder)
            {
                await Console.Error.WriteLineAsync("The base tables were not found; say with --core where metadata/core is.");
                return 2;
            }

            var (packs, errors) = await CompileAsync(coreFolder, asked, ct);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(errors, Json));
            else Print(errors, packs);
            return errors.Length == 0 ? 0 : 1;
        });
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
