using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Engine.Catalog;
using Platform.Engine.Catalog.Migrations;
using Platform.Engine.Sql.PostgreSql;

namespace Platform.Engine.Sql;

/// <summary>Chooses EF Core's provider for the catalog; the only place where it is named.</summary>
internal static class CatalogProvider
{
    private const string History = "platform_migration";

    public static DbContextOptions<CatalogContext> Options(SqlSession session)
    {
        var builder = new DbContextOptionsBuilder<CatalogContext>();
        if (session.Dialect is PostgreSqlDialect) builder.UseNpgsql(session.Connection, npgsql => npgsql.MigrationsHistoryTable(History));
        else builder.UseSqlite(session.Connection, sqlite => sqlite.MigrationsHistoryTable(History));
        return builder.ReplaceService<IMigrationsIdGenerator, MigrationIds>().Options;
    }
}
