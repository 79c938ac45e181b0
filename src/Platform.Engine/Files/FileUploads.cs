using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Files;

/// <summary>
/// Takes content in, piece by piece and each piece in a short transaction of its own, so that a slow client holds up
/// nobody; in the transaction of messages that are executed together, where it comes with one of those. A complete upload
/// becomes the value of its column by a Create or Update that names its id.
/// </summary>
public sealed class FileUploads(Database database, PlatformEngine engine, FileContents contents, IThumbnailMaker thumbnails, TimeProvider clock)
{
    /// <summary>Bytes of a stored piece, and of a chunk that a client should send.</summary>
    public const int PieceBytes = 512 * 1024;

    /// <summary>An upload that nobody attached is removed after this time.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Begins an upload.</summary>
    /// <param name="target">The row; an empty id for one that is yet to be created.</param>
    /// <param name="length">Bytes to come, where the client says it.</param>
    /// <exception cref="PlatformException">The caller may not write the column, or the column does not take such a file.</exception>
    public async Task<FileUpload> BeginAsync(EntityReference target, string attribute, string fileName, long? length, Caller caller, CancellationToken ct)
    {
        var begun = await engine.ExecuteAsync(new BeginUpload(target, attribute, fileName, length), caller, ct);
        return await FindAsync(begun.Id, caller, ct);
    }

    /// <summary>An upload that this caller has begun.</summary>
    /// <exception cref="PlatformException">There is none.</exception>
    public async Task<FileUpload> FindAsync(Guid id, Caller caller, CancellationToken ct) =>
        await ReadAsync((session, token) => FileTable.FindUploadAsync(session, id, token), ct) is { } upload && upload.UserId == caller.UserId
            ? upload
            : throw Errors.NoSuchUpload(id);

    /// <summary>Stores the next bytes; not more than <see cref="PieceBytes"/>.</summary>
    /// <returns>The upload as it is now.</returns>
    /// <exception cref="PlatformException">It is more than the column takes, or something else; the upload is gone then.</exception>
    public async Task<FileUpload> AppendAsync(FileUpload upload, ReadOnlyMemory<byte> piece, CancellationToken ct)
    {
        if (piece.IsEmpty) return upload;
        var (entity, attribute) = ColumnOf(upload);
        try
        {
            FileRules.DemandSize(entity, attribute, upload.Received + piece.Length);
            if (upload.Received == 0) FileRules.DemandContent(entity, attribute, upload.Name, piece.Span);
        }
        catch (PlatformException)
        {
            await AbandonAsync(upload.Id, CancellationToken.None);
            throw;
        }
        var bytes = piece.ToArray();
        if (!await WriteAsync((session, token) => FileTable.AppendAsync(session, upload, bytes, token), ct)) throw Errors.NoSuchUpload(upload.Id);
        return upload with { Received = upload.Received + bytes.Length };
    }

    /// <summary>Takes the last pieces out again, so that they can come once more.</summary>
    /// <param name="upload">As it is with them.</param>
    /// <param name="before">As it was before them.</param>
    public Task RewindAsync(FileUpload upload, FileUpload before, CancellationToken ct) => WriteAsync(
        async (session, token) =>
        {
            await FileTable.RewindAsync(session, upload, before, token);
            return true;
        },
        ct);

    /// <summary>Ends an upload: its id may now be written into the column.</summary>
    /// <exception cref="PlatformException">It is no image, and the column takes only images; the upload is gone then.</exception>
    public async Task<StoredFile> CompleteAsync(FileUpload upload, CancellationToken ct)
    {
        var (entity, attribute) = ColumnOf(upload);
        var file = new StoredFile(upload.Id, upload.Name, MediaTypes.OfName(upload.Name), upload.Received, IsImage: false);
        byte[]? thumbnail = null;
        try
        {
            var head = await HeadAsync(file, ct);
            var found = FileRules.DemandContent(entity, attribute, upload.Name, head.Span);
            if (attribute.Kind == AttributeKind.Image)
            {
                file = file with { MediaType = found!, IsImage = true };
                thumbnail = await ThumbnailAsync(entity, attribute, file, ct);
            }
        }
        catch (PlatformException)
        {
            await AbandonAsync(upload.Id, CancellationToken.None);
            throw;
        }
        if (!await WriteAsync((session, token) => FileTable.CompleteAsync(session, file, thumbnail, token), ct)) throw Errors.NoSuchUpload(upload.Id);
        return file;
    }

    /// <summary>Forgets an upload, complete or not; content that a row has stays.</summary>
    public Task AbandonAsync(Guid id, CancellationToken ct) => WriteAsync(
        async (session, token) =>
        {
            await FileTable.RemoveUnattachedAsync(session, id, token);
            return true;
        },
        ct);

    /// <summary>Removes the uploads that nobody attached in time, each in a transaction of its own.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RemoveAbandonedAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - Lifetime;
        var removed = 0;
        while (await WriteAsync((session, token) => FileTable.RemoveAbandonedAsync(session, before, token), ct)) removed++;
        return removed;
    }

    private async Task<byte[]?> ThumbnailAsync(EntityDefinition entity, AttributeDefinition attribute, StoredFile file, CancellationToken ct)
    {
        await using var content = contents.Open(file);
        try
        {
            return await thumbnails.MakeAsync(content, ct);
        }
        catch (UnreadableImageException unreadable)
        {
            throw Errors.NoImage(entity.LogicalName, attribute.LogicalName, unreadable.Message);
        }
    }

    private async Task<ReadOnlyMemory<byte>> HeadAsync(StoredFile file, CancellationToken ct)
    {
        if (file.Size == 0) return default;
        var piece = await ReadAsync((session, token) => FileTable.PieceAsync(session, file.Id, 0, token), ct) ?? throw Errors.NoSuchUpload(file.Id);
        return piece.Data;
    }

    private (EntityDefinition Entity, AttributeDefinition Attribute) ColumnOf(FileUpload upload)
    {
        var entity = engine.Metadata.Entity(upload.Entity);
        return (entity, entity.Attribute(upload.Attribute));
    }

    private Task<T> ReadAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct) =>
        engine.OpenTransaction is { } session ? work(session, ct) : database.ReadAsync(work, ct);

    private Task<T> WriteAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct) =>
        engine.OpenTransaction is { } session ? work(session, ct) : database.WriteAsync(work, waits: false, ct);
}
