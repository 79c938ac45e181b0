using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Conditions;

namespace Platform.OData.Queries;

/// <summary>Says the condition and the order of a query in OData's words, as views hold them, so that the parser reads the same query out of them.</summary>
internal sealed class FilterText
{
    private readonly MetadataSnapshot metadata;
    private readonly Dictionary<string, Row> joined = new(StringComparer.Ordinal);
    private readonly List<string> demands = [];
    private int variables;

    private FilterText(MetadataSnapshot metadata) => this.metadata = metadata;

    /// <summary>The texts; <c>null</c> where there is no condition, or no order.</summary>
    /// <exception cref="PlatformException">The query says what a view has no words for; the message names it.</exception>
    public static (string? Filter, string? OrderBy) Of(MetadataSnapshot metadata, Query query)
    {
        var text = new FilterText(metadata);
        foreach (var link in query.Links) text.Join(link, query.Entity, "");
        var conditions = text.demands.ToList();
        if (query.Filter is { } filter && !(filter is AllOf { Nodes.IsEmpty: true })) conditions.Add(text.Write(filter, new Row(query.Entity)));
        return (conditions.Count == 0 ? null : string.Join(" and ", conditions.Select(condition => conditions.Count > 1 ? InParentheses(condition) : condition)), text.Orders(query));
    }

    /// <summary>A joined row to which a lookup leads is one that paths lead to.</summary>
    private void Join(Link link, EntityDefinition from, string before)
    {
        if (link.Kind != LinkKind.Outer && (before.Length > 0 || link.Kind == LinkKind.First)) throw Unsayable($"the link '{link.Alias}'");
        if (link.From != link.Entity.PrimaryId || from.ManyToOne.FirstOrDefault(known => known.ReferencingAttribute == link.To.LogicalName && known.ReferencedEntity == link.Entity.LogicalName) is not { } relationship)
            throw Unsayable($"the link '{link.Alias}', which no lookup of '{from.LogicalName}' leads along");
        var way = $"{before}{relationship.ReferencingNavigation}/";
        var row = joined[link.Alias] = new Row(link.Entity) { Way = way };
        if (link.Kind == LinkKind.Inner)
        {
            demands.Add($"{way}{link.Entity.PrimaryIdAttribute} ne null");
            if (link.Filter is { } filter) demands.Add(Write(filter, row));
        }
        else if (link.Filter is not null) throw Unsayable($"the filter of the outer link '{link.Alias}'");
        foreach (var below in link.Links) Join(below, link.Entity, way);
    }

    private string? Orders(Query query)
    {
        var orders = query.Orders.Select(by => $"{(by.Link is { } link ? joined[link].Way : "")}{string.Concat(by.Path.Select((step, at) => Navigation(at == 0 ? query.Entity : by.Path[at - 1].Target, step)))}{by.Attribute.WebApiName}{(by.Descending ? " desc" : "")}");
        return query.Orders.IsEmpty ? null : string.Join(',', orders);
    }

    private string Write(FilterNode node, Row row) => node switch
    {
        AllOf { Nodes: [] } => "true",
        AnyOf { Nodes: [] } => "false",
        AllOf { Nodes: [var only] } => Write(only, row),
        AnyOf { Nodes: [var only] } => Write(only, row),
        AllOf all => string.Join(" and ", all.Nodes.Select(inner => inner is AnyOf { Nodes.Length: > 1 } ? InParentheses(Write(inner, row)) : Write(inner, row))),
        AnyOf any => string.Join(" or ", any.Nodes.Select(inner => inner is AllOf { Nodes.Length: > 1 } ? InParentheses(Write(inner, row)) : Write(inner, row))),
        Not not => $"not ({Write(not.Node, row)})",
        Compare compare => $"{Name(row, compare.Attribute)} {Word(compare.Operator)} {Literal(compare.Attribute, compare.Value)}",
        CompareAttributes pair => $"{Name(row, pair.Left)} {Word(pair.Operator)} {Name(pair.Link is { } link ? joined[link] : row, pair.Right)}",
        MatchText match => $"{Word(match.Match)}({Name(row, match.Attribute)},{Quoted(match.Text)})",
        MatchPattern match => Pattern(match, row),
        OneOf some => $"{Name(row, some.Attribute)} in ({string.Join(',', some.Values.Select(value => Literal(some.Attribute, value)))})",
        ContainsChoice contains => Function(row, contains.Attribute, ConditionOperator.ContainValues, [.. contains.Values]),
        IsCaller caller => Function(row, caller.Attribute, ConditionOperator.EqualUserId, []),
        Condition condition => Function(row, condition.Attribute, condition.Operator, [.. condition.Values]),
        OfLink link => Write(link.Node, joined[link.Alias]),
        Behind behind => Write(behind.Node, new Row(behind.Step.Target) { Way = row.Way + Navigation(row.Entity, behind.Step) }),
        AnyLinked any => Any(any.Link, row),
        _ => throw Unsayable("an expression"),
    };

