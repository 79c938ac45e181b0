using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.Engine.Records;

/// <summary>
/// The current row of a streaming read. Values are read straight from the database's row; nothing outlives the call
/// in which a sink sees it.
/// </summary>
public abstract class RowCursor
{
    public abstract bool IsNull(int ordinal);

    public abstract long GetInt64(int ordinal);

    public abstract double GetDouble(int ordinal);

    /// <summary>Value of a decimal or money column.</summary>
    /// <param name="scale">Digits after the point as stored: <see cref="AttributeDefinition.StoredScale"/>.</param>
    public abstract decimal GetDecimal(int ordinal, int scale);

    public abstract bool GetBoolean(int ordinal);

    public abstract string GetString(int ordinal);

    /// <summary>Text as UTF-8. Valid until the next call on the cursor.</summary>
    public abstract ReadOnlySpan<byte> GetUtf8(int ordinal);

    /// <summary>A copy of the bytes of a column of the platform's own tables.</summary>
    public abstract byte[] GetBytes(int ordinal);

    public abstract Guid GetGuid(int ordinal);

    /// <summary>Point in time, kind UTC.</summary>
    public abstract DateTime GetDateTime(int ordinal);

    public abstract DateOnly GetDate(int ordinal);

    /// <summary>The rows that an expansion over many rows brings along for this row; <c>null</c> for none.</summary>
    public virtual RelatedList? Related(Expansion expansion) => null;
}

/// <summary>Rows that belong to a row.</summary>
/// <param name="Total">How many there are without skip and top; 0 where that was not asked.</param>
public sealed record RelatedList(ResultShape Shape, IReadOnlyList<RowCursor> Rows, long Total);

/// <summary>Where an attribute stands in the rows of a result.</summary>
/// <param name="Ordinal">Its column.</param>
/// <param name="TypeOrdinal">For polymorphic lookups the column with the logical name of the target; else -1.</param>
/// <param name="NameOrdinal">For lookups, when names were asked for, the column with the primary name of the target, for files that with the file name; else -1.</param>
/// <param name="ThumbnailOrdinal">For images, when small images were asked for, the column with that; else -1.</param>
public sealed record ResultColumn(AttributeDefinition Attribute, int Ordinal, int TypeOrdinal = -1, int NameOrdinal = -1, int ThumbnailOrdinal = -1)
{
    /// <summary>Name in the result; <c>null</c>: the attribute's own.</summary>
    public string? Name { get; init; }
}

/// <summary>Columns of a result.</summary>
/// <param name="IdOrdinal">Column of the primary key; always read. -1 where rows are groups.</param>
/// <param name="VersionOrdinal">Column of <c>versionnumber</c>; always read. -1 where rows are groups.</param>
/// <param name="Columns">The attributes asked for, in the order asked for.</param>
public sealed record ResultShape(EntityDefinition Entity, int IdOrdinal, int VersionOrdinal, ImmutableArray<ResultColumn> Columns)
{
    /// <summary>What each row brings along, in the order asked for.</summary>
    public ImmutableArray<ResultExpansion> Expansions { get; init; } = [];

    /// <summary>What stands in each row of rows joined to it, in the order of the links.</summary>
    public ImmutableArray<ResultLink> Links { get; init; } = [];
}

/// <summary>Takes the rows of a read as they come from the database.</summary>
public interface IRowSink
{
    /// <summary>Called once, before the first row; not called when the read is refused.</summary>
    void Start(ResultShape shape);

    /// <summary>Called for each row. Completes when the sink can take the next one.</summary>
    ValueTask WriteAsync(RowCursor row, CancellationToken ct);
}
