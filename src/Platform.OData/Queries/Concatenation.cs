using System.Collections.Immutable;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.OData.Queries;

/// <summary><c>concat(…,…)</c>: the rows of several chains, one behind the other. Columns with one name are one column; where a chain has none it is empty.</summary>
internal static class Concatenation
{
    /// <exception cref="PlatformException">Columns with one name hold values of different kinds.</exception>
    public static AppliedRows Of(ImmutableArray<AppliedRows> chains)
    {
        var lists = chains.Select(Columns).ToList();
        var names = lists.SelectMany(list => list).Select(column => column.Name).Distinct(StringComparer.Ordinal).ToList();
        var attributes = new ImmutableArray<AttributeDefinition>[lists.Count];
        for (var at = 0; at < lists.Count; at++) attributes[at] = [.. names.Select((name, number) => Column(name, number, lists, at))];
        var grouping = new Grouping(chains[0].Query, attributes[0]) { IsList = true, Others = [.. chains.Skip(1).Select((chain, at) => new Grouping(chain.Query, attributes[at + 1]) { IsList = true })] };
        var paths = chains.SelectMany(chain => chain.Made).Where(made => made.Key.Contains('/', StringComparison.Ordinal)).DistinctBy(made => made.Key).ToDictionary(made => made.Value.LogicalName, made => made.Key, StringComparer.Ordinal);
        return AppliedRows.Of(grouping, attributes[0].Select(attribute => (attribute, paths.GetValueOrDefault(attribute.LogicalName))));
    }

    private static AttributeDefinition Column(string name, int number, List<List<(string Name, AttributeDefinition Attribute, bool IsKey)>> lists, int at)
    {
        var sources = lists.Select(list => list.FirstOrDefault(column => column.Name == name)).ToList();
        var like = sources.First(source => source.Attribute is not null).Attribute;
        foreach (var (_, other, _) in sources.Where(source => source.Attribute is not null))
        {
            if (other.Kind != like.Kind || other.StoredScale != like.StoredScale || other.IsPolymorphic != like.IsPolymorphic)
                throw Errors.BadRequest($"The chains of concat mean different kinds of values by '{name}'.", "Give one of them another alias.");
        }
        // What decides about the place in one of the lists decides in all of them.
        var own = sources[at].Attribute;
        return new GroupedColumn(number, new ColumnSource(own ?? like)) { IsMissing = own is null, IsKey = sources.Any(source => source.IsKey) }.ToAttribute(name);
    }

    private static List<(string Name, AttributeDefinition Attribute, bool IsKey)> Columns(AppliedRows rows)
    {
        var named = rows.Named.Select(made => (made.Name, made.Attribute, false));
        if (rows.AreGroups) return [.. rows.Columns.Select(column => (column.LogicalName, column, ((GroupedColumn)column.Computed!).IsKey)), .. named];
        var entity = rows.Query.Entity;
        return [.. entity.Attributes.Where(attribute => !attribute.IsFile && attribute.Computed is not FileFact).Select(attribute => (attribute.WebApiName, attribute, attribute == entity.PrimaryId)), .. named];
    }
}
