using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Engine.Sql;

namespace Platform.Engine.Catalog;

/// <summary>Opens the catalog on the database's own sessions: one set of connections, one writer, one transaction with business rows where that is needed.</summary>
public sealed class CatalogDatabase(Database database)
{
    /// <summary>Brings the catalog's tables to the newest migration.</summary>
    /// <remarks>
    /// Not by <c>Database.MigrateAsync</c>: that opens a transaction of its own, which SQLite does not nest, and leaves a
    /// lock row behind when the process is killed, at which the next start would wait for ever.
    /// </remarks>
    public Task MigrateAsync(CancellationToken ct) => database.ExclusiveAsync(
        async (session, token) =>
        {
            await using var context = On(session);

            // Asking for migrations before their table is there is an error that ends a PostgreSQL transaction.
            await session.ExecuteScriptAsync(context.GetService<IHistoryRepository>().GetCreateIfNotExistsScript(), token);
            var applied = await context.Database.GetAppliedMigrationsAsync(token);
            var last = applied.LastOrDefault();
            if (last == context.Database.GetMigrations().Last()) return false;

            var script = context.GetService<IMigrator>().GenerateScript(last, options: MigrationsSqlGenerationOptions.NoTransactions);
            await session.ExecuteScriptAsync(script, token);
            return true;
        },
        ct);

    /// <summary>Has EF Core make its model of the catalog, which takes it a quarter of a second. Who asks early, while something else goes on, does not wait for it later.</summary>
    public static void Prepare(EngineOptions options)
    {
        using var context = new CatalogContext(CatalogProvider.Options(options.PostgreSql is not null, null));
        _ = context.Model;
    }

    /// <summary>Runs reads.</summary>
    public Task<T> ReadAsync<T>(Func<CatalogContext, CancellationToken, Task<T>> work, CancellationToken ct) =>
        database.ReadAsync((session, token) => RunAsync(session, work, token), ct);

    /// <summary>Runs reads and writes as one transaction; call <c>SaveChangesAsync</c> in it. Durable when it returns.</summary>
    /// <exception cref="DbUpdateException">A unique index or a concurrent change refused the write; nothing of it remains.</exception>
    public Task<T> WriteAsync<T>(Func<CatalogContext, CancellationToken, Task<T>> work, CancellationToken ct) =>
        database.WriteAsync((session, token) => RunAsync(session, work, token), waits: false, ct);

    /// <summary>The catalog inside the transaction of a session. Dispose it; the session lives on.</summary>
    public static CatalogContext On(SqlSession session)
    {
        var context = new CatalogContext(CatalogProvider.Options(session));
        if (session.Transaction is { } transaction) context.Database.UseTransaction(transaction);

        // The session's transaction is there already; on SQLite it is text that EF does not see.
        context.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        return context;
    }

    private static async Task<T> RunAsync<T>(SqlSession session, Func<CatalogContext, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        await using var context = On(session);
        return await work(context, ct);
    }
}
