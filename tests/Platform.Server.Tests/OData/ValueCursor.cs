using System.Text;
using Platform.Engine.Records;

namespace Platform.Server.Tests.OData;

/// <summary>A row of plain values, where a test is about what becomes of a row and not about where it comes from.</summary>
internal sealed class ValueCursor(params object?[] values) : RowCursor
{
    public override bool IsNull(int ordinal) => values[ordinal] is null;

    public override long GetInt64(int ordinal) => Convert.ToInt64(values[ordinal], null);

    public override double GetDouble(int ordinal) => (double)values[ordinal]!;

    public override decimal GetDecimal(int ordinal, int scale) => (decimal)values[ordinal]!;

    public override bool GetBoolean(int ordinal) => (bool)values[ordinal]!;

    public override string GetString(int ordinal) => (string)values[ordinal]!;

    public override ReadOnlySpan<byte> GetUtf8(int ordinal) => Encoding.UTF8.GetBytes((string)values[ordinal]!);

    public override byte[] GetBytes(int ordinal) => (byte[])values[ordinal]!;

    public override Guid GetGuid(int ordinal) => (Guid)values[ordinal]!;

    public override DateTime GetDateTime(int ordinal) => (DateTime)values[ordinal]!;

    public override DateOnly GetDate(int ordinal) => (DateOnly)values[ordinal]!;
}
