using Platform.Engine.Metadata;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Records;

/// <summary>
/// Counts the rows of one attribute. It is made with the attribute and outlives it: one that comes back goes on where
/// it was. On PostgreSQL it is a sequence, which nobody waits for; on SQLite a row, which the one writer counts up.
/// </summary>
internal sealed class AutoNumberSequence
{
    private readonly string name;

    private AutoNumberSequence(string name) => this.name = name;

    public static AutoNumberSequence Of(EntityDefinition entity, AttributeDefinition attribute) => new(SchemaNames.Sequence(entity.LogicalName, attribute.LogicalName));

    /// <summary>Makes the sequences of all numbered attributes that have none yet, beginning at their seeds.</summary>
    public static async Task EnsureAsync(MetadataSnapshot metadata, SqlSession session, CancellationToken ct)
    {
        foreach (var entity in metadata.Entities)
        {
            foreach (var attribute in entity.AutoNumbers)
                await session.ExecuteAsync(session.Dialect.CreateSequence(Of(entity, attribute).name, attribute.AutoNumber!.Seed), ct);
        }
    }

    /// <summary>Takes the next number; nobody else gets it.</summary>
    public ValueTask<long> NextAsync(SqlSession session, CancellationToken ct) => NumberAsync(session, session.Dialect.TakeNumber(name), ct);

    /// <summary>The number that the next row will get, if nobody comes in between.</summary>
    public ValueTask<long> PeekAsync(SqlSession session, CancellationToken ct) => NumberAsync(session, session.Dialect.PeekNumber(name), ct);

    /// <summary>The next row gets this number.</summary>
    public async ValueTask SetAsync(long next, SqlSession session, CancellationToken ct) => await NumberAsync(session, session.Dialect.SetNumber(name, next), ct);

    private static async ValueTask<long> NumberAsync(SqlSession session, SqlStatement statement, CancellationToken ct)
    {
        var number = new OneNumber();
        await session.QueryAsync(statement, number, ct);
        return number.IsEmpty ? throw new InvalidOperationException("The sequence is not there.") : number.Value;
    }
}
