using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Platform.Engine.Metadata.Usage;

/// <summary>Who refers to which component, over all packs. Read from the files, so that it tells places, and also of packs that the compiler refuses.</summary>
internal sealed class UsageIndex
{
    private readonly FrozenDictionary<string, ImmutableArray<ComponentUse>> byComponent;

    private UsageIndex(IEnumerable<ComponentUse> uses) => byComponent = uses
        .GroupBy(use => use.Component, StringComparer.Ordinal)
        .ToFrozenDictionary(
            group => group.Key,
            group => group.OrderByDescending(use => use.IsCertain).ThenBy(use => use.By, StringComparer.Ordinal).ThenBy(use => use.Pack, StringComparer.Ordinal).ThenBy(use => use.File, StringComparer.Ordinal).ToImmutableArray(),
            StringComparer.Ordinal);

    /// <summary>Components that others refer to.</summary>
    public IEnumerable<string> Components => byComponent.Keys;

    /// <summary>Uses of a component: those that are certain first, then by who uses it.</summary>
    public ImmutableArray<ComponentUse> Of(string component) => byComponent.GetValueOrDefault(component, []);

    /// <param name="packs">Id and files of each layer.</param>
    /// <param name="before">Packs of a version before: what they declare is known, so that names of what is gone are still understood.</param>
    public static UsageIndex Of(IReadOnlyCollection<(string Id, PackFiles Pack)> packs, IReadOnlyCollection<(string Id, PackFiles Pack)> before)
    {
        var facts = FactsOf(before.Concat(packs));
        return new UsageIndex(packs.SelectMany(entry => new UsageReader(entry.Id, entry.Pack, facts).Read()));
    }

    /// <summary>What names stand for.</summary>
    internal static TableFacts FactsOf(IEnumerable<(string Id, PackFiles Pack)> packs)
    {
        var facts = new TableFacts();
        foreach (var (_, pack) in packs)
        {
            foreach (var (path, text) in pack.Files)
            {
                if (path.Split('/') is ["entities", var entity, "entity.json"] && TryParse(text) is { } file) facts.Add(entity, file);
                else if (path.StartsWith("relationships/", StringComparison.Ordinal)) facts.AddPairs(Path.GetFileNameWithoutExtension(path));
            }
        }
        return facts;
    }

    /// <summary>A file as a value; <c>null</c> when it is no JSON, of which the compiler speaks.</summary>
    internal static JsonElement? TryParse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
