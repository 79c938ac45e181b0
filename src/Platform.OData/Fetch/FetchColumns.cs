using System.Collections.Immutable;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Compiling;
using Platform.Engine.Queries;

namespace Platform.OData.Fetch;

/// <summary>Reads <c>&lt;attribute&gt;</c>: what stands in the rows of the answer, of the row itself and of joined ones.</summary>
internal sealed class FetchColumns(bool isAggregate)
{
    private static readonly string[] Attributes = ["name", "alias", "aggregate", "groupby", "dategrouping", "distinct", "usertimezone", "rowaggregate", "build", "addedby"];
    private static readonly string[] Functions = ["sum", "avg", "min", "max", "count", "countcolumn"];
    private static readonly string[] Parts = ["day", "week", "month", "quarter", "year", "fiscal-period", "fiscal-year"];

    private readonly List<(ColumnSource Source, string Name, bool IsNamed)> columns = [];
    private readonly List<AttributeDefinition> groups = [];
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private bool saysNothing = true;

    /// <summary>Reads the columns of <c>&lt;entity&gt;</c> or <c>&lt;link-entity&gt;</c>.</summary>
    /// <param name="link">Alias of the link; <c>null</c> for the row itself.</param>
    public ImmutableArray<NamedColumn> Read(FetchElement element, EntityDefinition entity, string? link)
    {
        var first = columns.Count;
        foreach (var child in element.Children)
        {
            switch (child.Name)
            {
                case "all-attributes":
                    child.Allow([], []);
                    if (isAggregate) throw child.Wrong("cannot stand in an aggregate", "Name each column, with groupby or an aggregate.");
                    saysNothing = false;
                    foreach (var attribute in All(entity)) Add(new ColumnSource(attribute, link), null, child, isRepeatable: true);
                    break;
                case "no-attrs":
                    saysNothing = false;
                    break;
                case "attribute":
                    saysNothing = false;
                    ReadOne(child, entity, link);
                    break;
            }
        }
        return link is null ? [] : [.. columns.Skip(first).Select(column => new NamedColumn(column.Source.Attribute, column.Name))];
    }

    /// <summary>The query with these columns.</summary>
    public Query Complete(Query query)
    {
        // Where nothing is named, everything is meant, as in Dataverse.
        if (saysNothing) return query with { Columns = [.. All(query.Entity)] };
        var own = columns.Where(column => column.Source.Link is null).ToList();
        var plain = own.Where(column => !column.IsNamed).Select(column => column.Source.Attribute).ToList();
        // An amount without its currency says little.
        if (plain.Any(attribute => attribute.Kind == AttributeKind.Money) && query.Entity.Find(SystemAttributes.TransactionCurrencyId) is { } currency && !plain.Contains(currency)) plain.Add(currency);
        return query with
        {
            Columns = [.. plain],
            Named = [.. own.Where(column => column.IsNamed).Select(column => new NamedColumn(column.Source.Attribute, column.Name))],
            Thumbnails = columns.Any(column => column.Source.Attribute.Kind == AttributeKind.Image),
        };
    }

    /// <summary>The groups and aggregates.</summary>
    public ImmutableArray<AttributeDefinition> Groups() => [.. groups];

    /// <summary>The key is among the columns, and nothing of joined rows is.</summary>
    public bool HasKeyAlone(EntityDefinition entity) => saysNothing || (columns.All(column => column.Source.Link is null) && columns.Any(column => column.Source.Attribute == entity.PrimaryId));

    /// <summary>The columns as groups, with what the order needs besides.</summary>
    public (ImmutableArray<AttributeDefinition> Shown, ImmutableArray<AttributeDefinition> All) Different(Query query)
    {
        var sources = (saysNothing ? All(query.Entity).Select(attribute => (Source: new ColumnSource(attribute), Name: attribute.WebApiName)) : columns.Select(column => (column.Source, column.Name))).ToList();
        var shown = sources.Count;
        foreach (var by in query.Orders.Where(by => !sources.Any(column => column.Source.Attribute == by.Attribute && column.Source.Link == by.Link)))
            sources.Add((new ColumnSource(by.Attribute, by.Link), by.Attribute.LogicalName));
        ImmutableArray<AttributeDefinition> all = [.. sources.Select((column, at) => new GroupedColumn(at, column.Source).ToAttribute(column.Name))];
        return (all[..shown], all);
    }

