using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>forms/&lt;name&gt;.json</c>.</summary>
internal sealed class FormReader(EntityDraft entity, PackDraft pack)
{
    private const string NameHint = "Lower-case letters, digits and hyphens; labels are found by it.";

    public void Read(string file)
    {
        var name = PackLayout.NameOf(file);
        string[] path = ["entities", entity.Name, "forms", name];
        if (pack.Open(file) is not { } form)
        {
            pack.Labels.Excuse(path);
            return;
        }

        Names.CheckPart(form.Node, name);
        if (entity.Forms.Any(other => other.Name == name))
            form.Node.Fail($"'{entity.Name}' has a form '{name}' from another pack.", "Give the file another name, or add to that one with x-extends.");
        var title = pack.Labels.Read(form.DemandTitle("title", "The English title of the form.") ?? name, [.. path, "title"]);
        DemandOnce(form, "header", "The header", new(StringComparer.Ordinal));
        var header = Fields(form, "header");
        HashSet<string> names = new(StringComparer.Ordinal), sections = new(StringComparer.Ordinal), fields = new(StringComparer.Ordinal);
        if (form.Demand("tabs", "[ { \"name\", \"title\", \"sections\": [] } ]") is { IsArray: true } tabs && tabs.Value.GetArrayLength() == 0)
            tabs.Fail("A form without tabs.", "Give it at least one.");
        var built = form.Objects("tabs").Select(tab => ReadTab(tab, path, names, sections, fields)).ToImmutableArray();
        form.Close();
        entity.Forms.Add(new(name, title, header, built));
    }

    private FormTab ReadTab(JsonObject tab, string[] path, HashSet<string> names, HashSet<string> sections, HashSet<string> fields)
    {
        var name = ReadName(tab, "tab", names);
        var title = pack.Labels.Read(tab.DemandTitle("title", "The English title of the tab.") ?? name, [.. path, "tabs", name]);
        tab.Demand("sections", "[ { \"name\", \"title\", \"columns\", \"fields\": [] } ]");
        var built = tab.Objects("sections").Select(section => ReadSection(section, path, sections, fields)).ToImmutableArray();
        tab.Close();
        return new(name, title, built);
    }

    private FormSection ReadSection(JsonObject section, string[] path, HashSet<string> names, HashSet<string> fields)
    {
        var name = ReadName(section, "section", names);
        var title = pack.Labels.Read(section.DemandTitle("title", "The English title of the section.") ?? name, [.. path, "sections", name]);
        var columns = section.Integer("columns", 1, 2, 1);
        section.Demand("fields", "[ \"<column>\" ]");
        DemandOnce(section, "fields", "The form", fields);
        var built = Fields(section, "fields");
        section.Close();
        return new(name, title, columns, built);
    }

    private static string ReadName(JsonObject part, string what, HashSet<string> names)
    {
        if (part.Demand("name", NameHint) is not { } node || node.AsText() is not { } name) return "";
        if (Names.CheckPart(node, name) && !names.Add(name)) node.Fail($"The form has two {what}s '{name}'.", "Give one of them another name.");
        return name;
    }

    private static void DemandOnce(JsonObject part, string key, string what, HashSet<string> seen)
    {
        foreach (var node in part.Items(key).Where(node => node.IsText))
        {
            if (!seen.Add(node.Value.GetString()!)) node.Fail($"{what} shows '{node.Value.GetString()}' twice.", "Keep one of the two.");
        }
    }

    private ImmutableArray<string> Fields(JsonObject part, string key) =>
        [.. part.Items(key).Select(entity.Resolve).OfType<AttributeDraft>().Select(attribute => attribute.Name).Distinct(StringComparer.Ordinal)];
}
