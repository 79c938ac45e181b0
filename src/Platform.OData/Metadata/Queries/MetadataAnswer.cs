using System.Collections;
using System.Collections.Immutable;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Queries;

/// <summary>Walks a path through the definitions of a version.</summary>
internal static class MetadataAnswer
{
    /// <summary>What a path addresses, filtered: a list for a collection, else one definition or value; <c>null</c> for an empty value.</summary>
    /// <exception cref="PlatformException">There is no such definition (404).</exception>
    public static object? Of(MetadataPlan plan, MetadataCatalog catalog)
    {
        var found = Walk(plan.Path.Steps, catalog);
        if (!plan.Path.IsCollection) return found;
        var items = Items(found);
        items = plan.Filter is { } filter ? items.Where(filter) : items;
        foreach (var order in plan.Orders.Reverse()) items = items.Order(order);
        return items.ToList();
    }

    /// <summary>What stands at the end of a way through the definitions.</summary>
    /// <exception cref="PlatformException">There is no such definition (404).</exception>
    public static object? Walk(ImmutableArray<ODataPathSegment> steps, MetadataCatalog catalog)
    {
        object? found = null;
        foreach (var (at, step) in steps.Index()) found = Step(steps, at, step, found, catalog);
        return found;
    }

    private static object? Step(ImmutableArray<ODataPathSegment> steps, int at, ODataPathSegment step, object? found, MetadataCatalog catalog) => step switch
    {
        EntitySetSegment set => catalog.Of(set.EntitySet.Name),
        KeySegment key => Find(Items(found), key, Description(steps, at)),
        TypeSegment cast when found is MetadataBase one => Is(one, cast) ? one : throw Errors.WrongDefinitionType(MetadataType.Of(one).Name, TypeOf(cast).Name),
        TypeSegment cast => Items(found).Where(item => Is(item, cast)),
        NavigationPropertySegment navigation => found is null ? null : MetadataType.Of(found)[navigation.NavigationProperty.Name].Of(found),
        PropertySegment property => found is null ? null : MetadataType.Of(found).Find(property.Property.Name)?.Of(found),
        _ => throw new InvalidOperationException($"No way leads over {step}."),
    };

    private static object Find(IEnumerable<object> items, KeySegment key, string what)
    {
        var wanted = key.Keys.Single();
        var candidates = items.ToList();
        foreach (var item in candidates)
            if (Values.AreEqual(MetadataType.Of(item)[wanted.Key].Of(item), wanted.Value)) return item;
        var names = candidates.Select(item => MetadataType.Of(item).Properties.FirstOrDefault(property => property.IsAlternateKey)?.Of(item) as string).OfType<string>();
        throw Errors.UnknownDefinition(what, $"{wanted.Value}", names);
    }

    /// <summary>What a key names, for messages: "table", "column of 'account'".</summary>
    private static string Description(ImmutableArray<ODataPathSegment> steps, int at)
    {
        var collection = steps[..at].Last(step => step is not TypeSegment).Identifier;
        var owner = steps[..at].OfType<KeySegment>().LastOrDefault() is { } key ? $" of '{key.Keys.Single().Value}'" : "";
        return collection switch
        {
            MetadataModel.EntitySet => "table",
            MetadataModel.OptionSetSet => "global choice",
            MetadataModel.ViewSet => "view",
            nameof(EntityMetadata.Attributes) => $"column{owner}",
            nameof(EntityMetadata.Keys) => $"key{owner}",
            _ => $"relationship{owner}",
        };
    }

    private static bool Is(object item, TypeSegment cast) => MetadataType.Of(item).Is(TypeOf(cast));

    private static MetadataType TypeOf(TypeSegment cast) => MetadataType.Named(((IEdmSchemaElement)cast.EdmType.AsElementType()).Name)!;

    private static IEnumerable<object> Items(object? found) => found is IEnumerable many and not string ? many.Cast<object>() : [];
}