    /// <summary>Rows that are only asked for, over a relationship.</summary>
    private string Any(Link link, Row row)
    {
        if (row.Entity.OneToMany.FirstOrDefault(known => known.ReferencingEntity == link.Entity.LogicalName && known.ReferencingAttribute == link.From.LogicalName) is { } relationship && link.To == row.Entity.PrimaryId)
        {
            return link.Links.IsEmpty ? Any(row.Way + relationship.Name, link) : throw Unsayable($"links below the one to '{link.Entity.LogicalName}'");
        }
        if (link.From == link.Entity.PrimaryId && row.Entity.ManyToOne.FirstOrDefault(known => known.ReferencingAttribute == link.To.LogicalName && known.ReferencedEntity == link.Entity.LogicalName) is { } lookup)
        {
            var way = $"{row.Way}{lookup.ReferencingNavigation}/";
            var there = $"{way}{link.Entity.PrimaryIdAttribute} ne null";
            return link.Filter is { } filter ? $"({there} and {InParentheses(Write(filter, new Row(link.Entity) { Way = way }))})" : there;
        }
        foreach (var pairs in row.Entity.ManyToMany.Where(pairs => pairs.IntersectEntity == link.Entity.LogicalName && link.To == row.Entity.PrimaryId && link.Filter is null))
        {
            var (near, far) = pairs.First.IntersectAttribute == link.From.LogicalName ? (pairs.First, pairs.Second) : (pairs.Second, pairs.First);
            if (link.Links is [] && near.IntersectAttribute == link.From.LogicalName) return $"{row.Way}{near.Navigation}/any()";
            if (link.Links is [{ Kind: LinkKind.Inner, Links.IsEmpty: true } end] && end.Entity.LogicalName == far.Entity && end.To.LogicalName == far.IntersectAttribute) return Any(row.Way + near.Navigation, end);
        }
        throw Unsayable($"the link to '{link.Entity.LogicalName}'");
    }

    private string Any(string collection, Link link)
    {
        if (link.Filter is null) return $"{collection}/any()";
        var variable = $"x{++variables}";
        return $"{collection}/any({variable}:{Write(link.Filter, new Row(link.Entity) { Way = $"{variable}/" })})";
    }

    /// <summary>Plain words where there are such.</summary>
    private static string Pattern(MatchPattern match, Row row)
    {
        var pattern = TextPattern.Parse(match.Pattern);
        var (name, parts) = (Name(row, match.Attribute), pattern?.Parts ?? []);
        var from = parts is [{ Kind: PatternPartKind.Any }, ..];
        var to = parts.Length > 1 && parts[^1].Kind == PatternPartKind.Any;
        var inner = parts[(from ? 1 : 0)..^(to ? 1 : 0)];
        if (pattern is null || inner.IsEmpty || inner.Any(part => part.Kind != PatternPartKind.Literal)) return Function(row, match.Attribute, ConditionOperator.Like, [match.Pattern]);
        var value = Quoted(string.Concat(inner.Select(part => part.Ranges[0].From.ToString())));
        return (from, to) switch
        {
            (true, true) => $"contains({name},{value})",
            (true, false) => $"endswith({name},{value})",
            (false, true) => $"startswith({name},{value})",
            _ => $"{name} eq {value}",
        };
    }

    private static string Function(Row row, AttributeDefinition attribute, ConditionOperator function, object[] values)
    {
        var texts = values.Select(value => Quoted(Plain(value))).ToList();
        var parameters = texts switch
        {
            _ when function == ConditionOperator.ContainValues => $",PropertyValues=[{string.Join(',', texts)}]",
            [var only] => $",PropertyValue={only}",
            _ => string.Concat(texts.Select((text, at) => $",PropertyValue{at + 1}={text}")),
        };
        return $"Microsoft.Dynamics.CRM.{function}(PropertyName='{row.Way}{attribute.LogicalName}'{parameters})";
    }

    private string Navigation(EntityDefinition entity, LookupStep step) =>
        metadata.Entity(entity.LogicalName).ManyToOne.First(known => known.ReferencingAttribute == step.Lookup.LogicalName && known.ReferencedEntity == step.Target.LogicalName).ReferencingNavigation + "/";

    private static string Name(Row row, AttributeDefinition attribute) =>
        row.Entity.Find(attribute.LogicalName) is not null || row.Way.Length > 0 ? row.Way + attribute.WebApiName : throw Unsayable($"'{attribute}'");

    private static string Literal(AttributeDefinition attribute, object? value) => value switch
    {
        null => "null",
        string text => Quoted(text),
        Sdk.ChoiceValues choices => Quoted(string.Join(',', choices)),
        Sdk.EntityReference target => target.Id.ToString("D"),
        _ => Plain(value),
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Plain(object value) => value is bool flag ? flag ? "true" : "false" : LiteralText.Of(value);

    private static string InParentheses(string text) => $"({text})";

    private static string Word(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "eq",
        Comparison.NotEqual => "ne",
        Comparison.Less => "lt",
        Comparison.LessOrEqual => "le",
        Comparison.Greater => "gt",
        _ => "ge",
    };

    private static string Word(TextMatch match) => match switch
    {
        TextMatch.Contains => "contains",
        TextMatch.StartsWith => "startswith",
        _ => "endswith",
    };

    private static PlatformException Unsayable(string what) => Errors.NotOffered($"A view with {what}");

    /// <summary>The row that a condition is about.</summary>
    private sealed record Row(EntityDefinition Entity)
    {
        /// <summary>Path to it with a slash at its end; empty for the row of the query.</summary>
        public string Way { get; init; } = "";
    }
}
