using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
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
        return builder.Options;
    }
}
