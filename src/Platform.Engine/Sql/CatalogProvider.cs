using System.Data.Common;
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

    public static DbContextOptions<CatalogContext> Options(SqlSession session) => Options(session.Dialect is PostgreSqlDialect, session.Connection);

    /// <param name="connection">Without one the context can tell its model, and nothing else.</param>
    public static DbContextOptions<CatalogContext> Options(bool postgreSql, DbConnection? connection)
    {
        var builder = new DbContextOptionsBuilder<CatalogContext>();
        if (postgreSql) builder.UseNpgsql(connection!, npgsql => npgsql.MigrationsHistoryTable(History));
        else builder.UseSqlite(connection!, sqlite => sqlite.MigrationsHistoryTable(History));
        return builder.ReplaceService<IMigrationsIdGenerator, MigrationIds>().Options;
    }
}
