using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.Files;

/// <summary>
/// The tables of content: what it is in <c>platform_file</c>, its bytes in pieces in <c>platform_file_piece</c>, so that
/// neither storing nor reading holds more than a piece in memory.
/// </summary>
internal static class FileTable
{
    /// <summary>Values of <c>state</c>.</summary>
    private const long Uploading = 0, Complete = 1, Attached = 2;

    private const string Facts = "id, name, mediatype, size, isimage";

    public static Task InsertAsync(SqlSession session, FileUpload upload, string mediaType, DateTimeOffset now, CancellationToken ct)
    {
        var dialect = session.Dialect;
        return session.ExecuteAsync(
            new SqlStatement(
                "INSERT INTO platform_file (id, entity, attribute, name, mediatype, size, state, isimage, createdticks, createdby) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                dialect.ToStorage(upload.Id), upload.Entity, upload.Attribute, upload.Name, mediaType, 0L, Uploading, 0L, now.UtcTicks, dialect.ToStorage(upload.UserId)),
            ct).AsTask();
    }

    /// <summary>Adds a piece at the end; false when the upload is not there any more, or its end is elsewhere.</summary>
    public static async Task<bool> AppendAsync(SqlSession session, FileUpload upload, byte[] piece, CancellationToken ct)
    {
        var id = session.Dialect.ToStorage(upload.Id);
        var grown = new SqlStatement("UPDATE platform_file SET size = size + $1, total = $2 WHERE id = $3 AND size = $4 AND state = $5", (long)piece.Length, upload.Total, id, upload.Received, Uploading);
        if (await session.ExecuteAsync(grown, ct) == 0) return false;
        await session.ExecuteAsync(new SqlStatement("INSERT INTO platform_file_piece (file, start, data) VALUES ($1, $2, $3)", id, upload.Received, piece), ct);
        return true;
    }

    /// <summary>Takes the last pieces out again; nothing when the upload is not there any more, or its end is elsewhere.</summary>
    /// <param name="before">As it was before them.</param>
    public static async Task RewindAsync(SqlSession session, FileUpload upload, FileUpload before, CancellationToken ct)
    {
        var id = session.Dialect.ToStorage(upload.Id);
        var shrunk = new SqlStatement("UPDATE platform_file SET size = $1, total = $2 WHERE id = $3 AND size = $4 AND state = $5", before.Received, before.Total, id, upload.Received, Uploading);
        if (await session.ExecuteAsync(shrunk, ct) == 0) return;
        await session.ExecuteAsync(new SqlStatement("DELETE FROM platform_file_piece WHERE file = $1 AND start >= $2", id, before.Received), ct);
    }

    /// <summary>The content will not grow any more; false when the upload is not there any more.</summary>
    public static async Task<bool> CompleteAsync(SqlSession session, StoredFile file, byte[]? thumbnail, CancellationToken ct) =>
        await session.ExecuteAsync(
            new SqlStatement(
                "UPDATE platform_file SET mediatype = $1, isimage = $2, thumbnail = $3, state = $4 WHERE id = $5 AND state = $6 AND size = $7",
                file.MediaType, file.IsImage ? 1L : 0L, thumbnail, Complete, session.Dialect.ToStorage(file.Id), Uploading, file.Size),
            ct) == 1;

    /// <summary>Makes complete content that of a row; false when there is none of this id that its user uploaded for this column.</summary>
    public static async Task<bool> AttachAsync(SqlSession session, Guid id, string entity, string attribute, Guid recordId, Guid userId, CancellationToken ct)
    {
        var dialect = session.Dialect;
        return await session.ExecuteAsync(
            new SqlStatement(
                "UPDATE platform_file SET state = $1, recordid = $2 WHERE id = $3 AND state = $4 AND entity = $5 AND attribute = $6 AND createdby = $7",
                Attached, dialect.ToStorage(recordId), dialect.ToStorage(id), Complete, entity, attribute, dialect.ToStorage(userId)),
            ct) == 1;
    }

    public static async Task<StoredFile?> FindAsync(SqlSession session, Guid id, CancellationToken ct)
    {
        var row = new OneRow<StoredFile>(row => new StoredFile(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4) != 0));
        await session.QueryAsync(new SqlStatement($"SELECT {Facts} FROM platform_file WHERE id = $1", session.Dialect.ToStorage(id)), row, ct);
        return row.Value;
    }

