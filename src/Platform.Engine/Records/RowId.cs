namespace Platform.Engine.Records;

/// <summary>
/// Makes the ids of new rows: UUIDs of version 7 whose twelve bits after the version tell the fraction of the millisecond (RFC 9562, 6.2,
/// method 3). Rows that one server makes one after the other have rising ids, so that lists without an order show them as they were made.
/// </summary>
internal static class RowId
{
    private const int VersionByte = 6;

    public static Guid New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        var fraction = (int)(now.Ticks % TimeSpan.TicksPerMillisecond * 4096 / TimeSpan.TicksPerMillisecond);
        bytes[VersionByte] = (byte)(0x70 | (fraction >> 8));
        bytes[VersionByte + 1] = (byte)fraction;
        return new Guid(bytes, bigEndian: true);
    }
}
