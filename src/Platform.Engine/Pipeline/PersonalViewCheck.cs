using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>A view that a user keeps as a row holds a query that can be asked, and says which table it is about.</summary>
internal sealed class PersonalViewCheck(IQueryTextParser parser)
{
    /// <summary>Table of such rows.</summary>
    public const string Entity = "userquery";

    private const string Query = "fetchxml", Table = "returnedtypecode";

    /// <summary>Columns of the row that the check asks for beside those that change.</summary>
    public static IEnumerable<string> Needed(EntityDefinition entity, EntityRecord changes) => entity.LogicalName == Entity && changes.Contains(Table) ? [Query] : [];

    /// <summary>Looks at what is written, and fills in the table from the query.</summary>
    /// <param name="before">The row as it is; <c>null</c> for a new one.</param>
    /// <exception cref="PlatformException">The query is wrong, or is about another table.</exception>
    public void Apply(EntityDefinition entity, EntityRecord row, EntityRecord? before, MetadataSnapshot metadata)
    {
        if (entity.LogicalName != Entity || !(row.Contains(Query) || row.Contains(Table)) || !entity.TryFind(Query, out _) || !entity.TryFind(Table, out _)) return;
        var text = row.Contains(Query) ? row.Get<string>(Query) : before?.Get<string>(Query);
        if (string.IsNullOrEmpty(text)) return;
        var asked = parser.ParseFetch(metadata, text).Entity.LogicalName;
        if (row.Get<string>(Table) is not { Length: > 0 } named) row[Table] = asked;
        else if (named != asked) throw Errors.InvalidFetch($"The FetchXML is about '{asked}', and {Table} is '{named}'.", $"Leave {Table} out: it is taken from the query.");
    }
}
