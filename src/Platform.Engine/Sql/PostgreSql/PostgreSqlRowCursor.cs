using System.Text;
using Npgsql;
using Platform.Engine.Records;

namespace Platform.Engine.Sql.PostgreSql;

/// <summary>Reads the current row of a data reader.</summary>
internal sealed class PostgreSqlRowCursor(NpgsqlDataReader reader) : RowCursor
{
    public override bool IsNull(int ordinal) => reader.IsDBNull(ordinal);

    // integer, bigint and the result of count() all come here.
    public override long GetInt64(int ordinal) => reader.GetFieldType(ordinal) == typeof(int) ? reader.GetInt32(ordinal) : reader.GetInt64(ordinal);

    public override double GetDouble(int ordinal) => reader.GetDouble(ordinal);

    public override decimal GetDecimal(int ordinal, int scale)
    {
        try
        {
            return reader.GetDecimal(ordinal);
        }
        // Only a sum of groups is so long.
        catch (OverflowException)
        {
            throw Errors.NumberTooLong();
        }
    }

    public override bool GetBoolean(int ordinal) => reader.GetBoolean(ordinal);

    public override string GetString(int ordinal) => reader.GetString(ordinal);

    public override ReadOnlySpan<byte> GetUtf8(int ordinal) => Encoding.UTF8.GetBytes(reader.GetString(ordinal));

    public override byte[] GetBytes(int ordinal) => reader.GetFieldValue<byte[]>(ordinal);

    public override Guid GetGuid(int ordinal) => reader.GetGuid(ordinal);

    public override DateTime GetDateTime(int ordinal) => reader.GetDateTime(ordinal);

    public override DateOnly GetDate(int ordinal) => reader.GetFieldValue<DateOnly>(ordinal);
}
