using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>
/// Looks for duplicates of a row before it is written, by the published rules of its table (<c>duplicaterule</c>), where the
/// request asks for it. Found are rows that the caller may read: nobody learns of others that they are there.
/// </summary>
internal sealed class DuplicateDetection(QueryExecutor executor)
{
    private const string RuleTable = "duplicaterule", ConditionTable = "duplicaterulecondition", RuleLookup = "regardingobjectid";
    private const string Base = "baseentityname", Matching = "matchingentityname", BaseColumn = "baseattributename", MatchingColumn = "matchingattributename";

    private enum Criterion
    {
        Exact,
        FirstCharacters,
        LastCharacters,
    }

    /// <summary>Refuses a row that has a duplicate.</summary>
    /// <param name="row">What is written.</param>
    /// <param name="isNew">Else it changes a row, whose other values count as well.</param>
    /// <exception cref="PlatformException">There is one (412).</exception>
    public async Task DemandNoneAsync(EntityDefinition entity, EntityRecord row, bool isNew, MessageScope scope, CancellationToken ct)
    {
        if (!scope.DetectsDuplicates || scope.IsCascade) return;
        var rules = await RulesAsync(entity, scope, ct);
        if (!isNew) rules = [.. rules.Where(rule => rule.Conditions.Any(condition => row.Contains(condition.Base.LogicalName)))];
        if (rules.IsEmpty) return;
        var values = isNew ? row : await WholeAsync(entity, row, [.. rules.SelectMany(rule => rule.Conditions.Select(condition => condition.Base)).Distinct()], scope, ct);
        foreach (var rule in rules)
            if (await FindsAsync(rule, entity, values, scope, ct)) throw Errors.DuplicateFound(rule.Name);
    }

    /// <summary>Checks a rule, or a condition of one, when it is written.</summary>
    /// <exception cref="PlatformException">It names tables or columns that there are not, or columns that cannot be compared.</exception>
    public async Task CheckRuleAsync(EntityDefinition entity, EntityRecord row, bool isNew, MessageScope scope, CancellationToken ct)
    {
        if (entity.LogicalName == RuleTable)
        {
            foreach (var name in new[] { Base, Matching })
                if (row.Get<string>(name) is { Length: > 0 } table && scope.Metadata.Find(table) is null) throw Errors.UnknownTableOfRule(name, table, scope.Metadata.Entities.Select(known => known.LogicalName));
            if (!isNew) await CheckChangeAsync(entity, row, scope, ct);
        }
        else if (entity.LogicalName == ConditionTable)
        {
            var names = new[] { BaseColumn, MatchingColumn, "operatorcode", "operatorparam", RuleLookup };
            var whole = isNew ? row : await WholeAsync(entity, row, [.. names.Select(entity.Attribute)], scope, ct);
            if (whole.GetLookup(RuleLookup) is not { } of) return;
            var rule = (await ReadAsync(scope.Metadata.Entity(RuleTable), [Base, Matching], new Compare(scope.Metadata.Entity(RuleTable).PrimaryId, Comparison.Equal, of.Id), scope, ct)) is [var found, ..] ? found : null;
            if (rule is null || scope.Metadata.Find(rule.Get<string>(Base)!) is not { } table || scope.Metadata.Find(rule.Get<string>(Matching)!) is not { } searched) return;
            var (left, right) = (table.Attribute(whole.Get<string>(BaseColumn)!), searched.Attribute(whole.Get<string>(MatchingColumn)!));
            if (!IsComparable(left, right)) throw Errors.BadRequest($"'{left}' and '{right}' cannot be compared by a duplicate detection rule.", "Stored columns of one type can be.");
            var criterion = (Criterion)(whole.Get<int?>("operatorcode") ?? 0);
            if (criterion != Criterion.Exact && (!left.IsText || whole.Get<int?>("operatorparam") is null)) throw Errors.BadRequest("First and last characters are compared of texts, and operatorparam says how many.");
        }
    }

