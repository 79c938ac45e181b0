using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Tests.Databases;

namespace Platform.Engine.Tests.Catalog;

public sealed class SqliteCatalogTests() : CatalogTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlCatalogTests() : CatalogTests(TestDatabase.PostgreSqlAsync);

public abstract class CatalogTests(Func<Task<TestDatabase>> open) : DatabaseSuite(open)
{
    private static readonly DateTime Then = new(2026, 3, 1, 12, 30, 15, DateTimeKind.Utc);

    private CatalogDatabase catalog = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        catalog = new CatalogDatabase(Database);
        await catalog.MigrateAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_catalog_of_the_first_migration_is_brought_to_the_newest_with_its_rows()
    {
        await ExecuteAsync("INSERT INTO platform_pack (id, version, installedon, changedon, fingerprint, position) VALUES ('core', '1.0.0', '2026-03-01T12:30:15Z', '2026-03-01T12:30:15Z', 'f', 0)");
        foreach (var (table, column) in ((string, string)[])[("platform_metadata_version", "action"), ("platform_metadata_version", "publishedby"), ("platform_metadata_version", "rolledbackto"), ("platform_pack", "folderfingerprint")])
            await ExecuteAsync($"ALTER TABLE {table} DROP COLUMN {column}");
        foreach (var table in (string[])["platform_file_piece", "platform_file", "platform_metadata_text", "platform_index_build", "platform_organization", "platform_deletion"]) await ExecuteAsync($"DROP TABLE {table}");
        await ExecuteAsync("DELETE FROM platform_migration WHERE \"MigrationId\" <> '0001_catalog'");

        await new CatalogDatabase(Database).MigrateAsync(CancellationToken.None);

        Assert.Equal(["core"], await TextsAsync("SELECT id FROM platform_pack WHERE folderfingerprint IS NULL"));
        await TextsAsync("SELECT action FROM platform_metadata_version");
    }

    [Fact]
    public async Task Migrations_make_every_column_of_the_model_and_a_second_run_does_nothing()
    {
        await catalog.MigrateAsync(CancellationToken.None);

        await catalog.ReadAsync(
            async (context, ct) =>
            {
                Assert.Empty(await context.Database.GetPendingMigrationsAsync(ct));
                foreach (var entity in context.Model.GetEntityTypes())
                {
                    var columns = string.Join(", ", entity.GetProperties().Select(property => property.GetColumnName()));
                    await TextsAsync($"SELECT {columns} FROM {entity.GetTableName()} WHERE 1 = 0");
                }
                return true;
            },
            CancellationToken.None);
    }

    [Fact]
    public async Task Credentials_come_back_as_they_were_written_and_ids_are_stored_like_those_of_rows()
    {
        var user = Credential("anna");
        user.LockoutEnd = Then;
        await WriteAsync(context => context.Credentials.Add(user));

        var read = await catalog.ReadAsync((context, ct) => context.Credentials.SingleAsync(found => found.UserId == user.UserId, ct), CancellationToken.None);

        Assert.Equal(Then, read.LockoutEnd);
        Assert.Equal(DateTimeKind.Utc, read.LockoutEnd!.Value.Kind);
        Assert.Equal([user.UserId.ToString("D")], await TextsAsync("SELECT CAST(userid AS text) FROM platform_user_credential"));
    }

    [Fact]
    public async Task A_second_user_of_a_name_is_refused_and_the_first_stays()
    {
        await WriteAsync(context => context.Credentials.Add(Credential("anna")));

        await Assert.ThrowsAsync<DbUpdateException>(() => WriteAsync(context => context.Credentials.Add(Credential("anna"))));

        Assert.Equal(["anna"], await TextsAsync("SELECT username FROM platform_user_credential"));
    }

    [Fact]
    public async Task A_write_on_top_of_anothers_is_refused()
    {
        var user = Credential("anna");
        await WriteAsync(context => context.Credentials.Add(user));
        var stale = await catalog.ReadAsync((context, ct) => context.Credentials.AsNoTracking().SingleAsync(ct), CancellationToken.None);
        await ExecuteAsync("UPDATE platform_user_credential SET concurrencystamp = 'other'");

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => WriteAsync(context =>
        {
            context.Credentials.Attach(stale);
            stale.PasswordHash = "new";
        }));
    }

    [Fact]
    public async Task A_refused_write_takes_what_stood_before_it_along()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => catalog.WriteAsync<bool>(
            async (context, ct) =>
            {
                context.DataProtectionKeys.Add(new DataProtectionKey { FriendlyName = "key", Xml = "<key/>" });
                await context.SaveChangesAsync(ct);
                throw new InvalidOperationException("after all");
            },
            CancellationToken.None));

        Assert.Empty(await TextsAsync("SELECT friendlyname FROM platform_data_protection_key"));
    }

    [Fact]
    public async Task The_catalog_is_there_after_a_restart()
    {
        await WriteAsync(context => context.DataProtectionKeys.Add(new DataProtectionKey { FriendlyName = "key", Xml = "<key/>" }));

        await Test.ReopenAsync();
        catalog = new CatalogDatabase(Database);
        await catalog.MigrateAsync(CancellationToken.None);

        Assert.Equal("<key/>", await catalog.ReadAsync((context, ct) => context.DataProtectionKeys.Select(key => key.Xml).SingleAsync(ct), CancellationToken.None));
    }

    private Task<int> WriteAsync(Action<CatalogContext> change) => catalog.WriteAsync(
        (context, ct) =>
        {
            change(context);
            return context.SaveChangesAsync(ct);
        },
        CancellationToken.None);

    private static UserCredential Credential(string name) => new()
    {
        UserId = Guid.CreateVersion7(),
        UserName = name,
        NormalizedUserName = name.ToUpperInvariant(),
        SecurityStamp = "stamp",
        ConcurrencyStamp = "first",
    };
}
