using System.Globalization;

namespace Platform.Engine.Queries;

/// <summary>How it is asked whether a row is shared.</summary>
internal static class SharedWithSql
{
    /// <summary>Writes that a share with the right is there.</summary>
    public static void Write(SharedWith shared, RowScope row, SqlText sql, int depth)
    {
        var share = row.Inner(shared.Table);
        var masks = string.Join(" | ", shared.Masks.Select(share.Column));
        var condition = sql.Part();
        FilterCompiler.Write(shared.Shares, share, condition, depth + 1);
        condition.Append(string.Create(CultureInfo.InvariantCulture, $" AND (({masks}) & {shared.Right}) <> 0"));
        var key = row.Column(shared.Entity.PrimaryId);
        // Who sees few rows has them found by their owner and by their shares; who sees many has each row asked, and the page is soon full.
        if (shared.AreFew && row.IsListed) sql.Append(sql.Dialect.InSet(key, $"SELECT {share.Column(shared.Row)} FROM {share.Table} WHERE {condition}"));
        else sql.Append($"EXISTS (SELECT 1 FROM {share.Table} WHERE {share.Column(shared.Row)} = {key} AND ").Append(condition).Append(")");
    }
}
