using System.CommandLine;
using Platform.Cli;
using Platform.Cli.NewPack;

var pack = new Command("pack", "Makes and checks packs, and publishes them on a running server.") { NewPackCommand.Command(), PackCheck.Command() };
foreach (var command in PublishCommands.OfPacks()) pack.Add(command);
var metadata = new Command("metadata", "What is published on a running server, and what is parked beside it.");
foreach (var command in PublishCommands.OfMetadata()) metadata.Add(command);
var root = new RootCommand("Platform: packs and metadata from the command line.") { pack, metadata, DiffCommand.Command(), ExplainCommand.Command() };
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && args.Contains("--json"))
{
    await new Failure(string.Join(' ', parsed.Errors.Select(error => error.Message)), "platform --help shows the commands.").PrintAsync(json: true);
    return 2;
}

var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? 2 : code;
