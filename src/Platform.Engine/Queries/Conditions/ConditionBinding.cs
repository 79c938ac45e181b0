using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Security;

namespace Platform.Engine.Queries.Conditions;

/// <summary>What conditions mean for one caller at one time.</summary>
/// <param name="now">UTC.</param>
internal sealed class ConditionBinding(MetadataSnapshot metadata, Caller caller, DateTime now)
{
    private const string ManagerLookup = "parentsystemuserid";

    public FilterNode Bind(Condition condition)
    {
        var (attribute, values) = (condition.Attribute, condition.Values);
        switch (condition.Operator)
        {
            case ConditionOperator.EqualUserTeams:
                return new OneOf(attribute, [.. caller.Teams]);
            case ConditionOperator.EqualUserOrUserTeams:
                return new OneOf(attribute, [caller.UserId, .. caller.Teams]);
            case ConditionOperator.EqualUserOrUserHierarchy:
                return Reports(attribute);
            case ConditionOperator.EqualUserOrUserHierarchyAndTeams:
                return new AnyOf([Reports(attribute), new OneOf(attribute, [.. caller.Teams])]);
            case ConditionOperator.EqualBusinessId:
                return new Compare(attribute, Comparison.Equal, caller.BusinessUnitId);
            case ConditionOperator.NotEqualBusinessId:
                return new Compare(attribute, Comparison.NotEqual, caller.BusinessUnitId);
            case ConditionOperator.EqualUserLanguage:
                return new Compare(attribute, Comparison.Equal, CultureInfo.GetCultureInfo(caller.Language).LCID is var code && code < 0x400 ? code | 0x400 : code);
            case >= ConditionOperator.Above and <= ConditionOperator.NotUnder:
                return Hierarchy(attribute, condition.Operator, (Guid)values[0]);
            default:
                return Within(attribute, DateSpan.Of(condition, new LocalTime(attribute, caller, now)));
        }
    }

    private FilterNode Hierarchy(AttributeDefinition attribute, ConditionOperator condition, Guid id)
    {
        // The primary key belongs to its own table, a lookup to that of its first target with a hierarchy.
        var entity = (attribute.Lookup?.Targets.Select(metadata.Entity) ?? metadata.Entities.Where(entity => entity.PrimaryId == GroupedColumn.Origin(attribute))).FirstOrDefault(entity => entity.Hierarchy is not null)
            ?? throw Errors.BadRequest($"{condition} needs a hierarchy, and '{attribute}' has none.", "A lookup of a table to itself makes one when it says \"hierarchical\": true.");
        var within = new InTree(
            attribute, entity, entity.Hierarchy!, id,
            Above: condition is ConditionOperator.Above or ConditionOperator.AboveOrEqual,
            Itself: condition is ConditionOperator.AboveOrEqual or ConditionOperator.UnderOrEqual or ConditionOperator.NotUnder);
        return condition == ConditionOperator.NotUnder ? new Not(within) : within;
    }

    private FilterNode Reports(AttributeDefinition attribute) =>
        metadata.Find("systemuser") is { } users && users.Find(ManagerLookup) is { } manager
            ? new InTree(attribute, users, manager, caller.UserId, Above: false, Itself: true)
            : new Compare(attribute, Comparison.Equal, caller.UserId);

    // Without any border there is still a value.
    private static FilterNode Within(AttributeDefinition attribute, DateSpan span) => span is { From: null, Until: null } ? new Compare(attribute, Comparison.NotEqual, null) : new AllOf(
    [
        .. span.From is { } from ? [new Compare(attribute, Comparison.GreaterOrEqual, from)] : Array.Empty<FilterNode>(),
        .. span.Until is { } until ? [new Compare(attribute, Comparison.Less, until)] : Array.Empty<FilterNode>(),
    ]);
}
