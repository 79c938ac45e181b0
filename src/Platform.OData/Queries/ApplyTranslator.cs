using System.Collections.Immutable;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.OData.Queries;

/// <summary>Turns <c>$apply</c> into the groups that FetchXML's aggregates are, too: filters, then groups or one aggregate, then filters of these, and so on.</summary>
internal sealed class ApplyTranslator(MetadataSnapshot metadata, EntityDefinition entity, IDictionary<string, SingleValueNode> aliases, IReadOnlyDictionary<string, NamedCondition> conditions)
{
    private const int MostTransformations = 20;

    private ComputedNames? computed;
    private Query query = new(entity);
    private ImmutableArray<AttributeDefinition> groups = [];

    /// <summary>What names mean after the transformations.</summary>
    public QueryNames Names { get; private set; } = new(metadata, entity, aliases, conditions);

    /// <exception cref="PlatformException">A transformation is not offered (501), or does not fit the columns (400).</exception>
    public Query Translate(ApplyClause apply)
    {
        var transformations = apply.Transformations.ToList();
        if (transformations.Count > MostTransformations) throw Errors.BadRequest($"$apply has more than {MostTransformations} transformations.");
        foreach (var transformation in transformations)
        {
            switch (transformation)
            {
                case FilterTransformationNode filter:
                    var condition = new FilterTranslator(Names).Translate(filter.FilterClause.Expression);
                    query = query with { Filter = query.Filter is { } before ? new AllOf([before, condition]) : condition };
                    break;
                case ComputeTransformationNode compute when query.Grouping is null:
                    computed ??= new ComputedNames(entity, Names);
                    computed.Add(compute.Expressions);
                    Names = computed.Names;
                    break;
                case AggregateTransformationNode aggregate:
                    Group([], aggregate.AggregateExpressions);
                    break;
                case GroupByTransformationNode { ChildTransformations: null or AggregateTransformationNode } group:
                    Group([.. group.GroupingProperties.SelectMany(property => Leaves(property))], (group.ChildTransformations as AggregateTransformationNode)?.AggregateExpressions ?? []);
                    break;
                default:
                    throw Errors.NotOffered($"The transformation '{transformation.Kind}' at this place of $apply");
            }
        }
        if (query.Grouping is not null) return query with { Columns = groups };
        return computed is null ? query : query with { Named = computed.Named };
    }

    private void Group(List<(string Name, string Path, QueryNode Node)> properties, IEnumerable<AggregateExpressionBase> aggregates)
    {
        var (outputs, byName) = (ImmutableArray.CreateBuilder<AttributeDefinition>(), new Dictionary<string, AttributeDefinition>(StringComparer.Ordinal));
        foreach (var (name, path, node) in properties)
        {
            var output = new GroupedColumn(outputs.Count, Source(node)).ToAttribute(name);
            outputs.Add(output);
            byName[path] = output;
            Add(byName, name, output);
        }
        foreach (var aggregate in aggregates)
        {
            if (aggregate is not AggregateExpression one) throw Errors.NotOffered($"The aggregate '{aggregate.Alias}' over a collection");
            var output = Aggregate(one, outputs.Count).ToAttribute(one.Alias);
            outputs.Add(output);
            Add(byName, one.Alias, output);
        }
        groups = outputs.ToImmutable();
        query = new Query(entity) { Grouping = new Grouping(query, groups) };
        Names = new QueryNames(metadata, entity, aliases) { Results = new ResultNames(byName, hasRow: false) };
    }

    private GroupedColumn Aggregate(AggregateExpression aggregate, int number)
    {
        if (aggregate.Method == AggregationMethod.VirtualPropertyCount) return new GroupedColumn(number, null, AggregateFunction.Count);
        return new GroupedColumn(number, Source(aggregate.Expression), aggregate.Method switch
        {
            AggregationMethod.Sum => AggregateFunction.Sum,
            AggregationMethod.Average => AggregateFunction.Average,
            AggregationMethod.Min => AggregateFunction.Min,
            AggregationMethod.Max => AggregateFunction.Max,
            AggregationMethod.CountDistinct => AggregateFunction.CountDistinct,
            _ => throw Errors.NotOffered($"The aggregate '{aggregate.MethodDefinition.MethodLabel ?? aggregate.Method.ToString()}'"),
        });
    }

    /// <summary>A column, or an expression over columns of the row.</summary>
    private ColumnSource Source(QueryNode node)
    {
        if (Names.Find(node) is { } column) return new ColumnSource(column.Attribute) { Path = column.Path };
        if (query.Grouping is not null) throw Errors.NotOffered("An expression over what was grouped");
        return new ColumnSource(new ExpressionColumn(new ExpressionTranslator(Names).Expression(node)).ToAttribute($"{node.Kind}"));
    }

    // As Dataverse calls them: a column behind a lookup by its table, contact_fullname.
    private IEnumerable<(string Name, string Path, QueryNode Node)> Leaves(GroupByPropertyNode property, string path = "")
    {
        path = path.Length == 0 ? property.Name : $"{path}/{property.Name}";
        if (property.ChildTransformations.Count > 0) return property.ChildTransformations.SelectMany(child => Leaves(child, path));
        var name = property.Name;
        if (path != name && Names.Find(property.Expression) is { } column) name = column.Attribute.Computed is GroupedColumn ? column.Attribute.LogicalName : $"{(column.Path.IsEmpty ? column.Entity : column.Path[^1].Target).LogicalName}_{column.Attribute.LogicalName}";
        return [(name, path, property.Expression)];
    }

    private static void Add(Dictionary<string, AttributeDefinition> names, string name, AttributeDefinition attribute)
    {
        if (names.TryGetValue(name, out var other) && other != attribute) throw Errors.BadRequest($"Two columns of the groups are called '{name}'.", "Give the aggregate another alias.");
        names[name] = attribute;
    }
}
