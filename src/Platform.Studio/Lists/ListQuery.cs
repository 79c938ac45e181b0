using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Queries;
using Platform.Studio.Files;

namespace Platform.Studio.Lists;

/// <summary>Turns what a list shows into the query that answers it.</summary>
/// <param name="zone">Zone in which a day filter on a point in time is meant.</param>
public sealed class ListQuery(MetadataSnapshot metadata, IQueryTextParser parser, TimeZoneInfo zone)
{
    /// <summary>The view with this name, else the default one. An entity without views shows its name and when it changed.</summary>
    public static ViewDefinition ViewOf(EntityDefinition entity, string? name) =>
        entity.Views.FirstOrDefault(view => view.Name == name)
            ?? entity.Views.FirstOrDefault(view => view.IsDefault)
            ?? entity.Views.FirstOrDefault()
            ?? new ViewDefinition("all", entity.CollectionTitle, IsDefault: true, GeneratedColumns(entity), Filter: null, OrderBy: null);

    /// <summary>Columns of a view that the entity has.</summary>
    public static ImmutableArray<(AttributeDefinition Attribute, int Width)> ColumnsOf(EntityDefinition entity, ViewDefinition view) =>
        [.. from column in view.Columns
            let attribute = entity.Find(column.Attribute)
            where attribute is not null
            select (attribute, column.Width)];

    public Query Build(EntityDefinition entity, ListRequest request)
    {
        var view = ViewOf(entity, request.View);
        return new Query(entity)
        {
            Columns = [.. WithFileNames(entity, WithCurrency(entity, ColumnsOf(entity, view).Select(column => column.Attribute).Union(NameOf(entity))))],
            Filter = FilterOf(entity, view, request),
            Orders = OrdersOf(entity, view, request.Sort),
            PageSize = Math.Min(Query.LargestPage, ListRequest.PageRows * request.Pages),
            CountTotal = true,
            LookupNames = true,
        };
    }

    /// <summary>An amount is shown in the row's currency.</summary>
    private static IEnumerable<AttributeDefinition> WithCurrency(EntityDefinition entity, IEnumerable<AttributeDefinition> columns) =>
        columns.Any(column => column.Kind == AttributeKind.Money) && entity.TryFind(SystemAttributes.TransactionCurrencyId, out var currency) ? columns.Union([currency]) : columns;

    /// <summary>A file is shown by its name.</summary>
    public static IEnumerable<AttributeDefinition> WithFileNames(EntityDefinition entity, IEnumerable<AttributeDefinition> columns)
    {
        var shown = columns.ToList();
        return shown.Union(shown.Where(column => column.Kind == AttributeKind.File).Select(column => entity.Attribute(FileAddress.NameColumn(column))));
    }

    private static IEnumerable<AttributeDefinition> NameOf(EntityDefinition entity) =>
        entity.PrimaryNameAttribute is { } name && entity.TryFind(name, out var attribute) ? [attribute] : [];

    private static ImmutableArray<ViewColumn> GeneratedColumns(EntityDefinition entity) =>
        [.. new[] { entity.PrimaryNameAttribute, SystemAttributes.StatusCode, SystemAttributes.OwnerId, SystemAttributes.ModifiedOn }
            .OfType<string>()
            .Where(name => entity.Find(name) is not null)
            .Select(name => new ViewColumn(name, 200))];

    private FilterNode? FilterOf(EntityDefinition entity, ViewDefinition view, ListRequest request)
    {
        var nodes = ImmutableArray.CreateBuilder<FilterNode>();
        if (view.Filter is { } own) nodes.Add(parser.ParseFilter(metadata, entity, own));
        if (QuickFind.ForWords(entity, request.Search) is { } found) nodes.Add(found);
        foreach (var filter in request.Filters)
        {
            if (entity.TryFind(filter.Attribute, out var attribute) && NodeOf(attribute, filter) is { } node)
                nodes.Add(node);
        }

        return nodes.Count == 0 ? null : All(nodes.ToImmutable());
    }

    private ImmutableArray<OrderBy> OrdersOf(EntityDefinition entity, ViewDefinition view, ImmutableArray<SortKey> sort)
    {
        var chosen = sort.Where(key => entity.Find(key.Attribute) is not null)
            .Select(key => new OrderBy(entity.Attribute(key.Attribute), key.Descending)).ToImmutableArray();
        if (!chosen.IsEmpty) return chosen;
        return view.OrderBy is { } own
            ? parser.Parse(metadata, entity, "?$orderby=" + own).Orders
            : [.. NameOf(entity).Select(name => new OrderBy(name))];
    }

