using System.CommandLine;

namespace Platform.Cli.NewPack;

/// <summary><c>platform pack new DIR --prefix PREFIX</c>: a pack to begin with.</summary>
internal static class NewPackCommand
{
    public static Command Command()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Folder of the new pack; its name becomes the pack's id: lower-case letters, digits and hyphens. Missing folders above it are made." };
        var prefix = new Option<string>("--prefix") { Description = "Two to eight lower-case letters and digits that begin all names of the pack, for example 'vst'.", Required = true };
        var title = new Option<string>("--title") { Description = "English title (default: the id as words)." };
        var publisher = new Option<string>("--publisher") { Description = "Who publishes the pack.", DefaultValueFactory = _ => Environment.UserName };
        var command = new Command(
            "new",
            "Writes a new pack that can be checked and applied at once: a table with form, view, role, a step with its script, labels in English and Korean. "
            + "Exit code 0: written, 1: the folder is not empty or cannot be written, 2: wrong usage.") { folder, prefix, title, publisher };
        prefix.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !PackTemplate.IsPrefix(text)) result.AddError($"'{text}' is no prefix: two to eight lower-case letters and digits, beginning with a letter.");
        });
        folder.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DirectoryInfo>() is { } named && !PackTemplate.IsId(named.Name)) result.AddError($"'{named.Name}' is no id of a pack: lower-case letters, digits and hyphens, beginning with a letter; 'core' and 'customization' are taken.");
        });
        foreach (var text in (Option<string>[])[title, publisher])
        {
            text.Validators.Add(result =>
            {
                if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError($"{text.Name} is empty.");
            });
        }

        command.SetAction(async (parsed, ct) =>
        {
            var target = parsed.GetValue(folder)!;
            var template = new PackTemplate(target.Name, parsed.GetValue(prefix)!, parsed.GetValue(title) ?? PackTemplate.TitleOf(target.Name), parsed.GetValue(publisher)!);
            try
            {
                if (target.Exists && target.EnumerateFileSystemInfos().Any())
                {
                    await Console.Error.WriteLineAsync($"{target.FullName} is not empty. Name another folder.");
                    return 1;
                }

                foreach (var file in await template.WriteAsync(Path.TrimEndingDirectorySeparator(target.FullName), ct)) Console.WriteLine(file);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(refused.Message);
                return 1;
            }

            Console.WriteLine($"Check it: platform pack check {target}. Apply it: platform pack apply {target} --url URL.");
            return 0;
        });
        return command;
    }
}
