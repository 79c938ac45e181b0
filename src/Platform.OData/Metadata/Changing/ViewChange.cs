using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Queries;
using Platform.OData.Fetch;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Types;
using Platform.OData.Queries;
using Platform.OData.Views;
using Label = Platform.Engine.Metadata.Label;

namespace Platform.OData.Metadata.Changing;

/// <summary>Turns views as Dataverse's clients write them, a query in FetchXML and a layout, into files under <c>views/</c>.</summary>
internal sealed class ViewChange(MetadataSnapshot metadata, CustomizationDraft draft)
{
    private const int LongestName = 40;

    private static readonly string[] Settable = ["name", "fetchxml", "layoutxml", "isdefault"];
    private static readonly string[] SettableOnce = ["returnedtypecode", "uniquename", "querytype"];

    /// <returns>The table and the name of the view.</returns>
    /// <exception cref="PlatformException">The body is no such view, or says what a view has no words for.</exception>
    public (string Entity, string View) Create(DefinitionBody body)
    {
        if (body.Has("savedqueryid")) throw Errors.BadRequest("The id of a view is made of its name.", "Leave savedqueryid out.");
        DemandSettable(body, new SavedQuery(), [.. Settable, .. SettableOnce]);
        if (body.Integer("querytype") is { } kind and not 0) throw Errors.NotOffered($"A view with querytype {kind}");
        var title = body.DemandText("name");
        var entity = metadata.Find(body.DemandText("returnedtypecode")) ?? throw Errors.UnknownDefinition("table", body.DemandText("returnedtypecode"), metadata.Entities.Select(known => known.LogicalName));
        var query = Query(entity, body.DemandText("fetchxml"));
        var name = NameFor(entity, body.Text("uniquename") ?? title, isGiven: body.Has("uniquename"));
        var view = new JsonObject { ["title"] = title, ["columns"] = Columns(Shown(entity, body, query)) };
        Ask(view, query);
        draft.Put($"view/{entity.LogicalName}/{name}", view);
        if (body.Flag("isdefault") == true) MakeDefault(entity, name);
        return (entity.LogicalName, name);
    }

    /// <param name="read">The view as clients read it: they may send it back.</param>
    /// <param name="language">Of the caller, in which the name is.</param>
    /// <exception cref="PlatformException">The body says what a view has no words for, or what cannot be set.</exception>
    public void Update(EntityDefinition entity, ViewDefinition known, SavedQuery read, string language, DefinitionBody body)
    {
        DemandSettable(body, read, Settable);
        var component = $"view/{entity.LogicalName}/{known.Name}";
        var view = draft.Find(component) ?? throw Errors.UnknownDefinition("view", known.Name, entity.Views.Select(other => other.Name));
        var before = view.DeepClone();
        if (body.Text("name") is { } title) Rename(view, component, title.Length > 0 ? title : throw Errors.BadRequest("A view has a name."), language);
        if (body.Text("fetchxml") is { Length: > 0 } text && text != read.FetchXml) Ask(view, Query(entity, text));
        if (body.Text("layoutxml") is { Length: > 0 } layout && layout != read.LayoutXml) view["columns"] = Columns(ViewLayout.Read(entity, layout));
        if (!JsonNode.DeepEquals(before, view)) draft.Put(component, view);
        if (body.Flag("isdefault") == true && !known.IsDefault) MakeDefault(entity, known.Name);
        else if (body.Flag("isdefault") == false && known.IsDefault) throw Errors.BadRequest($"One view of '{entity.LogicalName}' is the default.", "Give another one \"isdefault\": true.");
    }

    /// <summary>The name in the caller's language; that of the others stays.</summary>
    private void Rename(JsonObject view, string component, string title, string language)
    {
        if (language == Label.EnglishLanguage) view["title"] = title;
        else draft.SetLabel(language, component, "", title);
    }

    /// <summary>What is not to be set may stand there as it is read.</summary>
    private static void DemandSettable(DefinitionBody body, SavedQuery read, string[] settable)
    {
        var type = MetadataType.Of(typeof(SavedQuery));
        foreach (var name in body.Names.Where(name => !name.Contains('@', StringComparison.Ordinal) && !settable.Contains(name)))
        {
            var property = type.Find(name) ?? throw Errors.UnknownMetadataProperty("savedquery", name, type.Properties.Select(known => known.Name));
            if (!body.Says(name, property.Of(read))) throw Errors.BadRequest($"'{name}' of a view cannot be set.", $"What can be set are {string.Join(", ", settable)}.");
        }
    }