    /// <summary>The group or aggregate with an alias.</summary>
    public AttributeDefinition Find(string alias, FetchElement element) =>
        groups.FirstOrDefault(group => group.LogicalName == alias) ?? throw element.Wrong($"speaks of the alias '{alias}', which no column has", Spelling.Hint(alias, groups.Select(group => group.LogicalName), ""));

    /// <summary>Where the column with an alias comes from.</summary>
    public ColumnSource Source(string alias, FetchElement element) =>
        columns.FirstOrDefault(column => column.IsNamed && column.Name == alias).Source ?? throw element.Wrong($"speaks of the alias '{alias}', which no column has", Spelling.Hint(alias, columns.Where(column => column.IsNamed).Select(column => column.Name), "Name the column by its attribute."));

    private void ReadOne(FetchElement element, EntityDefinition entity, string? link)
    {
        element.Allow(Attributes, []);
        if (element["rowaggregate"] is { } word) throw Errors.NotOffered($"rowaggregate='{word}' of {element}");
        var source = new ColumnSource(FetchNames.Attribute(entity, element.Demand("name"), element), link);
        if (isAggregate)
        {
            var alias = element["alias"] is { Length: > 0 } given ? given : throw element.Wrong("has no alias", "In an aggregate each column has one.");
            if (!used.Add(alias)) throw Twice(element, alias);
            groups.Add(Group(element, source, alias));
            return;
        }
        foreach (var name in (string[])["aggregate", "groupby", "dategrouping"])
            if (element[name] is not null and not "false") throw element.Wrong($"has {name}", "Write aggregate='true' in <fetch>.");
        Add(source, element["alias"], element, isRepeatable: element["alias"] is null);
    }

    private AttributeDefinition Group(FetchElement element, ColumnSource source, string alias)
    {
        var (function, part) = (element["aggregate"], element["dategrouping"]);
        if ((function is not null) == element.Flag("groupby")) throw element.Wrong("is neither grouped by nor aggregated, or both", "Write groupby='true' or aggregate='…'.");
        if (part is not null && function is not null) throw element.Wrong("has dategrouping and an aggregate", "dategrouping goes with groupby='true'.");
        if (function is not null && Array.IndexOf(Functions, function) < 0) throw element.Wrong($"has the aggregate '{function}'", Spelling.Hint(function, Functions, ""));
        if (part is not null && Array.IndexOf(Parts, part) < 0) throw element.Wrong($"has the dategrouping '{part}'", Spelling.Hint(part, Parts, ""));
        var isDistinct = element.Flag("distinct");
        if (isDistinct && function is not (null or "countcolumn" or "min" or "max")) throw element.Wrong($"has distinct with the aggregate '{function}'", "It goes with countcolumn.");
        var column = new GroupedColumn(
            groups.Count,
            function == "count" ? null : source,
            function switch
            {
                null => null,
                "sum" => AggregateFunction.Sum,
                "avg" => AggregateFunction.Average,
                "min" => AggregateFunction.Min,
                "max" => AggregateFunction.Max,
                "count" => AggregateFunction.Count,
                _ => isDistinct ? AggregateFunction.CountDistinct : AggregateFunction.CountColumn,
            },
            part is null ? null : Enum.Parse<DatePart>(part.Replace("-", "", StringComparison.Ordinal), ignoreCase: true))
        { IsUtc = element["usertimezone"] is not null && !element.Flag("usertimezone") };
        try
        {
            return column.ToAttribute(alias);
        }
        catch (PlatformException wrong)
        {
            throw element.Wrong($"cannot be understood: {wrong.Message.TrimEnd('.')}", wrong.Hint);
        }
    }

    private void Add(ColumnSource source, string? alias, FetchElement element, bool isRepeatable)
    {
        var name = alias ?? (source.Link is null ? source.Attribute.WebApiName : $"{source.Link}.{source.Attribute.LogicalName}");
        if (used.Add(name)) columns.Add((source, name, alias is not null || source.Link is not null));
        else if (!isRepeatable) throw Twice(element, name);
    }

    private static PlatformException Twice(FetchElement element, string name) => element.Wrong($"is called '{name}', as another column is", "Give each its own alias.");

    // Images are large: they come where they are asked for.
    private static IEnumerable<AttributeDefinition> All(EntityDefinition entity) => entity.Attributes.Where(attribute => attribute.Kind != AttributeKind.Image);
}
