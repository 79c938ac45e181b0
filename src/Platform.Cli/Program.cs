using System.CommandLine;
using Platform.Cli;

var root = new RootCommand("Platform: packs from the command line.") { new Command("pack", "Packs.") { PackCheck.Command() } };
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? 2 : code;
