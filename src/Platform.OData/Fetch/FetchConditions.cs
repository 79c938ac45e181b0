using System.Collections.Immutable;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Compiling;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Conditions;
using Platform.OData.Model;
using Platform.OData.Queries;

namespace Platform.OData.Fetch;

/// <summary>Reads <c>&lt;filter&gt;</c> and <c>&lt;condition&gt;</c>.</summary>
/// <param name="names">What names in the query stand for.</param>
/// <param name="linked">Reads a <c>&lt;link-entity&gt;</c> that stands in a filter.</param>
internal sealed class FetchConditions(FetchNames names, Func<FetchElement, EntityDefinition, FilterNode> linked)
{
    private const int MostConditions = FilterTranslator.MostConditions;
    private const int MostValues = 5000;
    private static readonly string[] FilterAttributes = ["type", "isquickfindfields", "overridequickfindrecordlimitenabled", "overridequickfindrecordlimitdisabled", "bypassquickfind", "hint"];
    private static readonly string[] FilterChildren = ["condition", "filter", "link-entity"];
    private static readonly string[] ConditionAttributes = ["attribute", "operator", "value", "valueof", "entityname", "column", "uiname", "uitype", "uihidden"];

    private int conditions;
    private int values;

    /// <param name="entity">Of the row that the filter is about.</param>
    /// <param name="isOuter">The filter is the query's own, whose conditions may be about joined rows.</param>
    public FilterNode Filter(FetchElement filter, EntityDefinition entity, bool isOuter)
    {
        filter.Allow(FilterAttributes, FilterChildren);
        ImmutableArray<FilterNode> nodes = [.. filter.Children.Select(child => child.Name switch
        {
            "filter" => Filter(child, entity, isOuter),
            "condition" => Condition(child, entity, isOuter),
            _ => linked(child, entity),
        })];
        return filter["type"] switch
        {
            null or "and" => new AllOf(nodes),
            // A filter without conditions leaves out nothing.
            "or" => nodes.IsEmpty ? new AllOf([]) : new AnyOf(nodes),
            var other => throw filter.Wrong($"has type='{other}'", "Write and or or."),
        };
    }

    private FilterNode Condition(FetchElement condition, EntityDefinition entity, bool isOuter)
    {
        condition.Allow(ConditionAttributes, ["value"]);
        if (++conditions > MostConditions) throw condition.Wrong($"is the {MostConditions + 1}st condition", $"At most {MostConditions} are possible.");
        if (condition["entityname"] is not { } alias || alias == entity.LogicalName && !names.IsLink(alias)) return Condition(condition, entity);
        if (!isOuter) throw condition.Wrong("has an entityname", "Only conditions in the filter of <entity> can be about joined rows.");
        var link = names.Link(alias, condition);
        return new OfLink(link.Alias, Condition(condition, link.Entity));
    }

    private FilterNode Condition(FetchElement condition, EntityDefinition entity)
    {
        var attribute = FetchNames.Attribute(entity, condition.Demand("attribute"), condition);
        var word = condition.Demand("operator");
        try
        {
            return Condition(condition, entity, attribute, word);
        }
        catch (PlatformException wrong) when (wrong.Code != Errors.InvalidFetchCode && wrong.Kind == ErrorKind.Invalid)
        {
            throw condition.Wrong($"cannot be understood: {wrong.Message.TrimEnd('.')}", wrong.Hint);
        }
    }

    private FilterNode Condition(FetchElement condition, EntityDefinition entity, AttributeDefinition attribute, string word)
    {
        if (condition["valueof"] is { } other) return Columns(condition, entity, attribute, word, other);
        var texts = Values(condition);
        if (word is "null" or "not-null")
        {
            if (texts.Count > 0) throw condition.Wrong($"has a value, and '{word}' takes none");
            return new Compare(attribute, word == "null" ? Comparison.Equal : Comparison.NotEqual, null);
        }
        if (FetchOperators.Comparisons.TryGetValue(word, out var comparison)) return Compare(entity, attribute, comparison, Single(condition, word, texts));
        if (FetchOperators.Matches.TryGetValue(word, out var match)) return Match(condition, attribute, word, match, Single(condition, word, texts));
        return FetchOperators.Conditions.TryGetValue(word, out var named)
            ? Engine.Queries.Conditions.Condition.Of(entity, attribute, named, texts)
            : throw condition.Wrong($"has the operator '{word}', which does not exist", Spelling.Hint(word, FetchOperators.All, ""));
    }

    private static Compare Compare(EntityDefinition entity, AttributeDefinition attribute, Comparison comparison, string text)
    {
        if (attribute.Kind != AttributeKind.MultiChoice) return new Compare(attribute, comparison, Engine.Queries.Conditions.Condition.Value(entity, attribute, text));
        if (comparison is not (Comparison.Equal or Comparison.NotEqual) || Sdk.ChoiceValues.Parse(text) is not { } choices) throw Errors.WrongType(entity.LogicalName, attribute.LogicalName, TypeWords.Expected(attribute), $"'{text}'");
        return new Compare(attribute, comparison, choices);
    }

    private static FilterNode Match(FetchElement condition, AttributeDefinition attribute, string word, (TextMatch? Match, bool Holds) match, string text)
    {
        if (!attribute.IsText) throw condition.Wrong($"has the operator '{word}' for '{attribute}', which is no text");
        FilterNode found = match.Match is { } sort ? new MatchText(attribute, sort, text) : new MatchPattern(attribute, text);
        return match.Holds ? found : new Not(found);
    }

    private FilterNode Columns(FetchElement condition, EntityDefinition entity, AttributeDefinition left, string word, string other)
    {
        if (!FetchOperators.Comparisons.TryGetValue(word, out var comparison)) throw condition.Wrong($"has valueof with the operator '{word}'", $"Columns are compared by {string.Join(", ", FetchOperators.Comparisons.Keys)}.");
        var dot = other.IndexOf('.', StringComparison.Ordinal);
        var link = dot < 0 ? null : names.Link(other[..dot], condition);
        var right = FetchNames.Attribute(link?.Entity ?? entity, other[(dot + 1)..], condition);
        if (FilterTranslator.Comparable(left, right)) return new CompareAttributes(left, comparison, right) { Link = link?.Alias };
        if (link is not null) throw condition.Wrong($"compares '{left}' with '{other}', which is of another type");
        return new ExpressionCondition(QueryExpressions.Binary(word == "neq" ? "ne" : word, QueryExpressions.Column([], entity, left), QueryExpressions.Column([], entity, right)));
    }

    private List<string> Values(FetchElement condition)
    {
        List<string> texts = [.. condition["value"] is { } value ? [value] : Array.Empty<string>(), .. condition.Children.Select(child => child.Text)];
        foreach (var child in condition.Children) child.Allow(["uiname", "uitype"], []);
        if ((values += texts.Count) > MostValues) throw condition.Wrong($"is beyond the {MostValues} values that a query holds");
        return texts;
    }

    private static string Single(FetchElement condition, string word, List<string> texts) =>
        texts.Count == 1 ? texts[0] : throw condition.Wrong($"has {texts.Count} values, and '{word}' takes one");
}