    /// <exception cref="PlatformException">A pack declares the view.</exception>
    public void Remove(string entity, string view) => draft.Delete($"view/{entity}/{view}");

    private Query Query(EntityDefinition entity, string fetchXml)
    {
        var query = FetchPlan.Of(metadata, fetchXml).Query;
        if (query.Entity != entity) throw Errors.InvalidFetch($"The FetchXML is about '{query.Entity.LogicalName}', the view about '{entity.LogicalName}'.");
        if (query.Grouping is not null) throw Errors.NotOffered("A view of groups");
        if (query.Top is not null) throw Errors.NotOffered("A view with top");
        return query.Links.SelectMany(link => link.All).FirstOrDefault(link => !link.Columns.IsEmpty) is { } joined ? throw Errors.NotOffered($"A view with columns of the link '{joined.Alias}'") : query;
    }

    private void Ask(JsonObject view, Query query)
    {
        var (filter, order) = FilterText.Of(metadata, query);
        Set(view, "filter", filter);
        Set(view, "orderby", order);
    }

    /// <summary>What the layout shows; without one, the columns of the query.</summary>
    private static ImmutableArray<(string Attribute, int? Width)> Shown(EntityDefinition entity, DefinitionBody body, Query query)
    {
        if (body.Text("layoutxml") is { Length: > 0 } layout) return ViewLayout.Read(entity, layout);
        ImmutableArray<(string, int?)> asked = [.. query.Columns.Where(column => column != entity.PrimaryId).Select(column => (column.LogicalName, (int?)null))];
        return asked.IsEmpty ? throw Errors.BadRequest("A view shows at least one column.", "Name columns in layoutxml or fetchxml.") : asked;
    }

    private static JsonArray Columns(ImmutableArray<(string Attribute, int? Width)> shown) =>
    [
        .. shown.DistinctBy(cell => cell.Attribute).Select(JsonNode (cell) => cell.Width is { } width ? new JsonObject { ["attribute"] = cell.Attribute, ["width"] = width } : new JsonObject { ["attribute"] = cell.Attribute }),
    ];

    /// <summary>One view of a table is the default: the mark moves.</summary>
    private void MakeDefault(EntityDefinition entity, string name)
    {
        foreach (var other in entity.Views.Where(other => other.IsDefault && other.Name != name)) Mark(entity, other.Name, false);
        Mark(entity, name, true);
    }

    private void Mark(EntityDefinition entity, string name, bool isDefault)
    {
        var component = $"view/{entity.LogicalName}/{name}";
        if (draft.Find(component) is not { } view) return;
        Set(view, "default", isDefault ? true : null);
        draft.Put(component, view);
    }

    private static void Set(JsonObject view, string name, JsonNode? value)
    {
        if (value is null) view.Remove(name);
        else view[name] = value;
    }

    /// <summary>A name for the file: the letters and digits of the title, and a number where another view has that name.</summary>
    private string NameFor(EntityDefinition entity, string title, bool isGiven)
    {
        var words = string.Concat(title.ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')).Split('-', StringSplitOptions.RemoveEmptyEntries);
        var plain = string.Join('-', words) is { Length: > 0 } text ? text[..Math.Min(text.Length, LongestName)].TrimEnd('-') : "view";
        if (isGiven && plain != title) throw Errors.BadRequest($"'{title}' is no name of a view.", "Lower-case letters, digits and hyphens, at most 40.");
        bool IsTaken(string name) => entity.Views.Any(known => known.Name == name) || draft.Find($"view/{entity.LogicalName}/{name}") is not null;
        if (isGiven && IsTaken(plain)) throw Errors.DefinitionExists($"view of '{entity.LogicalName}'", plain);
        return IsTaken(plain) ? Enumerable.Range(2, int.MaxValue - 2).Select(number => $"{plain}-{number}").First(name => !IsTaken(name)) : plain;
    }
}
