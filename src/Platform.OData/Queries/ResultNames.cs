using Microsoft.OData.UriParser;
using Platform.Engine.Metadata;

namespace Platform.OData.Queries;

/// <summary>Names that <c>$apply</c> has made: of groups and aggregates, or of expressions over the row.</summary>
/// <param name="attributes">By name, and those of groups by their path (<c>primarycontactid/fullname</c>), too.</param>
/// <param name="hasRow">The columns of the row keep their names beside these; else there are no others.</param>
internal sealed class ResultNames(IReadOnlyDictionary<string, AttributeDefinition> attributes, bool hasRow)
{
    /// <summary>The columns of the row are there, too.</summary>
    public bool HasRow => hasRow;

    /// <summary>What a node stands for; <c>null</c> where it is none of these names.</summary>
    public AttributeDefinition? Find(QueryNode node) => PathOf(node) is { } path ? attributes.GetValueOrDefault(path) : null;

    private static string? PathOf(QueryNode node) => node switch
    {
        SingleValueOpenPropertyAccessNode open => open.Name,
        SingleValuePropertyAccessNode access => PathOf(access.Source) is { Length: > 0 } before ? $"{before}/{access.Property.Name}" : access.Property.Name,
        SingleNavigationNode navigation => PathOf(navigation.Source) is { Length: > 0 } before ? $"{before}/{navigation.NavigationProperty.Name}" : navigation.NavigationProperty.Name,
        ResourceRangeVariableReferenceNode => "",
        _ => null,
    };
}
