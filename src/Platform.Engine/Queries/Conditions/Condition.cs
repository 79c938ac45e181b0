using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Queries.Conditions;

/// <summary>A condition whose meaning depends on who asks and when; bound to both before the query is compiled.</summary>
/// <param name="Values">Of the attribute's .NET type for <see cref="ConditionOperator.On"/> and its like, ids for hierarchies, numbers (<see cref="int"/>) for X and fiscal years.</param>
public sealed record Condition(AttributeDefinition Attribute, ConditionOperator Operator, ImmutableArray<object> Values) : FilterNode
{
    /// <summary>Largest X: so many years lie between the first and the last day that there is.</summary>
    private const int LargestNumber = 9998;

    private const int MostValues = 1000;

    /// <summary>Makes the condition from texts, as clients write values. <c>null</c>, which is no value, is possible in lists.</summary>
    /// <exception cref="PlatformException">The operator is not for such attributes, or a value is missing, too many, or of the wrong type.</exception>
    public static FilterNode Of(EntityDefinition entity, AttributeDefinition attribute, ConditionOperator condition, IReadOnlyList<string?> given)
    {
        var values = given.OfType<string>().ToList();
        var hasNothing = values.Count < given.Count;
        if (hasNothing && condition is not (ConditionOperator.In or ConditionOperator.NotIn)) throw Errors.BadRequest($"{condition} of '{attribute}' takes no null.");
        switch (condition)
        {
            case ConditionOperator.ContainValues or ConditionOperator.DoesNotContainValues:
                if (attribute.Kind != AttributeKind.MultiChoice) throw Wrong(entity, attribute, condition, "a multi-choice");
                var choices = ChoiceValues.Parse(string.Join(',', values)) is { Count: > 0 } parsed ? parsed : throw Errors.WrongType(entity.LogicalName, attribute.LogicalName, "whole numbers", $"'{string.Join(',', values)}'");
                var contains = new ContainsChoice(attribute, choices);
                return condition == ConditionOperator.ContainValues ? contains : new Not(contains);
            case ConditionOperator.Like or ConditionOperator.NotLike:
                if (!attribute.IsText) throw Wrong(entity, attribute, condition, "a text");
                DemandCount(attribute, condition, values, 1);
                var pattern = new MatchPattern(attribute, values[0]);
                return condition == ConditionOperator.Like ? pattern : new Not(pattern);
            case ConditionOperator.EqualUserId:
                Demand(entity, attribute, condition, AttributeKind.Lookup, values, 0);
                return new IsCaller(attribute);
            case ConditionOperator.NotEqualUserId:
                Demand(entity, attribute, condition, AttributeKind.Lookup, values, 0);
                return new Not(new IsCaller(attribute));
            case ConditionOperator.In or ConditionOperator.NotIn:
                if (given.Count is 0 or > MostValues) throw Errors.BadRequest($"{condition} of '{attribute}' has {given.Count} values.", $"One to {MostValues} are possible.");
                FilterNode some = new OneOf(attribute, [.. values.Select(value => Value(entity, attribute, value))]);
                if (hasNothing) some = new AnyOf([some, new Compare(attribute, Comparison.Equal, null)]);
                return condition == ConditionOperator.In ? some : new Not(some);
            case ConditionOperator.Between or ConditionOperator.NotBetween:
                DemandCount(attribute, condition, values, 2);
                var (low, high) = (Value(entity, attribute, values[0]), Value(entity, attribute, values[1]));
                return condition == ConditionOperator.Between
                    ? new AllOf([new Compare(attribute, Comparison.GreaterOrEqual, low), new Compare(attribute, Comparison.LessOrEqual, high)])
                    : new AnyOf([new Compare(attribute, Comparison.Less, low), new Compare(attribute, Comparison.Greater, high)]);
            case >= ConditionOperator.EqualUserTeams and <= ConditionOperator.NotEqualBusinessId:
                Demand(entity, attribute, condition, AttributeKind.Lookup, values, 0);
                return new Condition(attribute, condition, []);
            case ConditionOperator.EqualUserLanguage:
                Demand(entity, attribute, condition, AttributeKind.Integer, values, 0);
                return new Condition(attribute, condition, []);
            case >= ConditionOperator.Above and <= ConditionOperator.NotUnder:
                if (attribute.Kind != AttributeKind.Lookup && GroupedColumn.Origin(attribute) != entity.PrimaryId) throw Wrong(entity, attribute, condition, "the primary key or a lookup");
                DemandCount(attribute, condition, values, 1);
                return new Condition(attribute, condition, [Guid.TryParse(values[0], out var id) ? id : throw Errors.WrongType(entity.LogicalName, attribute.LogicalName, "an id", $"'{values[0]}'")]);
            default:
                return OfTime(entity, attribute, condition, values);
        }
    }

