using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Compiling;
using Platform.Engine.Queries;

namespace Platform.OData.Fetch;

/// <summary>What names in a query stand for: tables, columns, links by their aliases.</summary>
internal sealed class FetchNames(MetadataSnapshot metadata)
{
    private readonly Dictionary<string, Link> links = new(StringComparer.Ordinal);

    /// <summary>Aliases that conditions, orders or comparisons speak of.</summary>
    public HashSet<string> Spoken { get; } = new(StringComparer.Ordinal);

    public EntityDefinition Entity(FetchElement element)
    {
        var name = element.Demand("name");
        return metadata.Find(name) ?? throw Errors.InvalidFetch($"{element} names the table '{name}', which does not exist.", Spelling.Hint(name, metadata.Entities.Select(entity => entity.LogicalName), ""));
    }

    /// <summary>A column by its logical name.</summary>
    public static AttributeDefinition Attribute(EntityDefinition entity, string name, FetchElement element) =>
        entity.Find(name) ?? throw element.Wrong($"names the column '{name}', which '{entity.LogicalName}' does not have", Spelling.Hint(name, entity.Attributes.Select(attribute => attribute.LogicalName), ""));

    public void Add(Link link, FetchElement element)
    {
        if (!links.TryAdd(link.Alias, link)) throw element.Wrong($"has the alias '{link.Alias}', which another link has", "Give each link its own.");
    }

    public bool IsLink(string alias) => links.ContainsKey(alias);

    /// <summary>The link with an alias, or without one the only one of a table.</summary>
    public Link Link(string alias, FetchElement element)
    {
        if (!links.TryGetValue(alias, out var link))
        {
            link = links.Values.Where(other => other.Entity.LogicalName == alias).Take(2).ToList() is [var only]
                ? only
                : throw element.Wrong($"speaks of the link '{alias}', which the query does not have", Spelling.Hint(alias, links.Keys, "It has no links."));
        }
        Spoken.Add(link.Alias);
        return link;
    }
}
