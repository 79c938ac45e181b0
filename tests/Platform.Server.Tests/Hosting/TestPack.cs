using System.Text.Json;

namespace Platform.Server.Tests.Hosting;

/// <summary>A pack that a test writes: tables with a name and one number, each with one script on Create or none.</summary>
internal sealed class TestPack(string id)
{
    private readonly Dictionary<string, (string? File, string Text, object? Limits)> tables = [];

    /// <summary>A table <c>tst_&lt;name&gt;</c>, set <c>tst_&lt;name&gt;s</c>.</summary>
    public TestPack Table(string name)
    {
        tables.Add(name, (null, "", null));
        return this;
    }

    /// <summary>A table with a script at PreOperation of Create.</summary>
    public TestPack Table(string name, string file, string script, object? limits = null)
    {
        tables.Add(name, (file, script, limits));
        return this;
    }

    /// <summary>Writes the pack below a folder of packs.</summary>
    public void WriteTo(string folder)
    {
        Write(folder, "pack.json", new
        {
            id,
            version = "1.0.0",
            publisher = new { prefix = "tst", name = "Tests" },
            title = "Test pack",
            dependencies = new Dictionary<string, string> { ["core"] = ">=1.0.0" },
        });
        foreach (var (name, (file, text, limits)) in tables)
        {
            Write(folder, $"entities/tst_{name}/entity.json", new Dictionary<string, object>
            {
                ["title"] = name,
                ["type"] = "object",
                ["x-entity"] = new { logicalName = $"tst_{name}", entitySetName = $"tst_{name}s", ownership = "user", primaryNameAttribute = "tst_name" },
                ["properties"] = new
                {
                    tst_name = new { type = "string", maxLength = 100, title = "Name" },
                    tst_number = new { type = "integer", title = "Number" },
                },
            });
            if (file is null) continue;
            File.WriteAllText(PathOf(folder, $"entities/tst_{name}/{file}"), text);
            var step = new Dictionary<string, object?> { ["name"] = $"step of {name}", ["script"] = file, ["message"] = "Create", ["stage"] = "PreOperation" };
            if (limits is not null) step["limits"] = limits;
            Write(folder, $"entities/tst_{name}/steps.json", new { steps = new[] { step } });
        }
    }

    private void Write(string folder, string file, object content) => File.WriteAllText(PathOf(folder, file), JsonSerializer.Serialize(content));

    private string PathOf(string folder, string file)
    {
        var path = Path.Combine(folder, id, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