    /// <summary>The conditions of a rule speak of its tables, and one without conditions would find nothing.</summary>
    private async Task CheckChangeAsync(EntityDefinition rules, EntityRecord row, MessageScope scope, CancellationToken ct)
    {
        var isPublished = row.Get<int?>(SystemAttributes.StateCode) == 1;
        if (!isPublished && !row.Contains(Base) && !row.Contains(Matching)) return;
        if (await ReadAsync(rules, [Base, Matching], new Compare(rules.PrimaryId, Comparison.Equal, row.Id), scope, ct) is not [var before, ..] || scope.Metadata.Find(ConditionTable) is not { } conditions) return;
        var hasConditions = (await ReadAsync(conditions, [BaseColumn], new Compare(conditions.Attribute(RuleLookup), Comparison.Equal, row.Id), scope, ct)).Count > 0;
        if (hasConditions && new[] { Base, Matching }.Any(name => row.Contains(name) && row.Get<string>(name) != before.Get<string>(name))) throw Errors.BadRequest("The tables of a rule with conditions do not change.", "Delete its conditions first.");
        if (isPublished && !hasConditions) throw Errors.BadRequest("A rule without conditions cannot be published.", "Add a row to duplicateruleconditions.");
    }

    private async Task<ImmutableArray<Rule>> RulesAsync(EntityDefinition entity, MessageScope scope, CancellationToken ct)
    {
        if (scope.Metadata.Find(RuleTable) is not { HasState: true } rules || scope.Metadata.Find(ConditionTable) is not { } conditions) return [];
        var published = new AllOf([new Compare(rules.Attribute(Base), Comparison.Equal, entity.LogicalName), new Compare(rules.Attribute(SystemAttributes.StateCode), Comparison.Equal, 1)]);
        var found = await ReadAsync(rules, ["name", Matching, "iscasesensitive", "excludeinactiverecords"], published, scope, ct);
        if (found.Count == 0) return [];
        var parts = (await ReadAsync(conditions, [BaseColumn, MatchingColumn, "operatorcode", "operatorparam", "ignoreblankvalues", RuleLookup], new OneOf(conditions.Attribute(RuleLookup), [.. found.Select(rule => (object)rule.Id)]), scope, ct)).ToLookup(part => part.GetLookup(RuleLookup)!.Id);
        return [.. found.Select(rule => ToRule(rule, parts[rule.Id], entity, scope.Metadata)).OfType<Rule>()];
    }

    /// <returns><c>null</c> for a rule without conditions, or about what is no longer there.</returns>
    private static Rule? ToRule(EntityRecord rule, IEnumerable<EntityRecord> parts, EntityDefinition entity, MetadataSnapshot metadata)
    {
        if (metadata.Find(rule.Get<string>(Matching)!) is not { } searched) return null;
        var conditions = ImmutableArray.CreateBuilder<RuleCondition>();
        foreach (var part in parts)
        {
            if (entity.Find(part.Get<string>(BaseColumn)!) is not { } left || searched.Find(part.Get<string>(MatchingColumn)!) is not { } right || !IsComparable(left, right)) return null;
            conditions.Add(new RuleCondition(left, right, (Criterion)(part.Get<int?>("operatorcode") ?? 0), part.Get<int?>("operatorparam") ?? 1, part.Get<bool?>("ignoreblankvalues") ?? true));
        }
        return conditions.Count == 0 ? null : new Rule(rule.Get<string>("name") ?? "", searched, rule.Get<bool?>("iscasesensitive") ?? false, rule.Get<bool?>("excludeinactiverecords") ?? false, conditions.ToImmutable());
    }

