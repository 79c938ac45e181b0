using Platform.Engine.Sql;

namespace Platform.Engine.Files;

/// <summary>Reads content that <see cref="Messages.RetrieveFile"/> has given access to.</summary>
public sealed class FileContents(Database database, PlatformEngine engine)
{
    /// <summary>Hands a part of the content on, piece by piece. No database connection is held while <paramref name="write"/> waits for a slow client.</summary>
    /// <param name="from">First byte, from 0.</param>
    /// <param name="count">Bytes.</param>
    /// <exception cref="IOException">The content was replaced or removed meanwhile.</exception>
    public async Task CopyAsync(StoredFile file, long from, long count, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken ct)
    {
        while (count > 0)
        {
            var position = from;
            var (start, data) = await PieceAsync(file, position, ct)
                ?? throw new IOException($"The file {file.Id:D} was removed while it was read.");
            var part = data.AsMemory((int)(from - start));
            if (part.Length > count) part = part[..(int)count];
            await write(part, ct);
            from += part.Length;
            count -= part.Length;
        }
    }

    /// <summary>The small image of an image; <c>null</c> where there is none.</summary>
    public Task<byte[]?> ThumbnailAsync(StoredFile file, CancellationToken ct) =>
        ReadAsync((session, token) => FileTable.ThumbnailAsync(session, file.Id, token), ct);

    /// <summary>The content as a stream that is read once.</summary>
    internal Stream Open(StoredFile file) => new ContentStream(this, file);

    private Task<(long Start, byte[] Data)?> PieceAsync(StoredFile file, long position, CancellationToken ct) =>
        ReadAsync((session, token) => FileTable.PieceAsync(session, file.Id, position, token), ct);

    private Task<T> ReadAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct) =>
        engine.OpenTransaction is { } session ? work(session, ct) : database.ReadAsync(work, ct);

    private sealed class ContentStream(FileContents contents, StoredFile file) : Stream
    {
        private ReadOnlyMemory<byte> rest;
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Size;

        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (rest.IsEmpty && position < file.Size)
            {
                var (start, data) = await contents.PieceAsync(file, position, cancellationToken)
                    ?? throw new IOException($"The file {file.Id:D} was removed while it was read.");
                rest = data.AsMemory((int)(position - start));
            }
            var part = rest[..Math.Min(rest.Length, buffer.Length)];
            part.CopyTo(buffer);
            rest = rest[part.Length..];
            position += part.Length;
            return part.Length;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content is read asynchronously.");

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
