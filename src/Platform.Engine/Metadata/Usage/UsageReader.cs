using System.Text.Json;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Metadata.Usage;

/// <summary>Finds what the files of one pack refer to.</summary>
internal sealed class UsageReader(string pack, PackFiles files, TableFacts facts)
{
    private readonly List<ComponentUse> uses = [];

    public List<ComponentUse> Read()
    {
        foreach (var (path, text) in files.Files)
        {
            if (path.EndsWith(".json", StringComparison.Ordinal))
            {
                if (UsageIndex.TryParse(text) is { ValueKind: JsonValueKind.Object } root) ReadFile(path, root);
            }
            else
            {
                uses.AddRange(new ScriptMentions(pack, path, text, facts).Find());
            }
        }
        return uses;
    }

    private void ReadFile(string path, JsonElement root)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        switch (path.Split('/'))
        {
            case ["pack.json"]:
                foreach (var (id, _, pointer) in Members(root, "dependencies", "")) Add($"pack/{id}", $"pack/{pack}", UseKind.Layer, path, pointer);
                break;
            case ["entities", var entity, "entity.json"]:
                ReadTable(path, entity, root);
                break;
            case ["entities", var entity, "steps.json"]:
                ReadSteps(path, entity, $"entity/{entity}", root);
                break;
            case ["apis", var api, "api.json"]:
                ReadApi(path, $"api/{api}", root);
                break;
            case ["apis", var api, "steps.json"]:
                ReadSteps(path, api, $"api/{api}", root);
                break;
            case ["entities", var entity, "forms", _]:
                ReadForm(path, entity, $"form/{entity}/{name}", root, "");
                ReadPart(path, entity, $"form/{entity}/{name}", root);
                break;
            case ["entities", var entity, "views", _]:
                ReadView(path, entity, $"view/{entity}/{name}", root);
                break;
            case ["choices", _]:
                ReadLayer(path, $"choice/{name}", root);
                break;
            case ["relationships", _]:
                foreach (var (end, pointer) in Texts(root, "entities", "")) Add($"entity/{end}", $"relationship/{name}", UseKind.Relationship, path, pointer);
                if (TableFacts.Text(TableFacts.Member(root, "intersect")) is { } intersect) Add($"entity/{intersect}", $"relationship/{name}", UseKind.Relationship, path, "/intersect");
                ReadLayer(path, $"relationship/{name}", root);
                break;
            case ["roles", _]:
                foreach (var (entity, _, pointer) in Members(root, "privileges", "").Where(entry => entry.Value.ValueKind != JsonValueKind.Null)) Add($"entity/{entity}", $"role/{name}", UseKind.Privilege, path, pointer);
                ReadLayer(path, $"role/{name}", root);
                break;
            case ["app", _]:
                ReadApp(path, root);
                break;
            case ["data", _]:
                ReadData(path, root);
                break;
            case ["labels", _]:
                ReadLabels(path, root);
                break;
        }
    }

    private void ReadTable(string path, string entity, JsonElement root)
    {
        var table = $"entity/{entity}";
        ReadLayer(path, table, root);
        if (TableFacts.Text(TableFacts.Member(TableFacts.Member(root, "x-entity"), "primaryNameAttribute")) is { } name) Column(entity, name, table, UseKind.Column, path, "/x-entity/primaryNameAttribute");
        foreach (var (column, pointer) in Texts(root, "required", "")) Column(entity, column, table, UseKind.Column, path, pointer);
        foreach (var (column, value, pointer) in Members(root, "properties", "")) ReadColumn(path, entity, column, value, pointer);
        foreach (var (list, kind) in new[] { ("x-keys", "key"), ("x-indexes", "index") })
        {
            foreach (var (key, pointer) in Items(root, list, ""))
            {
                var by = $"{kind}/{entity}/{TableFacts.Text(TableFacts.Member(key, "name"))}";
                foreach (var (column, place) in Texts(key, "attributes", pointer)) Column(entity, column, by, UseKind.Key, path, place);
            }
        }
    }

    private void ReadColumn(string path, string entity, string column, JsonElement value, string pointer)
    {
        var by = $"attribute/{entity}/{column}";
        foreach (var (target, place) in Texts(TableFacts.Member(value, "x-lookup"), "targets", $"{pointer}/x-lookup")) Add($"entity/{target}", by, UseKind.Lookup, path, place);
        if (TableFacts.Text(TableFacts.Member(value, "x-choice")) is { } choice) Add($"choice/{choice}", by, UseKind.Values, path, $"{pointer}/x-choice");
        foreach (var (_, part, place) in Members(value, "x-fullName", pointer))
        {
            if (TableFacts.Text(part) is { } name) Column(entity, name, by, UseKind.Column, path, place);
        }
        if (TableFacts.Text(TableFacts.Member(value, "x-formula")) is { } formula) Expression(entity, formula, by, UseKind.Formula, path, $"{pointer}/x-formula");
        if (TableFacts.Member(value, "x-rollup") is not { } rollup || TableFacts.Text(TableFacts.Member(rollup, "relationship")) is not { } relationship || facts.LookupOf(relationship) is not var (related, lookup)) return;
        var here = $"{pointer}/x-rollup";
        Add($"relationship/{relationship}", by, UseKind.Rollup, path, $"{here}/relationship");
        Add($"entity/{related}", by, UseKind.Rollup, path, $"{here}/relationship");
        Column(related, lookup, by, UseKind.Rollup, path, $"{here}/relationship");
        if (TableFacts.Text(TableFacts.Member(rollup, "attribute")) is { } aggregated) Expression(related, aggregated, by, UseKind.Rollup, path, $"{here}/attribute");
        if (TableFacts.Text(TableFacts.Member(rollup, "filter")) is { } filter) Expression(related, filter, by, UseKind.Rollup, path, $"{here}/filter");
    }

    private void ReadApi(string path, string api, JsonElement root)
    {
        if (TableFacts.Text(TableFacts.Member(root, "boundEntity")) is { } bound) Add($"entity/{bound}", api, UseKind.Api, path, "/boundEntity");
        if (TableFacts.Text(TableFacts.Member(root, "executePrivilege")) is { } privilege && facts.Entities.Where(entity => privilege.EndsWith(entity, StringComparison.OrdinalIgnoreCase)).MaxBy(entity => entity.Length) is { } granted)
            Add($"entity/{granted}", api, UseKind.Api, path, "/executePrivilege");
        foreach (var list in new[] { "requestParameters", "responseProperties" })
        {
            foreach (var (_, value, pointer) in Members(root, list, ""))
            {
                if (TableFacts.Text(TableFacts.Member(value, "entity")) is { } entity) Add($"entity/{entity}", api, UseKind.Api, path, $"{pointer}/entity");
            }
        }
    }

    /// <param name="owner">The component that the steps are part of.</param>
    private void ReadSteps(string path, string entity, string owner, JsonElement root)
    {
        foreach (var (step, pointer) in Items(root, "steps", ""))
        {
            var by = $"step/{entity}/{TableFacts.Text(TableFacts.Member(step, "name"))}";
            Add(owner, by, UseKind.Part, path, pointer);
            if (TableFacts.Text(TableFacts.Member(step, "script")) is { } script) Add($"script/{entity}/{script}", by, UseKind.Step, path, $"{pointer}/script");
            foreach (var (column, place) in Texts(step, "filteringAttributes", pointer)) Column(entity, column, by, UseKind.Step, path, place);
            foreach (var (image, at) in Items(step, "images", pointer))
            {
                foreach (var (column, place) in Texts(image, "attributes", at)) Column(entity, column, by, UseKind.Step, path, place);
            }
        }
    }

    // Layers write parts of forms: wherever fields stand, they are columns.
    private void ReadForm(string path, string entity, string by, JsonElement value, string pointer)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (at, item) in value.EnumerateArray().Index()) ReadForm(path, entity, by, item, $"{pointer}/{at}");
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var list in new[] { "fields", "header" })
            {
                foreach (var (column, place) in Texts(value, list, pointer)) Column(entity, column, by, UseKind.Shown, path, place);
                // A layer adds some to those of the layers below.
                foreach (var (column, place) in Texts(TableFacts.Member(value, list), Overlay.Add, $"{pointer}/{list}")) Column(entity, column, by, UseKind.Shown, path, place);
            }
            foreach (var member in value.EnumerateObject()) ReadForm(path, entity, by, member.Value, $"{pointer}/{Escape(member.Name)}");
        }
    }

    private void ReadView(string path, string entity, string by, JsonElement root)
    {
        ReadPart(path, entity, by, root);
        foreach (var (column, pointer) in Items(root, "columns", ""))
        {
            if (!TakesAway(column) && TableFacts.Text(TableFacts.Member(column, "attribute")) is { } name) Column(entity, name, by, UseKind.Shown, path, $"{pointer}/attribute");
        }
        foreach (var key in new[] { "filter", "orderby" })
        {
            if (TableFacts.Text(TableFacts.Member(root, key)) is { } text) Expression(entity, text, by, UseKind.Expression, path, $"/{key}");
        }
    }

    private void ReadPart(string path, string entity, string by, JsonElement root)
    {
        Add($"entity/{entity}", by, UseKind.Part, path, "");
        ReadLayer(path, by, root);
    }

    private void ReadLayer(string path, string component, JsonElement root)
    {
        if (TableFacts.Member(root, "x-extends") is not null) Add(component, $"pack/{pack}", UseKind.Layer, path, "/x-extends");
    }

    private void ReadApp(string path, JsonElement root)
    {
        var extended = TableFacts.Text(TableFacts.Member(root, "x-extends"));
        var by = $"app/{extended ?? TableFacts.Text(TableFacts.Member(root, "name")) ?? pack}";
        if (extended is not null) ReadLayer(path, by, root);
        foreach (var (group, pointer) in Items(root, "groups", ""))
        {
            foreach (var (item, place) in Items(group, "items", pointer))
            {
                if (!TakesAway(item) && TableFacts.Text(TableFacts.Member(item, "entity")) is { } entity) Add($"entity/{entity}", by, UseKind.Navigation, path, $"{place}/entity");
            }
        }
    }

    private void ReadData(string path, JsonElement root)
    {
        if (TableFacts.Text(TableFacts.Member(root, "entity")) is not { } entity) return;
        var by = $"file/{pack}/{path}";
        Add($"entity/{entity}", by, UseKind.SeedRow, path, "/entity");
        foreach (var (column, pointer) in Texts(root, "key", "")) Column(entity, column, by, UseKind.SeedRow, path, pointer);
        foreach (var (row, pointer) in Items(root, "rows", "")) ReadRow(path, entity, by, row, pointer);
    }

    private void ReadRow(string path, string entity, string by, JsonElement row, string pointer)
    {
        if (row.ValueKind != JsonValueKind.Object) return;
        foreach (var cell in row.EnumerateObject())
        {
            var place = $"{pointer}/{Escape(cell.Name)}";
            Column(entity, cell.Name, by, UseKind.SeedRow, path, place);
            if (TableFacts.Text(TableFacts.Member(cell.Value, "entity")) is not { } target) continue;
            Add($"entity/{target}", by, UseKind.SeedRow, path, $"{place}/entity");
            if (TableFacts.Member(cell.Value, "key") is { } key) ReadRow(path, target, by, key, $"{place}/key");
        }
    }

    private void ReadLabels(string path, JsonElement root)
    {
        var by = $"file/{pack}/{path}";
        foreach (var (entity, table, pointer) in Members(root, "entities", ""))
        {
            if (entity == RoleDefinition.AnyEntity) continue;
            Add($"entity/{entity}", by, UseKind.Label, path, pointer);
            foreach (var (list, kind) in new[] { ("attributes", "attribute"), ("forms", "form"), ("views", "view"), ("keys", "key") })
            {
                foreach (var (part, _, place) in Members(table, list, pointer)) Add($"{kind}/{entity}/{part}", by, UseKind.Label, path, place);
            }
        }
        foreach (var (list, kind) in new[] { ("choices", "choice"), ("apis", "api"), ("roles", "role"), ("relationships", "relationship"), ("apps", "app") })
        {
            foreach (var (name, _, pointer) in Members(root, list, "")) Add($"{kind}/{name}", by, UseKind.Label, path, pointer);
        }
    }

    private void Expression(string entity, string text, string by, UseKind kind, string path, string pointer)
    {
        foreach (var (table, column) in ExpressionNames.Of(text, entity, facts)) Column(table, column, by, kind, path, pointer);
    }

    private void Column(string entity, string column, string by, UseKind kind, string path, string pointer) => Add($"attribute/{entity}/{column}", by, kind, path, pointer);

    private void Add(string component, string by, UseKind kind, string path, string pointer) => uses.Add(new ComponentUse(component, by, kind, pack, path, pointer));

    /// <summary>A layer says that it does without the item.</summary>
    private static bool TakesAway(JsonElement item) => TableFacts.Member(item, Overlay.Removed)?.ValueKind == JsonValueKind.True;

    private static IEnumerable<(string Name, JsonElement Value, string Pointer)> Members(JsonElement? parent, string key, string pointer) =>
        TableFacts.Member(parent, key) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Select(member => (member.Name, member.Value, $"{pointer}/{key}/{Escape(member.Name)}"))
            : [];

    private static IEnumerable<(JsonElement Value, string Pointer)> Items(JsonElement? parent, string key, string pointer) =>
        TableFacts.Member(parent, key) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select((item, at) => (item, $"{pointer}/{key}/{at}")) : [];

    private static IEnumerable<(string Text, string Pointer)> Texts(JsonElement? parent, string key, string pointer) =>
        Items(parent, key, pointer).Where(item => item.Value.ValueKind == JsonValueKind.String).Select(item => (item.Value.GetString()!, item.Pointer));

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