    /// <summary>An upload that is under way.</summary>
    public static async Task<FileUpload?> FindUploadAsync(SqlSession session, Guid id, CancellationToken ct)
    {
        var row = new OneRow<FileUpload>(row => new FileUpload(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetGuid(5)) { Total = row.IsNull(6) ? null : row.GetInt64(6) });
        await session.QueryAsync(
            new SqlStatement("SELECT id, entity, attribute, name, size, createdby, total FROM platform_file WHERE id = $1 AND state = $2", session.Dialect.ToStorage(id), Uploading), row, ct);
        return row.Value;
    }

    /// <summary>The piece that holds a byte, and where it begins; <c>null</c> when the content ends before it or is gone.</summary>
    public static async Task<(long Start, byte[] Data)?> PieceAsync(SqlSession session, Guid id, long position, CancellationToken ct)
    {
        var row = new OneRow<Piece>(row => new Piece(row.GetInt64(0), row.GetBytes(1)));
        await session.QueryAsync(
            new SqlStatement("SELECT start, data FROM platform_file_piece WHERE file = $1 AND start <= $2 ORDER BY start DESC LIMIT 1", session.Dialect.ToStorage(id), position), row, ct);
        return row.Value is { } piece && position < piece.Start + piece.Data.Length ? (piece.Start, piece.Data) : null;
    }

    public static async Task<byte[]?> ThumbnailAsync(SqlSession session, Guid id, CancellationToken ct)
    {
        var row = new OneRow<byte[]>(row => row.IsNull(0) ? null! : row.GetBytes(0));
        await session.QueryAsync(new SqlStatement("SELECT thumbnail FROM platform_file WHERE id = $1", session.Dialect.ToStorage(id)), row, ct);
        return row.Value;
    }

    /// <summary>Content and its pieces go.</summary>
    public static Task RemoveAsync(SqlSession session, Guid id, CancellationToken ct) =>
        session.ExecuteAsync(new SqlStatement("DELETE FROM platform_file WHERE id = $1", session.Dialect.ToStorage(id)), ct).AsTask();

    /// <summary>The same, unless a row has it.</summary>
    public static Task RemoveUnattachedAsync(SqlSession session, Guid id, CancellationToken ct) =>
        session.ExecuteAsync(new SqlStatement("DELETE FROM platform_file WHERE id = $1 AND state < $2", session.Dialect.ToStorage(id), Attached), ct).AsTask();

    /// <summary>Everything that belongs to a row goes, also what columns hold that are parked.</summary>
    public static Task RemoveOfRowAsync(SqlSession session, string entity, Guid recordId, CancellationToken ct) =>
        session.ExecuteAsync(new SqlStatement("DELETE FROM platform_file WHERE recordid = $1 AND entity = $2", session.Dialect.ToStorage(recordId), entity), ct).AsTask();

    /// <summary>One upload that nobody attached goes; false when there is none.</summary>
    public static async Task<bool> RemoveAbandonedAsync(SqlSession session, DateTimeOffset begunBefore, CancellationToken ct) =>
        await session.ExecuteAsync(
            new SqlStatement(
                "DELETE FROM platform_file WHERE id IN (SELECT id FROM platform_file WHERE state < $1 AND createdticks < $2 LIMIT 1)", Attached, begunBefore.UtcTicks),
            ct) > 0;

    private sealed record Piece(long Start, byte[] Data);

    private sealed class OneRow<T>(Func<RowCursor, T> read) : IRowReceiver
        where T : class
    {
        public T? Value { get; private set; }

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            Value = read(row);
            return ValueTask.FromResult(false);
        }
    }
}
