using System.Collections.Immutable;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Model;

namespace Platform.OData.Queries;

/// <summary>Reads what of each row an answer has: the columns of <c>$select</c> and the rows of <c>$expand</c>.</summary>
/// <param name="conditions">Conditions that aliases stand for (<see cref="NamedFunctions"/>).</param>
/// <param name="words">What the words of <c>$search</c> stand for.</param>
internal sealed class SelectionParser(MetadataSnapshot metadata, IDictionary<string, SingleValueNode> aliases, IReadOnlyDictionary<string, NamedCondition> conditions, SearchWords words)
{
    /// <summary>Expansions of one query, at all levels (Dataverse's limit).</summary>
    public const int MostExpansions = 15;

    private int expansions;

    /// <param name="clause"><c>null</c> when nothing was said: all columns.</param>
    /// <param name="computed">What <c>$compute</c> has made; <c>null</c> for nothing.</param>
    public Selection Read(EntityDefinition entity, SelectExpandClause? clause, ComputedNames? computed = null)
    {
        var names = EntityNames.Of(entity);
        var columns = ImmutableArray.CreateBuilder<AttributeDefinition>();
        var expanded = ImmutableArray.CreateBuilder<Expansion>();
        var named = ImmutableArray.CreateBuilder<NamedColumn>();
        var hasSelect = false;
        var all = clause is null || clause.AllSelected;
        // The library takes what comes along as links for selected, too.
        var links = (clause?.SelectedItems ?? []).Where(item => item is ExpandedReferenceSelectItem and not ExpandedNavigationSelectItem and not ExpandedCountSelectItem).Cast<ExpandedReferenceSelectItem>().Select(item => item.PathToNavigationProperty.LastSegment.Identifier).ToHashSet();
        foreach (var item in clause?.SelectedItems ?? [])
        {
            switch (item)
            {
                case ExpandedNavigationSelectItem expand:
                    expanded.Add(Expand(entity, expand));
                    break;
                case WildcardSelectItem:
                    all = true;
                    break;
                case PathSelectItem { SelectedPath: { Count: 1, FirstSegment: NavigationPropertySegment } link } when links.Contains(link.FirstSegment.Identifier):
                    break;
                case PathSelectItem { SelectedPath: { Count: 1, FirstSegment: PropertySegment { Identifier: var known } } } when computed?.Find(known) is { } beside:
                    hasSelect = true;
                    if (named.All(column => column.Name != known)) named.Add(new NamedColumn(beside, known));
                    break;
                case PathSelectItem { SelectedPath: { Count: 1, FirstSegment: PropertySegment or NavigationPropertySegment } path }:
                    // Clients select a lookup by its navigation property, too; what they get is its id.
                    var name = names.Find(path.FirstSegment.Identifier)!;
                    if (name.Kind == NameKind.Collection) throw Errors.NotOffered($"The collection '{path.FirstSegment.Identifier}' in $select");
                    hasSelect = true;
                    if (!columns.Contains(name.Attribute)) columns.Add(name.Attribute);
                    break;
                case PathSelectItem { SelectedPath: { Count: 1, FirstSegment: DynamicPathSegment made } }:
                    hasSelect = true;
                    var expression = computed?.Find(made.Identifier) ?? throw Errors.UnknownAttribute(entity.LogicalName, made.Identifier);
                    if (named.All(known => known.Name != made.Identifier)) named.Add(new NamedColumn(expression, made.Identifier));
                    break;
                case ExpandedCountSelectItem count:
                    var counted = new ExpandedNavigationSelectItem(count.PathToNavigationProperty, count.NavigationSource, new SelectExpandClause([], allSelected: true), count.FilterOption, null, 0, null, true, count.SearchOption, null);
                    expanded.Add(Expand(entity, counted) with { Form = ExpansionForm.Count });
                    break;
                case ExpandedReferenceSelectItem asLinks:
                    var linked = new ExpandedNavigationSelectItem(asLinks.PathToNavigationProperty, asLinks.NavigationSource, new SelectExpandClause([], allSelected: true), asLinks.FilterOption, asLinks.OrderByOption, asLinks.TopOption, asLinks.SkipOption, asLinks.CountOption, asLinks.SearchOption, null);
                    var expansion = Expand(entity, linked);
                    expanded.Add(expansion with { Form = ExpansionForm.Links, Rows = expansion.Rows with { Columns = [expansion.Rows.Entity.PrimaryId] } });
                    break;
                default:
                    throw Errors.NotOffered("A path in $select");
            }
        }

        if (all || !hasSelect) return new Selection(AllColumns(entity), expanded.ToImmutable(), HasSelect: false) { Named = computed?.Named ?? [] };
        // No column would mean all of them; the key comes along anyway.
        if (columns.Count == 0) columns.Add(entity.PrimaryId);
        // An amount without its currency says little, hence Dataverse sends the currency along.
        if (columns.Any(column => column.Kind == AttributeKind.Money)
            && entity.TryFind("transactioncurrencyid", out var currency) && !columns.Contains(currency)) columns.Add(currency);
        return new Selection(columns.ToImmutable(), expanded.ToImmutable(), HasSelect: true) { Named = named.ToImmutable() };
    }

