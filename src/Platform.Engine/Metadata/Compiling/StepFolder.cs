namespace Platform.Engine.Metadata.Compiling;

/// <summary>A folder of a pack that may hold steps and their scripts.</summary>
internal abstract class StepFolder(string kind, string name)
{
    public string Name { get; } = name;

    public string Path { get; } = $"{kind}/{name}";

    /// <summary>Path of the file that declares what the folder is about.</summary>
    public string? Definition { get; set; }

    public string? Steps { get; set; }

    /// <summary>Names of the scripts, without the folder.</summary>
    public List<string> Scripts { get; } = [];

    /// <summary>Some file of the folder, for errors about the folder itself.</summary>
    public virtual string AnyFile => Definition ?? Steps ?? $"{Path}/{Scripts.FirstOrDefault()}";

    public static bool IsScript(string file) => file.EndsWith(".csx", StringComparison.Ordinal) || file.EndsWith(".js", StringComparison.Ordinal);
}

/// <summary>The files of a pack about one table.</summary>
internal sealed class TableFolder(string name) : StepFolder("entities", name)
{
    public List<string> Forms { get; } = [];

    public List<string> Views { get; } = [];

    public override string AnyFile => Definition ?? Steps ?? Forms.Concat(Views).FirstOrDefault() ?? base.AnyFile;
}

/// <summary>The files of a pack about one custom API.</summary>
internal sealed class ApiFolder(string name) : StepFolder("apis", name);
