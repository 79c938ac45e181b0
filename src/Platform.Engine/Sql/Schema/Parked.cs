namespace Platform.Engine.Sql.Schema;

/// <summary>A column that metadata no longer has, with its values.</summary>
/// <param name="Table">Logical name of the entity.</param>
/// <param name="StoredName">Name that it has in the database now.</param>
/// <param name="Column">As it was.</param>
/// <param name="Version">Version of the metadata that took it out.</param>
public sealed record ParkedColumn(string Table, string StoredName, ColumnModel Column, long Version)
{
    /// <summary>The column under the name that it has now.</summary>
    internal ColumnModel Stored => Column with { Name = StoredName, References = null };
}

/// <summary>A table that metadata no longer has, with its rows.</summary>
/// <param name="StoredName">Name that it has in the database now.</param>
/// <param name="Table">As it was.</param>
/// <param name="Version">Version of the metadata that took it out.</param>
public sealed record ParkedTable(string StoredName, TableModel Table, long Version);
