using System.Collections.Immutable;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Model;

namespace Platform.OData.Queries;

/// <summary>What the names in a condition or an order stand for: columns of the row, columns behind its lookups, collections.</summary>
/// <param name="conditions">Conditions that aliases stand for (<see cref="NamedFunctions"/>).</param>
/// <param name="variable">Name of the row; <c>null</c> for the row of the query itself.</param>
/// <param name="outside">Names outside of the collection whose row it is.</param>
internal sealed class QueryNames(MetadataSnapshot metadata, EntityDefinition entity, IDictionary<string, SingleValueNode> aliases, IReadOnlyDictionary<string, NamedCondition>? conditions = null, string? variable = null, QueryNames? outside = null)
{
    /// <summary>Lookups that one path goes over.</summary>
    public const int LongestPath = 8;

    /// <summary>The condition that an alias of ours stands for; <c>null</c> for other aliases.</summary>
    public NamedCondition? Condition(string alias) => conditions?.GetValueOrDefault(alias);

    /// <summary>Names that <c>$apply</c> has made; <c>null</c> for none.</summary>
    public ResultNames? Results { get; init; }

    private string? Variable => variable;

    private QueryNames? Outer => outside;

    /// <summary>These names, and those that were made.</summary>
    public QueryNames With(ResultNames results) => new(metadata, entity, aliases, conditions, variable, outside) { Results = results };

    /// <summary>Names of the rows of a collection.</summary>
    /// <param name="name">The lambda's variable.</param>
    public QueryNames Inside(Navigation navigation, string name) => new(metadata, metadata.Entity(navigation.Target!), aliases, conditions, name, this);

    /// <summary>A column, or the distance of one; <c>null</c> where the node is neither.</summary>
    public QueryColumn? Find(QueryNode node)
    {
        node = Bare(node);
        if (Level(node) is > 0 and var levels) return Outside(levels).Find(node) is { } found ? found with { Levels = levels, AsLookup = found.AsLookup is { } key ? key with { Levels = levels } : null } : null;
        if (Results?.Find(node) is { } made) return new QueryColumn([], entity, made);
        if (Results is { HasRow: false })
            return node is SingleValuePropertyAccessNode other ? throw Errors.BadRequest($"'{other.Property.Name}' is no column of the groups.", "Behind groupby and aggregate there are the columns that they name.") : null;
        if (node is SingleValueFunctionCallNode { Name: GeoDistance.Name } distance) return new QueryColumn([], entity, GeoDistance.Read(distance, entity, Bare));
        if (node is not SingleValuePropertyAccessNode access) return null;
        var (path, owner) = Way(access.Source);
        if (EntityNames.Of(owner).Find(access.Property.Name) is not { Kind: not NameKind.Collection } name) return null;
        var column = new QueryColumn(path, owner, name.Attribute);
        if (path.IsEmpty || name.Attribute != owner.PrimaryId) return column;
        // The key of the row that a lookup points to is the lookup's own value.
        var (lookup, before) = (path[^1].Lookup, path[..^1]);
        return column with { AsLookup = new QueryColumn(before, before.IsEmpty ? entity : before[^1].Target, lookup) };
    }

    /// <summary>The way to a collection, and where it leads.</summary>
    public (int Levels, ImmutableArray<LookupStep> Path, Navigation Navigation) Collection(CollectionNavigationNode node)
    {
        if (Level(node.Source) is > 0 and var levels) return Outside(levels).Collection(node) with { Levels = levels };
        if (Results is { HasRow: false }) throw Errors.NotOffered("A collection of groups");
        var (path, owner) = Way(node.Source);
        return Navigation.Find(owner, node.NavigationProperty.Name) is { IsCollection: true } navigation ? (0, path, navigation) : throw NotOffered(node);
    }

    /// <summary>The node without conversions, and for a parameter alias its value.</summary>
    public QueryNode Bare(QueryNode node)
    {
        while (true)
        {
            node = WithoutConversion(node);
            if (node is not ParameterAliasNode alias) return node;
            if (alias.Alias.StartsWith(NamedFunctions.Alias, StringComparison.Ordinal)) throw Errors.NotOffered("A query function as an operand");
            node = aliases.TryGetValue(alias.Alias, out var value) && value is not null
                ? value
                : throw Errors.BadRequest($"The parameter '{alias.Alias}' has no value.", $"Add &{alias.Alias}=… to the URL.");
        }
    }

    public static QueryNode WithoutConversion(QueryNode node)
    {
        while (node is ConvertNode convert) node = convert.Source;
        return node;
    }

    public static PlatformException NotOffered(QueryNode node) => node switch
    {
        SingleNavigationNode navigation => Errors.NotOffered($"The navigation property '{navigation.NavigationProperty.Name}' as an operand"),
        SingleValueFunctionCallNode function => Errors.NotOffered($"The function '{function.Name}' as an operand"),
        LambdaNode lambda => Errors.NotOffered($"'{lambda.Kind.ToString().ToLowerInvariant()}' over this collection"),
        _ => Errors.NotOffered($"An operand of the kind '{node.Kind}'"),
    };

    /// <summary>How far outside of this row the one stands that a node begins at; 0 for this one, and for what begins at none.</summary>
    private int Level(QueryNode node)
    {
        while (true)
        {
            switch (WithoutConversion(node))
            {
                case SingleValuePropertyAccessNode access:
                    node = access.Source;
                    continue;
                case SingleValueOpenPropertyAccessNode open:
                    node = open.Source;
                    continue;
                case SingleNavigationNode navigation:
                    node = navigation.Source;
                    continue;
                case SingleValueFunctionCallNode { Name: GeoDistance.Name } distance when distance.Parameters.Select(Bare).FirstOrDefault(argument => argument is SingleValuePropertyAccessNode) is { } column:
                    node = column;
                    continue;
                case ResourceRangeVariableReferenceNode row:
                    var levels = 0;
                    for (var names = this; names.Variable is { } own && own != row.Name; names = names.Outer!) levels++;
                    return levels;
                default:
                    return 0;
            }
        }
    }

    private QueryNames Outside(int levels) => levels == 0 ? this : Outer!.Outside(levels - 1);

    /// <summary>The lookups between the row and the one that a node stands for.</summary>
    private (ImmutableArray<LookupStep> Path, EntityDefinition Entity) Way(QueryNode node)
    {
        var navigations = new Stack<SingleNavigationNode>();
        while (node is SingleNavigationNode navigation)
        {
            navigations.Push(navigation);
            node = navigation.Source;
        }
        if (node is not ResourceRangeVariableReferenceNode row) throw NotOffered(node);
        if (navigations.Count > LongestPath) throw Errors.BadRequest($"A path goes over more than {LongestPath} lookups.");
        var (path, owner) = (ImmutableArray.CreateBuilder<LookupStep>(navigations.Count), entity);
        foreach (var step in navigations)
        {
            if (EntityNames.Of(owner).Find(step.NavigationProperty.Name) is not { Kind: NameKind.Navigation } name) throw NotOffered(step);
            owner = metadata.Entity(name.Target ?? name.Attribute.Lookup!.Targets[0]);
            path.Add(new LookupStep(name.Attribute, owner));
        }
        return (path.MoveToImmutable(), owner);
    }
}