    private static Condition OfTime(EntityDefinition entity, AttributeDefinition attribute, ConditionOperator condition, List<string> values)
    {
        if (attribute.Kind is not (AttributeKind.DateTime or AttributeKind.DateOnly)) throw Wrong(entity, attribute, condition, "a date or a point in time");
        if (attribute.Kind == AttributeKind.DateOnly && condition is ConditionOperator.LastXHours or ConditionOperator.NextXHours or ConditionOperator.OlderThanXHours or ConditionOperator.OlderThanXMinutes)
            throw Wrong(entity, attribute, condition, "a point in time");
        if (condition is ConditionOperator.On or ConditionOperator.OnOrBefore or ConditionOperator.OnOrAfter)
        {
            DemandCount(attribute, condition, values, 1);
            return new Condition(attribute, condition, [Value(entity, attribute, values[0])]);
        }

        var numbers = condition switch
        {
            >= ConditionOperator.InFiscalPeriodAndYear => 2,
            ConditionOperator.InFiscalYear or ConditionOperator.InFiscalPeriod => 1,
            _ => condition.ToString().Contains('X', StringComparison.Ordinal) ? 1 : 0,
        };
        DemandCount(attribute, condition, values, numbers);
        return new Condition(attribute, condition, [.. values.Select(object (value) =>
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= LargestNumber
                ? number
                : throw Errors.BadRequest($"{condition} of '{attribute}' takes a number from 1 to {LargestNumber}, not '{value}'."))]);
    }

    /// <summary>A value of the attribute's .NET type, as clients write it as text.</summary>
    /// <exception cref="PlatformException">It is none.</exception>
    public static object Value(EntityDefinition entity, AttributeDefinition attribute, string text)
    {
        var invariant = CultureInfo.InvariantCulture;
        object? value = attribute.Kind switch
        {
            AttributeKind.String or AttributeKind.Memo => text,
            AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => int.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var number) ? number : null,
            AttributeKind.BigInt => long.TryParse(text, NumberStyles.AllowLeadingSign, invariant, out var number) ? number : null,
            AttributeKind.Decimal or AttributeKind.Money => decimal.TryParse(text, NumberStyles.Float, invariant, out var number) ? number : null,
            AttributeKind.Double => double.TryParse(text, NumberStyles.Float, invariant, out var number) && double.IsFinite(number) ? number : null,
            AttributeKind.Boolean => text switch { "true" or "True" or "1" => true, "false" or "False" or "0" => false, _ => null },
            AttributeKind.DateTime => DateTimeOffset.TryParse(text, invariant, DateTimeStyles.AssumeUniversal, out var point) ? point.UtcDateTime : null,
            AttributeKind.DateOnly => DateOnly.TryParseExact(text.Split('T')[0], "yyyy-MM-dd", invariant, DateTimeStyles.None, out var day) ? day : null,
            AttributeKind.Lookup or AttributeKind.UniqueIdentifier => Guid.TryParse(text, out var id) ? id : null,
            _ => null,
        };
        return value ?? throw Errors.WrongType(entity.LogicalName, attribute.WebApiName, $"a value of the kind {attribute.Kind}", $"'{text}'");
    }

    private static void Demand(EntityDefinition entity, AttributeDefinition attribute, ConditionOperator condition, AttributeKind kind, List<string> values, int count)
    {
        // A user, a team or a unit is compared with its own key, too.
        if (attribute.Kind != kind && (kind != AttributeKind.Lookup || GroupedColumn.Origin(attribute) != entity.PrimaryId)) throw Wrong(entity, attribute, condition, kind == AttributeKind.Lookup ? "a lookup" : "a whole number");
        DemandCount(attribute, condition, values, count);
    }

    private static void DemandCount(AttributeDefinition attribute, ConditionOperator condition, List<string> values, int count)
    {
        if (values.Count != count) throw Errors.BadRequest($"{condition} of '{attribute}' takes {count} values and has {values.Count}.");
    }

    private static PlatformException Wrong(EntityDefinition entity, AttributeDefinition attribute, ConditionOperator condition, string expected) =>
        Errors.BadRequest($"{condition} is for {expected}; '{attribute}' of '{entity.LogicalName}' is of the kind {attribute.Kind}.");
}