    /// <summary>What of groups an answer has: their columns, and rows that a lookup leads to by which they are grouped.</summary>
    /// <param name="clause"><c>null</c> when nothing was said: all columns.</param>
    public Selection ReadGroups(AppliedRows groups, SelectExpandClause? clause)
    {
        var columns = ImmutableArray.CreateBuilder<AttributeDefinition>();
        var expanded = ImmutableArray.CreateBuilder<Expansion>();
        var named = ImmutableArray.CreateBuilder<NamedColumn>();
        foreach (var item in clause?.SelectedItems ?? [])
        {
            switch (item)
            {
                case WildcardSelectItem:
                    break;
                case PathSelectItem { SelectedPath: { Count: 1, FirstSegment: PropertySegment { Identifier: var name } } }:
                    if (groups.Named.FirstOrDefault(made => made.Name == name) is { } made) named.Add(made);
                    else columns.Add(groups.Made[name]);
                    break;
                case ExpandedNavigationSelectItem expand:
                    var expansion = Expand(groups.Query.Entity, expand);
                    var lookup = expansion.Navigation is LookupNavigation navigation && groups.Lookup(navigation) is { } grouped ? navigation with { Lookup = grouped } : null;
                    expanded.Add(expansion with { Navigation = lookup ?? throw Errors.BadRequest($"'{expansion.Navigation.Name}' cannot be expanded: the groups do not have its id.", $"Group by {(expansion.Navigation is LookupNavigation other ? other.Lookup.WebApiName : "the lookup that it stands for")}, or by columns behind a lookup: groupby((primarycontactid/fullname)).") });
                    break;
                default:
                    throw Errors.NotOffered("Links, counts and paths of groups in $select and $expand");
            }
        }
        var isAll = columns.Count + named.Count == 0 || clause!.SelectedItems.OfType<WildcardSelectItem>().Any();
        return isAll
            ? new Selection(groups.Columns, expanded.ToImmutable(), HasSelect: false) { Named = groups.Named }
            : new Selection([.. columns.Distinct()], expanded.ToImmutable(), HasSelect: true) { Named = [.. named.Distinct()] };
    }

    /// <summary>Sorts; each column once.</summary>
    public static ImmutableArray<OrderBy> Orders(QueryNames names, OrderByClause? clause)
    {
        var orders = ImmutableArray.CreateBuilder<OrderBy>();
        for (; clause is not null; clause = clause.ThenBy)
        {
            var order = Order(names, clause);
            // The second mention of a column decides nothing any more.
            if (orders.Any(known => known.Attribute == order.Attribute && known.Path.SequenceEqual(order.Path))) continue;
            orders.Add(order);
        }
        return orders.ToImmutable();
    }

    // Images are large: they come where they are asked for, as in Dataverse.
    private static ImmutableArray<AttributeDefinition> AllColumns(EntityDefinition entity) =>
        entity.Files.IsEmpty ? entity.Attributes : [.. entity.Attributes.Where(attribute => attribute.Kind != AttributeKind.Image)];

