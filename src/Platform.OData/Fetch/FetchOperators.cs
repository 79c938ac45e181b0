using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Conditions;

namespace Platform.OData.Fetch;

/// <summary>The operators of FetchXML's conditions.</summary>
internal static partial class FetchOperators
{
    /// <summary>Against one value, or another column.</summary>
    public static FrozenDictionary<string, Comparison> Comparisons { get; } = new Dictionary<string, Comparison>
    {
        ["eq"] = Comparison.Equal, ["ne"] = Comparison.NotEqual, ["neq"] = Comparison.NotEqual, ["gt"] = Comparison.Greater,
        ["ge"] = Comparison.GreaterOrEqual, ["lt"] = Comparison.Less, ["le"] = Comparison.LessOrEqual,
    }.ToFrozenDictionary();

    /// <summary>A part of a text, and whether it shall be there.</summary>
    public static FrozenDictionary<string, (TextMatch? Match, bool Holds)> Matches { get; } = new Dictionary<string, (TextMatch?, bool)>
    {
        ["like"] = (null, true), ["not-like"] = (null, false), ["begins-with"] = (TextMatch.StartsWith, true), ["not-begin-with"] = (TextMatch.StartsWith, false),
        ["ends-with"] = (TextMatch.EndsWith, true), ["not-end-with"] = (TextMatch.EndsWith, false),
    }.ToFrozenDictionary();

    /// <summary>The rest; as query functions have them.</summary>
    public static FrozenDictionary<string, ConditionOperator> Conditions { get; } = Enum.GetValues<ConditionOperator>().Where(condition => condition is not (ConditionOperator.Like or ConditionOperator.NotLike)).ToFrozenDictionary(Word);

    /// <summary>All words, for hints.</summary>
    public static IEnumerable<string> All => ["null", "not-null", .. Comparisons.Keys, .. Matches.Keys, .. Conditions.Keys];

    /// <summary>The word for a query function.</summary>
    public static string Word(ConditionOperator condition) => condition switch
    {
        ConditionOperator.DoesNotContainValues => "not-contain-values",
        ConditionOperator.AboveOrEqual => "eq-or-above",
        ConditionOperator.UnderOrEqual => "eq-or-under",
        ConditionOperator.EqualUserId => "eq-userid",
        ConditionOperator.NotEqualUserId => "ne-userid",
        ConditionOperator.EqualUserTeams => "eq-userteams",
        ConditionOperator.EqualUserOrUserTeams => "eq-useroruserteams",
        ConditionOperator.EqualUserOrUserHierarchy => "eq-useroruserhierarchy",
        ConditionOperator.EqualUserOrUserHierarchyAndTeams => "eq-useroruserhierarchyandteams",
        ConditionOperator.EqualBusinessId => "eq-businessid",
        ConditionOperator.NotEqualBusinessId => "ne-businessid",
        ConditionOperator.EqualUserLanguage => "eq-userlanguage",
        ConditionOperator.Last7Days => "last-seven-days",
        ConditionOperator.Next7Days => "next-seven-days",
        _ => WordBegin().Replace(condition.ToString(), "-$0").ToLowerInvariant().Replace("older-than", "olderthan", StringComparison.Ordinal),
    };

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordBegin();
}
