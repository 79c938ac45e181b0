using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.Engine.Packs;

/// <summary>Reads the OData expressions of views at publish, so that a list never fails on its own definition.</summary>
internal static class ViewCheck
{
    public static IEnumerable<MetadataError> Errors(MetadataSnapshot metadata, IQueryTextParser parser, PackSet packs)
    {
        foreach (var entity in metadata.Entities)
        {
            foreach (var view in entity.Views)
            {
                var file = packs.PathOfAny(entity.Pack, $"entities/{entity.LogicalName}/views/{view.Name}.json");
                if (view.Filter is { } filter && Refusal(() => parser.ParseFilter(metadata, entity, filter)) is { } wrongFilter)
                    yield return Error(file, "/filter", wrongFilter);
                if (view.OrderBy is { } order && Refusal(() => parser.Parse(metadata, entity, "$orderby=" + Uri.EscapeDataString(order))) is { } wrongOrder)
                    yield return Error(file, "/orderby", wrongOrder);
            }
        }
    }

    private static MetadataError Error(string file, string pointer, PlatformException refusal) =>
        new(file, pointer, refusal.Message, refusal.Hint.Length > 0 ? refusal.Hint : "Filters and orders of views are OData expressions.");

    private static PlatformException? Refusal(Action parse)
    {
        try
        {
            parse();
            return null;
        }
        catch (PlatformException refusal)
        {
            return refusal;
        }
    }
}
