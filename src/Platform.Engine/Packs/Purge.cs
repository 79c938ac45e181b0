using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Versions;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs;

/// <summary>A published version.</summary>
/// <param name="PublishedOn">UTC.</param>
/// <param name="Action"><c>publish</c>, <c>uninstall</c> or <c>rollback</c>.</param>
/// <param name="PublishedBy"><c>systemuserid</c>; <c>null</c> for the server itself.</param>
public sealed record PublishedVersion(long Version, DateTime PublishedOn, string Action, Guid? PublishedBy, long? RolledBackTo);

/// <summary>Data that metadata no longer has.</summary>
/// <param name="Name">Names it for a purge.</param>
/// <param name="Component"><c>entity/card</c> or <c>attribute/card/colour</c>.</param>
/// <param name="Version">Version that took it out.</param>
public sealed record ParkedComponent(string Name, string Component, long Version);

/// <summary>Drops something parked and forgets it, in one transaction.</summary>
internal sealed class Purge(string name)
{
    public async Task<bool> RunAsync(SqlSession session, CancellationToken ct)
    {
        await using var context = CatalogDatabase.On(session);
        var version = await context.Versions.OrderByDescending(known => known.Version).FirstOrDefaultAsync(ct);
        var schema = version is null ? SchemaModel.Empty : (await Deployments.ReadSchemaAsync(context, version.Schema, SchemaModel.Empty, ct)).Schema.Model;
        var change = Drop(schema) ?? throw Errors.NotParked(name);
        foreach (var (table, column) in FileColumns(schema))
            await session.ExecuteAsync(new SqlStatement($"DELETE FROM platform_file WHERE id IN (SELECT {SqlDialect.Quote(column)} FROM {SqlDialect.Quote(table)})"), ct);
        foreach (var table in SharedTables(schema)) await ShareTable.RemoveOfTableAsync(session, table, ct);
        await session.ExecuteScriptAsync(DdlWriter.For(session.Dialect).Script([change]), ct);
        // Of a version from before texts were stored by themselves, its tables are not yet.
        await VersionTexts.AddAsync(context, StoredSchema.TextsOf(schema), ImmutableHashSet<string>.Empty, ct);
        version!.Schema = StoredSchema.Of(Without(schema)).ToJson();
        await context.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>Stored names of the columns that go and hold ids of content.</summary>
    private IEnumerable<(string Table, string Column)> FileColumns(SchemaModel schema)
    {
        var ofTables = schema.ParkedTables.Where(IsMeant).SelectMany(table => table.Table.Columns.Where(IsFile).Select(column => (table.StoredName, column.Name)));
        var parked = schema.ParkedColumns.Where(column => IsFile(column.Column) && (IsMeant(column) || column.Table == name)).Select(column => (column.Table, column.StoredName));
        return ofTables.Concat(parked);
    }

    /// <summary>Tables whose rows go for good and may have been shared.</summary>
    private IEnumerable<string> SharedTables(SchemaModel schema)
    {
        bool IsThere(string table) => schema.Tables.Any(known => known.Name == table);
        return IsThere(ShareTable.Name) ? schema.ParkedTables.Where(IsMeant).Select(table => table.Table.Name).Where(table => !IsThere(table)) : [];
    }

    private static bool IsFile(ColumnModel column) => column.Kind is AttributeKind.File or AttributeKind.Image;

    private SchemaChange? Drop(SchemaModel schema)
    {
        if (schema.ParkedTables.FirstOrDefault(IsMeant) is { } table) return new DropTable(table.StoredName);
        return schema.ParkedColumns.FirstOrDefault(IsMeant) is { } column ? new DropColumn(column.Table, column.Stored) : null;
    }

    // Columns that were parked in a table go with it.
    private SchemaModel Without(SchemaModel schema) => schema with
    {
        ParkedTables = [.. schema.ParkedTables.Where(table => !IsMeant(table))],
        ParkedColumns = [.. schema.ParkedColumns.Where(column => !IsMeant(column) && column.Table != name)],
    };

    private bool IsMeant(ParkedTable table) => table.StoredName == name;

    private bool IsMeant(ParkedColumn column) => $"{column.Table}.{column.StoredName}" == name;
}
