using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Tests;

/// <summary>A pack "projects" with keys and relationships of every sort, for the tests of both.</summary>
public sealed class ProjectPack
{
    private readonly SortedDictionary<string, string> files = new(StringComparer.Ordinal)
    {
        ["pack.json"] = """{ "id": "projects", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Projects", "dependencies": { "core": ">=1.0.0" } }""",
        ["entities/tst_project/entity.json"] = Table(
            "tst_project",
            """
            "tst_code": { "type": "string", "title": "Code" },
            "tst_no": { "type": "integer", "title": "Number" },
            "tst_rate": { "type": "number", "x-precision": 2, "title": "Rate" },
            "tst_due": { "type": "string", "format": "date", "title": "Due" },
            "tst_kind": { "type": "integer", "x-choice": [ { "value": 1, "label": "Small" }, { "value": 2, "label": "Big" } ], "title": "Kind" },
            "tst_accountid": { "x-lookup": { "targets": ["account"], "relationship": "tst_account_projects" }, "title": "Account" }
            """,
            """
            , "x-keys": [ { "name": "tst_code_key", "title": "Code", "attributes": ["tst_code"] },
                          { "name": "tst_account_key", "title": "Number of the account", "attributes": ["tst_accountid", "tst_no"] },
                          { "name": "tst_due_key", "title": "Due", "attributes": ["tst_due", "tst_kind", "tst_rate"] } ]
            """),
        ["entities/tst_task/entity.json"] = Table(
            "tst_task",
            """ "tst_projectid": { "x-lookup": { "targets": ["tst_project"], "relationship": "tst_project_tasks", "onDelete": "cascade" }, "title": "Project" } """),
        ["entities/tst_tag/entity.json"] = Table("tst_tag", """ "tst_colour": { "type": "string", "title": "Colour" } """),
        ["relationships/tst_project_tags.json"] = """{ "title": "Tags of projects", "entities": ["tst_project", "tst_tag"], "intersect": "tst_project_tag" }""",
        ["relationships/tst_project_peers.json"] = """{ "title": "Order of projects", "entities": ["tst_project", "tst_project"], "navigation": ["tst_successors", "tst_predecessors"] }""",
        ["roles/worker.json"] = """
            { "id": "5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e01", "title": "Worker",
              "privileges": { "tst_project": { "create": "user", "read": "user", "write": "user", "delete": "user", "append": "user", "appendTo": "user" },
                              "tst_task": { "create": "user", "read": "user", "write": "user", "append": "user", "appendTo": "user" },
                              "tst_tag": { "create": "user", "read": "organization", "appendTo": "user" },
                              "account": { "create": "user", "read": "organization", "appendTo": "user" },
                              "systemuser": { "read": "organization", "append": "organization" }, "role": { "read": "organization", "appendTo": "organization" } } }
            """,
    };

    /// <summary>Role whose holders work on their own projects and tasks, and see all tags and accounts.</summary>
    public static Guid Worker { get; } = new("5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e01");

    public PackFiles Files => new("packs/projects", files.ToImmutableSortedDictionary(StringComparer.Ordinal));

    public ProjectPack Write(string file, string text)
    {
        files[file] = text;
        return this;
    }

    /// <summary>Replaces a piece of a file, which must stand there once.</summary>
    public ProjectPack Replace(string file, string from, string to)
    {
        Assert.Equal(2, files[file].Split(from).Length);
        files[file] = files[file].Replace(from, to, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Writes the pack below a folder of packs.</summary>
    public void WriteTo(string folder)
    {
        foreach (var (file, text) in files)
        {
            var path = Path.Combine(folder, "projects", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    /// <summary>A table owned by users, with a name.</summary>
    public static string Table(string name, string columns, string rest = "") =>
        $$"""
        { "title": "{{name}}", "type": "object",
          "x-entity": { "logicalName": "{{name}}", "entitySetName": "{{name}}s", "ownership": "user", "primaryNameAttribute": "tst_name" },
          "properties": { "tst_name": { "type": "string", "title": "Name" }, {{columns}} }{{rest}} }
        """;
}
