using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Records;

namespace Platform.Engine.Queries;

/// <summary>What a search without columns looks at: the texts that metadata marks as searchable, and the name of a row.</summary>
public static class QuickFind
{
    /// <summary>Rows that have a text somewhere; <c>null</c> for an entity that has nothing to search in.</summary>
    /// <param name="text">As a person typed it: Hangul may come as single letters and is searched in its composed form.</param>
    public static FilterNode? For(EntityDefinition entity, string text)
    {
        var looked = entity.Attributes.Where(attribute => attribute.IsText && (attribute.Searchable || attribute.LogicalName == entity.PrimaryNameAttribute));
        ImmutableArray<FilterNode> nodes = [.. looked.Select(attribute => new MatchText(attribute, TextMatch.Contains, NormalForm.Of(text)))];
        return nodes.Length > 1 ? new AnyOf(nodes) : nodes.FirstOrDefault();
    }

    /// <summary>Rows that have each word of a text somewhere; <c>null</c> where that says nothing.</summary>
    public static FilterNode? ForWords(EntityDefinition entity, string text)
    {
        ImmutableArray<FilterNode> nodes = [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => For(entity, word)).OfType<FilterNode>()];
        return nodes.Length > 1 ? new AllOf(nodes) : nodes.FirstOrDefault();
    }
}
