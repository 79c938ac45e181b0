using System.Collections.Immutable;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.OData.Queries;

/// <summary>Turns <c>$apply</c> into the groups that FetchXML's aggregates are, too: filters and expressions, then groups or one aggregate, then filters and expressions over these, and so on.</summary>
/// <param name="options">Makes a parser for one option over a type.</param>
/// <param name="names">What names in a text mean to a parser, for the rows of the table.</param>
internal sealed class ApplyTranslator(EntityDefinition entity, IEdmEntityType table, Func<IEdmEntityType, string, string, ODataQueryOptionParser> options, Func<ODataQueryOptionParser, QueryNames> names)
{
    private const int MostTransformations = 20;

    private int transformations;

    /// <exception cref="PlatformException">A transformation is not offered (501), or does not fit the columns (400).</exception>
    public AppliedRows Translate(string text) => Chain(AppliedRows.Of(entity), text);

    /// <summary>The rows with expressions beside them.</summary>
    /// <param name="text">As <c>$compute</c> has it.</param>
    public AppliedRows Compute(AppliedRows rows, string text)
    {
        var parser = options(rows.Type(table), "$compute", text);
        return Compute(rows, names(parser), (parser.ParseCompute() ?? throw Errors.BadRequest("The query option '$compute' is empty.")).ComputedItems);
    }

    private AppliedRows Chain(AppliedRows rows, string text) => ApplyText.Chain(text).Aggregate(rows, Apply);

    private AppliedRows Apply(AppliedRows rows, string text)
    {
        if (++transformations > MostTransformations) throw Errors.BadRequest($"$apply has more than {MostTransformations} transformations.");
        if (text == "identity") return rows;
        if (ApplyText.Concat(text) is { } chains) return Concatenation.Of([.. chains.Select(chain => Chain(rows, chain))]);
        var parser = options(rows.Type(table), "$apply", text);
        var transformation = (parser.ParseApply() ?? throw Errors.BadRequest("The query option '$apply' is empty.")).Transformations.Single();
        var known = rows.Names(names(parser));
        return transformation switch
        {
            FilterTransformationNode filter => rows.Where(new FilterTranslator(known).Translate(filter.FilterClause.Expression)),
            ComputeTransformationNode compute => Compute(rows, names(parser), compute.Expressions),
            AggregateTransformationNode aggregate => Group(rows, known, [], aggregate.AggregateExpressions),
            GroupByTransformationNode { ChildTransformations: null or AggregateTransformationNode } group =>
                Group(rows, known, [.. group.GroupingProperties.SelectMany(property => Leaves(property, known))], (group.ChildTransformations as AggregateTransformationNode)?.AggregateExpressions ?? []),
            _ => throw Errors.NotOffered($"The transformation '{transformation.Kind}' at this place of $apply"),
        };
    }

    private AppliedRows Compute(AppliedRows rows, QueryNames row, IEnumerable<ComputeExpression> expressions)
    {
        var computed = new ComputedNames(entity, row, rows);
        computed.Add(expressions);
        return computed.Rows;
    }

    private static AppliedRows Group(AppliedRows rows, QueryNames known, List<(string Name, string Path, QueryNode Node)> properties, IEnumerable<AggregateExpressionBase> aggregates)
    {
        var columns = new List<(AttributeDefinition Column, string? Path)>();
        foreach (var (name, path, node) in properties) columns.Add((new GroupedColumn(columns.Count, Source(node, known)).ToAttribute(name), path));
        foreach (var aggregate in aggregates)
        {
            if (aggregate is not AggregateExpression one) throw Errors.NotOffered($"The aggregate '{aggregate.Alias}' over a collection");
            columns.Add((Aggregate(one, columns.Count, known).ToAttribute(one.Alias), null));
        }
        return AppliedRows.Of(new Grouping(rows.Query, [.. columns.Select(column => column.Column)]), columns);
    }

    private static GroupedColumn Aggregate(AggregateExpression aggregate, int number, QueryNames known)
    {
        if (aggregate.Method == AggregationMethod.VirtualPropertyCount) return new GroupedColumn(number, null, AggregateFunction.Count);
        return new GroupedColumn(number, Source(aggregate.Expression, known), aggregate.Method switch
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
    private static ColumnSource Source(QueryNode node, QueryNames known) => known.Find(node) is { } column
        ? new ColumnSource(column.Attribute) { Path = column.Path }
        : new ColumnSource(new ExpressionColumn(new ExpressionTranslator(known).Expression(node)).ToAttribute($"{node.Kind}"));

    // As Dataverse calls them: a column behind a lookup by its table, contact_fullname.
    private static IEnumerable<(string Name, string Path, QueryNode Node)> Leaves(GroupByPropertyNode property, QueryNames known, string path = "")
    {
        path = path.Length == 0 ? property.Name : $"{path}/{property.Name}";
        if (property.ChildTransformations.Count > 0) return property.ChildTransformations.SelectMany(child => Leaves(child, known, path));
        var name = property.Name;
        if (path != name && known.Find(property.Expression) is { } column) name = column.Attribute.Computed is GroupedColumn ? column.Attribute.LogicalName : $"{(column.Path.IsEmpty ? column.Entity : column.Path[^1].Target).LogicalName}_{column.Attribute.LogicalName}";
        return [(name, path, property.Expression)];
    }
}
