using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Platform.Engine.Tests.Architecture;

/// <summary>Guards the arrows between projects (docs/architecture.md). A new arrow is a decision, not an accident.</summary>
public sealed partial class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Platform.Sdk"] = [],
        ["Platform.Engine"] = ["Platform.Sdk"],
        ["Platform.Sandbox"] = ["Platform.Sdk"],
        ["Platform.PluginWorker"] = ["Platform.Sandbox"],
        ["Platform.ImageWorker"] = [],
        ["Platform.OData"] = ["Platform.Engine"],
        ["Platform.Studio"] = ["Platform.Engine"],
        ["Platform.Cli"] = ["Platform.Engine", "Platform.OData", "Platform.Sandbox"],
        ["Platform.Server"] = ["Platform.Cli", "Platform.Engine", "Platform.OData", "Platform.Sandbox", "Platform.Sdk", "Platform.Studio"],
    };

    private static readonly string[] Drivers = ["Microsoft.Data.Sqlite", "Npgsql", "SQLitePCL"];

    private static readonly string[] ScriptEngines = ["Jurassic", "Microsoft.CodeAnalysis"];

    [Fact]
    public void Every_source_project_has_its_arrows_written_down() =>
        Assert.Equal(Arrows.Keys.Order(), Projects().Select(file => Path.GetFileNameWithoutExtension(file)).Order());

    [Fact]
    public void Projects_refer_only_to_what_their_arrows_allow()
    {
        foreach (var file in Projects())
        {
            var project = Path.GetFileNameWithoutExtension(file);
            var referred = XDocument.Load(file).Descendants("ProjectReference")
                .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
                .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));
            Assert.All(referred, target => Assert.True(Arrows[project].Contains(target), $"{project} refers to {target}"));
        }
    }

    [Fact]
    public void The_sdk_refers_to_no_package_and_no_framework_but_the_base() =>
        Assert.Empty(XDocument.Load(RepositoryRoot.At("src", "Platform.Sdk", "Platform.Sdk.csproj")).Descendants("ItemGroup").Elements());

    [Fact]
    public void Only_the_sql_folder_of_the_engine_names_a_database_driver() =>
        AssertNamedOnlyIn(Drivers, file => file.StartsWith(RepositoryRoot.At("src", "Platform.Engine", "Sql"), StringComparison.Ordinal));

    [Fact]
    public void Only_the_sandbox_names_a_script_engine() =>
        AssertNamedOnlyIn(ScriptEngines, file => file.StartsWith(RepositoryRoot.At("src", "Platform.Sandbox"), StringComparison.Ordinal));

    [Fact]
    public void Only_server_web_api_and_studio_name_the_web_framework() =>
        AssertNamedOnlyIn(["Microsoft.AspNetCore"], file => WebProjects().IsMatch(file));

    private static void AssertNamedOnlyIn(string[] namespaces, Func<string, bool> allowed)
    {
        var found = Sources()
            .Where(file => !allowed(file))
            .SelectMany(file => File.ReadLines(file)
                .Where(line => namespaces.Any(name => Names(line, name)))
                .Select(line => $"{Path.GetRelativePath(RepositoryRoot.Path, file)}: {line.Trim()}"))
            .ToArray();
        Assert.Empty(found);
    }

    private static bool Names(string line, string name) =>
        !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        && Regex.IsMatch(line, $@"(?<![\w.]){Regex.Escape(name)}[.;]", RegexOptions.CultureInvariant);

    private static IEnumerable<string> Projects() => Directory.EnumerateFiles(RepositoryRoot.At("src"), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(RepositoryRoot.At("src"), "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal));

    [GeneratedRegex(@"src.Platform\.(Server|OData|Studio).")]
    private static partial Regex WebProjects();
}
