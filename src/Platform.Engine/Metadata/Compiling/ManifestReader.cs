using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>pack.json</c> and the label files.</summary>
internal static partial class ManifestReader
{
    /// <summary>The pack; one whose manifest is broken comes back under a made-up id, so that its other files are still checked.</summary>
    /// <param name="withLabels">False for who asks for no translations.</param>
    public static PackDraft Read(PackFiles files, ErrorList errors, bool withLabels = true)
    {
        foreach (var (file, text) in files.Files)
        {
            // Databases keep texts without it; in JSON it is an error of its own.
            if (StepFolder.IsScript(file) && text.Contains('\0')) errors.Add($"{files.Origin}/{file}", "", "The file holds the character NUL.", "Take it out; in a string of a script write \\0.");
        }

        if (!files.Files.ContainsKey(PackDraft.ManifestFile))
        {
            errors.Add($"{files.Origin}/{PackDraft.ManifestFile}", "", "The file is missing.", "Every pack has a pack.json with id, version, publisher and title.");
            return WithLabels(new PackDraft(files, files.Origin, errors) { Broken = true }, withLabels);
        }

        if (JsonObject.Open(JsonFile.Parse(files, PackDraft.ManifestFile, errors)) is not { } manifest)
            return WithLabels(new PackDraft(files, files.Origin, errors) { Broken = true }, withLabels);

        var id = manifest.DemandText("id", "Lower-case letters, digits and hyphens, as the folder.");
        if (id is not null && !Names.IsPackId(id)) manifest.Find("id")!.Fail($"'{id}' is not a valid pack id.", "Lower-case letters, digits and hyphens, beginning with a letter.");
        var pack = WithLabels(new PackDraft(files, id ?? files.Origin, errors) { Broken = id is null }, withLabels);
        ReadVersion(manifest, pack);
        ReadPublisher(manifest, pack);
        ReadStandardTables(manifest, pack);
        ReadStandardApis(manifest, pack);
        pack.Title = pack.Labels.Read(manifest.DemandTitle("title", "The English title of the pack.") ?? pack.Id, "pack", "title");
        if (manifest.Description("description") is { } description) pack.Description = pack.Labels.Read(description, "pack", "description");
        ReadDependencies(manifest, pack);
        ReadCapabilities(manifest, pack);
        manifest.Close();
        pack.Layout.ReportUnknown(pack);
        return pack;
    }

    private static PackDraft WithLabels(PackDraft pack, bool read)
    {
        if (!read) return pack;
        // The titles of a manifest that cannot be read are not asked for.
        if (pack.Broken) pack.Labels.Excuse("pack");
        foreach (var (language, file) in pack.Layout.Labels)
        {
            if (!Languages.Has(language)) pack.Fail(file, $"'{language}' is no language.", "Name the file after the two letters of a language (ISO 639-1), such as ko.json.");
            if (LabelFile.Read(pack, language, file) is { } labels) pack.Labels.Add(labels);
        }

        return pack;
    }

    private static void ReadVersion(JsonObject manifest, PackDraft pack)
    {
        if (manifest.Demand("version", "major.minor.patch, for example 1.0.0.") is not { } node || node.AsText() is not { } text) return;
        if (ParseVersion(text) is { } version) pack.Version = version;
        else node.Fail($"'{text}' is not a version.", "Write major.minor.patch, for example 1.0.0.");
    }

    private static void ReadPublisher(JsonObject manifest, PackDraft pack)
    {
        if (JsonObject.Open(manifest.Demand("publisher", "{ \"prefix\": \"loy\", \"name\": \"…\" }")) is not { } publisher)
        {
            pack.Broken = true;
            return;
        }

        publisher.DemandTitle("name", "Who publishes the pack.");
        if (publisher.Demand("prefix", "Two to eight lower-case letters and digits that begin all names of the pack.") is { } node)
        {
            var prefix = node.IsText ? node.Value.GetString()! : node.AsText() ?? "";
            var bare = pack.IsCore || pack.IsCustomization;
            if (bare ? prefix.Length == 0 : Names.IsPrefix(prefix)) pack.Prefix = prefix;
            else
            {
                node.Fail(
                    bare ? $"The pack {pack.Id} has no prefix." : $"'{prefix}' is not a valid prefix.",
                    bare ? "Write \"\"." : "Two to eight lower-case letters and digits, beginning with a letter; only core and the customization have none.");
                pack.Broken = true;
            }
        }

        publisher.Close();
    }

    private static void ReadStandardTables(JsonObject manifest, PackDraft pack)
    {
        foreach (var node in manifest.Texts("standardTables"))
        {
            var name = node.Value.GetString()!;
            if (pack.IsCore || pack.IsCustomization) node.Fail($"The pack {pack.Id} has no prefix that a table could do without.", "Take standardTables out.");
            else if (!Names.IsStandard(name)) node.Fail($"'{name}' is not a name without a prefix.", "A lower-case letter, then letters and digits, at most 63 in all: without an underscore no name that has a prefix can equal it.");
            else pack.StandardTables.Add(name, node);
        }
    }

    private static void ReadStandardApis(JsonObject manifest, PackDraft pack)
    {
        foreach (var node in manifest.Texts("standardApis"))
        {
            var name = node.Value.GetString()!;
            if (pack.IsCore || pack.IsCustomization) node.Fail($"The pack {pack.Id} has no prefix that an API could do without.", "Take standardApis out.");
            else if (!Names.IsStandardApi(name)) node.Fail($"'{name}' is not a name without a prefix.", "A capital letter, then letters and digits, at most 100 in all: without an underscore no name that has a prefix can equal it.");
            else pack.StandardApis.Add(name, node);
        }
    }

    private static void ReadDependencies(JsonObject manifest, PackDraft pack)
    {
        if (manifest.Object("dependencies") is not { } dependencies) return;
        foreach (var node in dependencies.All())
        {
            if (node.AsText() is not { } range) continue;
            var match = Range().Match(range);
            var version = match.Success ? ParseVersion(match.Groups[1].Value) : null;
            if (version is null) node.Fail($"'{range}' is not a version range.", "Write the least version that is needed, for example \">=1.0.0\".");
            pack.Dependencies.Add(new(node, node.Name, version));
        }
    }

    private static void ReadCapabilities(JsonObject manifest, PackDraft pack)
    {
        if (manifest.Object("capabilities") is not { } capabilities) return;
        foreach (var host in capabilities.Texts("hosts"))
        {
            var text = host.Value.GetString()!;
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.PathAndQuery != "/")
                host.Fail($"'{text}' is not a host.", "Write scheme and host, for example \"https://api.example.com\".");
        }

        foreach (var runAs in capabilities.Texts("runAs"))
        {
            if (runAs.Value.GetString() == "system") pack.MayRunAsSystem = true;
            else runAs.Fail($"'{runAs.Value.GetString()}' is nobody whose rights a pack can ask for.", "Write \"system\".");
        }

        foreach (var secret in capabilities.Texts("secrets")) Names.Check(secret, secret.Value.GetString()!, pack);
        capabilities.Close();
    }

    private static Version? ParseVersion(string text) => VersionText().IsMatch(text) && Version.TryParse(text, out var version) ? version : null;

    [GeneratedRegex(@"^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionText();

    [GeneratedRegex(@"^>=\s*([0-9.]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Range();
}
