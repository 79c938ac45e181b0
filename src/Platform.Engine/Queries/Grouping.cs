using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Queries;

/// <summary>Rows put together into groups: a query with it has one row for each group, whose attributes are these.</summary>
/// <param name="Of">The rows that are grouped: entity, filter and links count, nothing else. They may be groups themselves.</param>
/// <param name="Attributes">Made by <see cref="GroupedColumn.ToAttribute"/>. Without one that groups, all rows are one group, also where there is none.</param>
public sealed record Grouping(Query Of, ImmutableArray<AttributeDefinition> Attributes)
{
    /// <summary>Each row stands for itself, under the names of the attributes; nothing is put together.</summary>
    public bool IsList { get; init; }

    /// <summary>Lists whose rows come behind these. They have as many attributes, of the same kinds.</summary>
    public ImmutableArray<Grouping> Others { get; init; } = [];

    /// <summary>IANA name of the time zone whose days, months and years count; set for the caller before the query is compiled.</summary>
    internal string? Zone { get; init; }
}

public enum AggregateFunction
{
    /// <summary>Number of rows.</summary>
    Count,

    /// <summary>Number of rows with a value.</summary>
    CountColumn,

    /// <summary>Number of different values.</summary>
    CountDistinct,

    /// <summary>Exact; empty without values.</summary>
    Sum,

    /// <summary>Mean of the rows with a value, rounded to ten digits after the point, of numbers of 64 bits to nine, of amounts to four; empty without values.</summary>
    Average,

    /// <summary>Empty without values.</summary>
    Min,

    /// <summary>Empty without values.</summary>
    Max,
}

/// <summary>What of a date decides about its group; a number.</summary>
public enum DatePart
{
    Year,

    /// <summary>1 to 4.</summary>
    Quarter,

    /// <summary>1 to 12.</summary>
    Month,

    /// <summary>Week of the year, from Sunday; January 1st is in the first one.</summary>
    Week,

    /// <summary>Day of the month.</summary>
    Day,

    /// <summary>The calendar year, as in conditions.</summary>
    FiscalYear,

    /// <summary>The quarter, as in conditions.</summary>
    FiscalPeriod,
}

/// <summary>An attribute of a group; part of a query, never of the metadata.</summary>
/// <param name="Number">Its place among the attributes of the grouping.</param>
/// <param name="Source">What is grouped by or aggregated; <c>null</c> for the number of rows.</param>
/// <param name="Function"><c>null</c>: rows with the same value are a group.</param>
/// <param name="Part">Of a date that is grouped by; <c>null</c>: the whole value.</param>
public sealed record GroupedColumn(int Number, ColumnSource? Source, AggregateFunction? Function = null, DatePart? Part = null) : ComputedColumn
{
    private const int AverageDigits = 10;

    // More would not go into a decimal beside the 19 before the point.
    private const int AverageDigitsOfBigInt = 9;

    /// <summary>It decides about the place of a row where no order does.</summary>
    public bool IsKey { get; init; } = Function is null;

    /// <summary>The rows do not have it, others of the result do; the source says of what kind it is.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Days are those of UTC, not the caller's.</summary>
    public bool IsUtc { get; init; }

    /// <summary>Column with the number of the list that a row comes from, where there are several.</summary>
    internal const string PartColumn = "part";

    /// <summary>Column of the grouped rows.</summary>
    internal string Column => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{Number}");

    /// <summary>Its exact numbers may have more digits than a column stores.</summary>
    internal bool IsWide => Function switch
    {
        AggregateFunction.Sum or AggregateFunction.Average => Source!.Attribute.Kind != AttributeKind.Double,
        null or AggregateFunction.Min or AggregateFunction.Max => Source!.Attribute.Computed is GroupedColumn { IsWide: true },
        _ => false,
    };

    /// <summary>Digits after the point that people see.</summary>
    public int Digits => Source is null || Source.Attribute.Kind is not (AttributeKind.Decimal or AttributeKind.Money or AttributeKind.Double)
        ? Function == AggregateFunction.Average ? 2 : 0
        : Source.Attribute.Precision;

    /// <summary>The attribute of the table that an attribute of groups has its values from, or the attribute itself.</summary>
    public static AttributeDefinition Origin(AttributeDefinition attribute) =>
        attribute.Computed is GroupedColumn { Function: null, Part: null, Source: { } source } ? Origin(source.Attribute) : attribute;

    /// <summary>An attribute to read, filter and sort by.</summary>
    /// <param name="name">Name in the result.</param>
    /// <exception cref="PlatformException">The source cannot be grouped by or aggregated so.</exception>
    public AttributeDefinition ToAttribute(string name)
    {
        Demand();
        var source = Source?.Attribute;
        return new AttributeDefinition
        {
            LogicalName = name,
            SchemaName = name,
            Kind = Kind(source),
            Title = new Label(name),
            Pack = "",
            Origin = AttributeOrigin.Engine,
            Precision = Function switch
            {
                AggregateFunction.Average when source!.Kind == AttributeKind.BigInt => AverageDigitsOfBigInt,
                AggregateFunction.Average when source!.Kind is not (AttributeKind.Money or AttributeKind.Double) => AverageDigits,
                AggregateFunction.Sum when source!.Kind is not (AttributeKind.Decimal or AttributeKind.Money or AttributeKind.Double) => 0,
                _ => source?.Precision ?? 0,
            },
            BaseOf = source?.BaseOf,
            DateBehavior = source?.DateBehavior ?? default,
            Options = Function is null && Part is null ? source!.Options : [],
            Lookup = Function is null ? source!.Lookup : null,
            MaxLength = source?.MaxLength ?? 0,
            Computed = this,
        };
    }

    private AttributeKind Kind(AttributeDefinition? source) => (Function, Part) switch
    {
        (AggregateFunction.Count or AggregateFunction.CountColumn or AggregateFunction.CountDistinct, _) => AttributeKind.BigInt,
        (AggregateFunction.Sum or AggregateFunction.Average, _) => source!.Kind is AttributeKind.Money or AttributeKind.Double ? source.Kind : AttributeKind.Decimal,
        (null, not null) => AttributeKind.Integer,
        _ => source!.Kind,
    };

    private void Demand()
    {
        if (Source is not { Attribute: { } attribute }) return;
        if (attribute.Kind is AttributeKind.File or AttributeKind.Image || attribute.Computed is FileFact) throw Errors.BadRequest($"'{attribute}' holds content, which can be neither grouped by nor aggregated.");
        if (Part is not null && attribute.Kind is not (AttributeKind.DateTime or AttributeKind.DateOnly)) throw Wrong(attribute, $"Grouped by {Part}", "a date or a point in time");
        if (Function is AggregateFunction.Sum or AggregateFunction.Average && !attribute.IsNumber) throw Wrong(attribute, $"{Function}", "a number");
        if (Function is AggregateFunction.Min or AggregateFunction.Max && !attribute.IsNumber && attribute.Kind is not (AttributeKind.DateTime or AttributeKind.DateOnly))
            throw Wrong(attribute, $"{Function}", "a number or a date");
    }

    private static PlatformException Wrong(AttributeDefinition attribute, string what, string expected) =>
        Errors.BadRequest($"{what} is for {expected}; '{attribute}' is of the kind {attribute.Kind}.");
}