    private static OrderBy Order(QueryNames names, OrderByClause clause)
    {
        var descending = clause.Direction == OrderByDirection.Descending;
        if (names.Find(clause.Expression) is not { } column)
        {
            var expression = new ExpressionTranslator(names).Expression(clause.Expression);
            return new OrderBy(new ExpressionColumn(expression).ToAttribute($"{clause.Expression.Kind}"), descending);
        }
        if (column.Attribute.Kind == AttributeKind.GeoPoint) throw Errors.BadRequest($"'{column.Attribute}' is a point: points have no order.", $"Sort by geo.distance({column.Attribute},geography'SRID=4326;Point(longitude latitude)').");
        return new OrderBy(column.Attribute, descending) { Path = column.Path };
    }

    private Expansion Expand(EntityDefinition entity, ExpandedNavigationSelectItem item) =>
        Expand(entity, item, item.LevelsOption is { IsMaxLevel: false, Level: var level } ? level : item.LevelsOption is null ? 1 : null);

    /// <param name="levels">Times that the navigation is followed; <c>null</c>: as often as the limit of expansions allows.</param>
    private Expansion Expand(EntityDefinition entity, ExpandedNavigationSelectItem item, long? levels)
    {
        if (++expansions > MostExpansions) throw Errors.BadRequest($"The query expands more than {MostExpansions} navigation properties.");
        var name = item.PathToNavigationProperty.LastSegment.Identifier;
        if (item.PathToNavigationProperty.Count != 1 || Navigation.Find(entity, name) is not { Target: { } target } navigation) throw Errors.NotOffered($"Expanding '{name}'");
        if (item.ApplyOption is not null) throw Errors.NotOffered("$apply in $expand");
        if (!navigation.IsCollection && (item.FilterOption ?? item.SearchOption ?? item.OrderByOption ?? item.TopOption ?? item.SkipOption ?? (object?)item.CountOption) is not null)
            throw Errors.BadRequest($"'{name}' leads to one row: $filter, $search, $orderby, $top, $skip and $count make no sense in its expansion.");
        if (item.TopOption is > Query.LargestPage or < 0) throw Errors.BadRequest($"$top in the expansion of '{name}' is a number from 0 to {Query.LargestPage}.");
        if (item.SkipOption is > int.MaxValue - Query.LargestPage or < 0) throw Errors.BadRequest($"$skip in the expansion of '{name}' is a whole number from 0 up.");

        var rows = metadata.Entity(target);
        if (levels is < 1) throw Errors.BadRequest($"$levels in the expansion of '{name}' is a number from 1 up, or max.");
        if (levels != 1 && rows != entity) throw Errors.BadRequest($"'{name}' leads from '{entity}' to '{rows}': $levels makes sense where both are the same.");
        var names = new QueryNames(metadata, rows, aliases, conditions);
        var before = expansions;
        var computed = ComputedNames.Of(rows, names, item.ComputeOption);
        names = computed?.Names ?? names;
        var selection = Read(rows, item.SelectAndExpand, computed);
        var cost = 1 + expansions - before;
        var goesOn = levels is null ? expansions + cost <= MostExpansions : levels > 1;
        return new Expansion(navigation, new Query(rows)
        {
            Columns = selection.Columns,
            Named = selection.Named,
            Expansions = goesOn ? [.. selection.Expansions, Expand(rows, item, levels - 1)] : selection.Expansions,
            Thumbnails = selection.HasSelect && selection.Columns.Any(column => column.Kind == AttributeKind.Image),
            Filter = SearchTranslator.And(
                item.FilterOption is { } filter ? new FilterTranslator(names).Translate(filter.Expression) : null,
                item.SearchOption is { } search ? SearchTranslator.Translate(rows, search.Expression, words) : null),
            Orders = Orders(names, item.OrderByOption),
            Top = (int?)item.TopOption,
            Skip = (int?)item.SkipOption ?? 0,
            CountTotal = item.CountOption ?? false,
        });
    }
}

/// <param name="HasSelect">Columns were named.</param>
internal sealed record Selection(ImmutableArray<AttributeDefinition> Columns, ImmutableArray<Expansion> Expansions, bool HasSelect)
{
    /// <summary>Expressions that stand beside the columns.</summary>
    public ImmutableArray<NamedColumn> Named { get; init; } = [];
}