    private async Task<bool> FindsAsync(Rule rule, EntityDefinition entity, EntityRecord values, MessageScope scope, CancellationToken ct)
    {
        if (AccessPolicy.Depth(scope.Metadata, scope.Caller, rule.Searched, Privilege.Read) == PrivilegeDepth.None) return false;
        var filter = ImmutableArray.CreateBuilder<FilterNode>();
        foreach (var condition in rule.Conditions)
        {
            if (condition.For(values[condition.Base.LogicalName]) is not { } node) return false;
            filter.Add(node);
        }
        if (rule.ExcludesInactive && rule.Searched.HasState) filter.Add(new Compare(rule.Searched.Attribute(SystemAttributes.StateCode), Comparison.Equal, 0));
        if (rule.Searched == entity && values.Id != Guid.Empty) filter.Add(new Compare(entity.PrimaryId, Comparison.NotEqual, values.Id));
        var rows = new RecordList();
        var query = new Query(rule.Searched) { Columns = [.. rule.Conditions.Select(condition => condition.Matching).Distinct()], Filter = new AllOf(filter.ToImmutable()), Top = rule.IsCaseSensitive ? null : 1 };
        await executor.RunAsync(scope.Metadata, scope.InTransaction, query, AccessPolicy.Readable(scope.Metadata, scope.Caller), rows, ct);
        return rows.Records.Any(found => !rule.IsCaseSensitive || rule.Conditions.All(condition => condition.IsAlike(values[condition.Base.LogicalName], found[condition.Matching.LogicalName])));
    }

    /// <summary>A row with the values that it will have.</summary>
    private async Task<EntityRecord> WholeAsync(EntityDefinition entity, EntityRecord changes, ImmutableArray<AttributeDefinition> columns, MessageScope scope, CancellationToken ct)
    {
        var whole = (await ReadAsync(entity, [.. columns.Select(column => column.LogicalName)], new Compare(entity.PrimaryId, Comparison.Equal, changes.Id), scope, ct)) is [var stored, ..] ? stored : new EntityRecord(entity.LogicalName, changes.Id);
        foreach (var (name, value) in changes.Attributes) whole[name] = value;
        return whole;
    }

    private async Task<IReadOnlyList<EntityRecord>> ReadAsync(EntityDefinition entity, string[] columns, FilterNode filter, MessageScope scope, CancellationToken ct)
    {
        var rows = new RecordList();
        await executor.RunAsync(scope.Metadata, scope.InTransaction, new Query(entity) { Columns = [.. columns.Select(entity.Attribute)], Filter = filter }, QueryRights.Everything, rows, ct);
        return rows.Records;
    }

    private static bool IsComparable(AttributeDefinition left, AttributeDefinition right) =>
        (left.Kind == right.Kind || (left.IsText && right.IsText)) && left.Computed is null && right.Computed is null && !left.IsFile && left.Kind is not (AttributeKind.GeoPoint or AttributeKind.MultiChoice);

    private sealed record Rule(string Name, EntityDefinition Searched, bool IsCaseSensitive, bool ExcludesInactive, ImmutableArray<RuleCondition> Conditions);

    private sealed record RuleCondition(AttributeDefinition Base, AttributeDefinition Matching, Criterion Criterion, int Characters, bool IgnoresBlanks)
    {
        /// <summary>What a duplicate must have; <c>null</c> where nothing is one.</summary>
        public FilterNode? For(object? value)
        {
            if (value is null or "") return IgnoresBlanks ? null : new Compare(Matching, Comparison.Equal, null);
            if (value is EntityReference reference) value = reference.Id;
            return (Criterion, value) switch
            {
                // A text that is shorter has no such part: it is alike as a whole.
                (not Criterion.Exact, string text) when text.Length < Characters => new Compare(Matching, Comparison.Equal, text),
                (Criterion.FirstCharacters, string text) => new MatchText(Matching, TextMatch.StartsWith, Part(text)),
                (Criterion.LastCharacters, string text) => new MatchText(Matching, TextMatch.EndsWith, Part(text)),
                _ => new Compare(Matching, Comparison.Equal, value),
            };
        }

        /// <summary>The values are alike down to the case of their letters.</summary>
        public bool IsAlike(object? value, object? found) => value is string text && found is string other
            ? Criterion switch
            {
                Criterion.FirstCharacters => other.StartsWith(Part(text), StringComparison.Ordinal),
                Criterion.LastCharacters => other.EndsWith(Part(text), StringComparison.Ordinal),
                _ => text == other,
            }
            : true;

        private string Part(string text) => text.Length <= Characters ? text : Criterion == Criterion.FirstCharacters ? text[..Characters] : text[^Characters..];
    }
}
