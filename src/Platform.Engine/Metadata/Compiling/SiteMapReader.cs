using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>app/sitemap.json</c>.</summary>
internal static class SiteMapReader
{
    public static void Read(PackDraft pack, MetadataDraft draft)
    {
        if (pack.Layout.SiteMap is not { } file) return;
        if (pack.Open(file) is not { } app)
        {
            pack.Labels.Excuse("app");
            return;
        }

        var name = ReadName(app, "app", draft.Apps.Select(other => other.Name));
        var title = pack.Labels.ReadShared(app.DemandTitle("title", "The English title of the app.") ?? name, ["app", "title"], ["apps", name, "title"]);
        var icon = app.Text("icon");
        app.Demand("groups", "[ { \"name\", \"title\", \"items\": [ { \"entity\": \"<name>\" } ] } ]");
        var groups = ImmutableArray.CreateBuilder<AppGroup>();
        foreach (var group in app.Objects("groups")) groups.Add(ReadGroup(group, name, groups.Select(other => other.Name), pack, draft));
        app.Close();
        draft.Apps.Add(new(name, title, icon, pack.Id, groups.ToImmutable()));
    }

    private static AppGroup ReadGroup(JsonObject group, string app, IEnumerable<string> others, PackDraft pack, MetadataDraft draft)
    {
        var name = ReadName(group, "group", others);
        var title = pack.Labels.ReadShared(group.DemandTitle("title", "The English title of the group.") ?? name, ["app", "groups", name], ["apps", app, "groups", name]);
        group.Demand("items", "[ { \"entity\": \"<name>\" } ]");
        var entities = ImmutableArray.CreateBuilder<string>();
        foreach (var item in group.Objects("items"))
        {
            var node = item.Demand("entity", "The logical name of the table to list.");
            if (node?.AsText() is { } entity && draft.Resolve(node, entity, pack) is not null) entities.Add(entity);
            item.Close();
        }

        group.Close();
        return new(name, title, entities.ToImmutable());
    }

    private static string ReadName(JsonObject part, string what, IEnumerable<string> others)
    {
        if (part.Demand("name", "Lower-case letters, digits and hyphens.") is not { } node || node.AsText() is not { } name) return "";
        if (Names.CheckPart(node, name) && others.Contains(name)) node.Fail($"There are two {what}s '{name}'.", "Give one of them another name.");
        return name;
    }
}