    /// <summary>The condition of one column filter; <c>null</c> when its value is none of the attribute's kind.</summary>
    internal FilterNode? NodeOf(AttributeDefinition attribute, ColumnFilter filter) => filter.Operator switch
    {
        FilterOperator.Empty => new Compare(attribute, Comparison.Equal, null),
        FilterOperator.NotEmpty => new Compare(attribute, Comparison.NotEqual, null),
        FilterOperator.Contains when attribute.IsText => new MatchText(attribute, TextMatch.Contains, filter.Value),
        FilterOperator.Contains when attribute.Kind == AttributeKind.MultiChoice => ValueOf(attribute, filter.Value) is ChoiceValues values ? new ContainsChoice(attribute, values) : null,
        FilterOperator.StartsWith when attribute.IsText => new MatchText(attribute, TextMatch.StartsWith, filter.Value),
        _ when attribute.Kind == AttributeKind.DateTime => DayOf(attribute, filter),
        _ => ValueOf(attribute, filter.Value) is { } value && ComparisonOf(filter.Operator) is { } comparison
            ? new Compare(attribute, comparison, value)
            : null,
    };

    private static Comparison? ComparisonOf(FilterOperator asked) => asked switch
    {
        FilterOperator.Equal => Comparison.Equal,
        FilterOperator.NotEqual => Comparison.NotEqual,
        FilterOperator.AtLeast => Comparison.GreaterOrEqual,
        FilterOperator.AtMost => Comparison.LessOrEqual,
        _ => null,
    };

    /// <summary>A day of the user's calendar is a range of points in time.</summary>
    private FilterNode? DayOf(AttributeDefinition attribute, ColumnFilter filter)
    {
        if (!DateOnly.TryParseExact(filter.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return null;
        var from = new Compare(attribute, Comparison.GreaterOrEqual, StartOf(attribute, day));
        var until = new Compare(attribute, Comparison.Less, StartOf(attribute, day.AddDays(1)));
        return filter.Operator switch
        {
            FilterOperator.Equal => All([from, until]),
            FilterOperator.AtLeast => from,
            FilterOperator.AtMost => until,
            _ => null,
        };
    }

    private DateTime StartOf(AttributeDefinition attribute, DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        if (attribute.DateBehavior == DateBehavior.TimeZoneIndependent) return DateTime.SpecifyKind(midnight, DateTimeKind.Utc);
        // Where clocks spring forward at midnight, the day begins an hour later.
        if (zone.IsInvalidTime(midnight)) midnight = midnight.AddHours(1);
        return TimeZoneInfo.ConvertTimeToUtc(midnight, zone);
    }

    internal static object? ValueOf(AttributeDefinition attribute, string text)
    {
        const NumberStyles Number = NumberStyles.Number;
        var invariant = CultureInfo.InvariantCulture;
        return attribute.Kind switch
        {
            AttributeKind.String or AttributeKind.Memo => text.Length > 0 ? text : null,
            AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => int.TryParse(text, Number, invariant, out var value) ? value : null,
            AttributeKind.MultiChoice => ChoiceValues.Parse(text),
            AttributeKind.BigInt => long.TryParse(text, Number, invariant, out var value) ? value : null,
            AttributeKind.Decimal or AttributeKind.Money => decimal.TryParse(text, Number, invariant, out var value) ? value : null,
            AttributeKind.Double => double.TryParse(text, NumberStyles.Float, invariant, out var value) ? value : null,
            AttributeKind.Boolean => bool.TryParse(text, out var value) ? value : null,
            AttributeKind.DateOnly => DateOnly.TryParseExact(text, "yyyy-MM-dd", invariant, DateTimeStyles.None, out var value) ? value : null,
            AttributeKind.UniqueIdentifier => Guid.TryParse(text, out var value) ? value : null,
            AttributeKind.Lookup => LookupText.Parse(text)?.Id,
            _ => null,
        };
    }

    private static FilterNode All(ImmutableArray<FilterNode> nodes) => nodes is [var only] ? only : new AllOf(nodes);
}
