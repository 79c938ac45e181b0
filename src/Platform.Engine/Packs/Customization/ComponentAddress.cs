using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Packs.Customization;

/// <summary>The name of a component, taken apart: <c>attribute/account/name</c>, <c>choice/loy_region</c>.</summary>
/// <param name="Kind"><c>entity</c>, <c>attribute</c>, <c>key</c>, <c>index</c>, <c>form</c>, <c>view</c>, <c>choice</c>, <c>role</c>, <c>relationship</c>, <c>app</c>.</param>
/// <param name="Entity">Logical name of the table that the component belongs to; empty for those that belong to none.</param>
internal sealed record ComponentAddress(string Kind, string Entity, string Name)
{
    /// <summary>Its definition stands in the table's <c>entity.json</c>.</summary>
    public bool IsInTable => Kind is "entity" or "attribute" or "key" or "index";

    /// <exception cref="PlatformException">No such kind of component, or a part is missing.</exception>
    public static ComponentAddress Parse(string component) => TryParse(component) ?? throw Errors.UnknownComponent(component);

    public static ComponentAddress? TryParse(string component) => component.Split('/', 3) switch
    {
        [_, ""] or [_, "", _] or [_, _, ""] => null,
        ["entity", var entity] => new("entity", entity, entity),
        ["attribute" or "key" or "index" or "form" or "view", var entity, var name] => new(component[..component.IndexOf('/')], entity, name),
        ["choice" or "role" or "relationship" or "app", var name] => new(component[..component.IndexOf('/')], "", name),
        _ => null,
    };

    /// <summary>Where a layer that says nothing about it yet would say it.</summary>
    public string NewPath => Kind switch
    {
        "form" or "view" => $"entities/{Entity}/{Kind}s/{Name}.json",
        "choice" or "role" or "relationship" => $"{Kind}s/{Name}.json",
        "app" => $"app/{Name}.json",
        _ => $"entities/{Entity}/entity.json",
    };

    /// <summary>Where a layer says something about it; <c>null</c> when nowhere.</summary>
    public string? PathIn(PackFiles files)
    {
        if (files.Files.ContainsKey(NewPath)) return NewPath;
        return Kind == "app" && LayerPath.DeclaresApp(files, Name) ? LayerPath.SiteMap : null;
    }

    /// <summary>Where label files have its labels.</summary>
    public string[] LabelPath => Kind switch
    {
        "entity" => ["entities", Entity],
        "app" => ["apps", Name],
        "choice" or "role" or "relationship" => [$"{Kind}s", Name],
        _ => ["entities", Entity, $"{Kind}s", Name],
    };
}
