using System.Buffers.Text;
using System.Numerics;
using System.Text;
using Platform.Engine.Records;
using SQLitePCL;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>Reads the current row of a statement in place.</summary>
internal sealed class SqliteRowCursor(sqlite3_stmt statement) : RowCursor
{
    public override bool IsNull(int ordinal) => raw.sqlite3_column_type(statement, ordinal) == raw.SQLITE_NULL;

    public override long GetInt64(int ordinal) => raw.sqlite3_column_int64(statement, ordinal);

    public override double GetDouble(int ordinal) => raw.sqlite3_column_double(statement, ordinal);

    public override decimal GetDecimal(int ordinal, int scale)
    {
        // A sum may have more digits than a column.
        if (raw.sqlite3_column_type(statement, ordinal) == raw.SQLITE_BLOB) return new ExactNumber(new BigInteger(raw.sqlite3_column_blob(statement, ordinal))).ToDecimal(scale);
        var scaled = GetInt64(ordinal);
        var magnitude = scaled < 0 ? 0UL - (ulong)scaled : (ulong)scaled;
        return new decimal((int)magnitude, (int)(magnitude >> 32), 0, scaled < 0, (byte)scale);
    }

    public override bool GetBoolean(int ordinal) => GetInt64(ordinal) != 0;

    public override string GetString(int ordinal) => Encoding.UTF8.GetString(GetUtf8(ordinal));

    // The bytes of a TEXT column are its UTF-8: no string on the way to the response.
    public override ReadOnlySpan<byte> GetUtf8(int ordinal) => raw.sqlite3_column_blob(statement, ordinal);

    public override byte[] GetBytes(int ordinal) => raw.sqlite3_column_blob(statement, ordinal).ToArray();

    public override Guid GetGuid(int ordinal) =>
        Utf8Parser.TryParse(GetUtf8(ordinal), out Guid id, out _, 'D')
            ? id
            : throw new FormatException($"Column {ordinal} holds no GUID.");

    public override DateTime GetDateTime(int ordinal)
    {
        var text = GetUtf8(ordinal);
        if (text.Length != 20) throw new FormatException($"Column {ordinal} holds no point in time.");
        return new DateTime(Number(text[..4]), Number(text[5..7]), Number(text[8..10]), Number(text[11..13]), Number(text[14..16]), Number(text[17..19]), DateTimeKind.Utc);
    }

    public override DateOnly GetDate(int ordinal)
    {
        var text = GetUtf8(ordinal);
        if (text.Length != 10) throw new FormatException($"Column {ordinal} holds no date.");
        return new DateOnly(Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
            number = (number * 10) + (digit - '0');
        return number;
    }
}
