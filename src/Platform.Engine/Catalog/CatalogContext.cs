using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Platform.Engine.Catalog;

/// <summary>
/// What the platform knows about itself: deployed metadata, packs, credentials, keys. Business rows do not go through
/// here. Get one from <see cref="CatalogDatabase"/>.
/// </summary>
public sealed class CatalogContext(DbContextOptions<CatalogContext> options) : DbContext(options)
{
    public DbSet<MetadataVersion> Versions => Set<MetadataVersion>();

    public DbSet<VersionText> Texts => Set<VersionText>();

    public DbSet<InstalledPack> Packs => Set<InstalledPack>();

    public DbSet<IndexBuildEntry> IndexBuilds => Set<IndexBuildEntry>();

    public DbSet<ScriptImageEntry> ScriptImages => Set<ScriptImageEntry>();

    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<SeedRun> SeedRuns => Set<SeedRun>();

    public DbSet<UserCredential> Credentials => Set<UserCredential>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // The same storage as business rows (design, 4): EF's own would be upper-case GUIDs and times without a zone.
        if (!Database.IsSqlite()) return;
        configurationBuilder.Properties<Guid>().HaveConversion<LowerCaseGuid>();
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcText>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<MetadataVersion>(entity =>
        {
            entity.ToTable("platform_metadata_version").HasKey(version => version.Version);
            entity.Property(version => version.Version).ValueGeneratedNever();
        });
        modelBuilder.Entity<VersionText>().ToTable("platform_metadata_text").HasKey(text => text.Hash);
        modelBuilder.Entity<InstalledPack>().ToTable("platform_pack").HasKey(pack => pack.Id);
        modelBuilder.Entity<IndexBuildEntry>().ToTable("platform_index_build").HasKey(build => build.Name);
        modelBuilder.Entity<ScriptImageEntry>().ToTable("platform_script_image").HasKey(image => image.SourceKey);
        modelBuilder.Entity<Organization>(entity =>
        {
            entity.ToTable("platform_organization").HasKey(row => row.Id);
            entity.Property(row => row.Id).ValueGeneratedNever();
        });
        modelBuilder.Entity<SeedRun>().ToTable("platform_seed_run").HasKey(run => new { run.Pack, run.File });
        modelBuilder.Entity<UserCredential>(entity =>
        {
            entity.ToTable("platform_user_credential").HasKey(user => user.UserId);
            entity.Property(user => user.UserId).ValueGeneratedNever();
            entity.Property(user => user.ConcurrencyStamp).IsConcurrencyToken();
            entity.HasIndex(user => user.NormalizedUserName).IsUnique();
            entity.HasIndex(user => user.NormalizedEmail);
        });
        modelBuilder.Entity<DataProtectionKey>().ToTable("platform_data_protection_key").HasKey(key => key.FriendlyName);

        // Lower case like the columns of business tables, so that no database asks for quotes.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(ColumnName(property.Name));
    }

    /// <summary>Column of a property: <c>PublishedOn</c> is stored in <c>publishedon</c>.</summary>
    internal static string ColumnName(string property) => property.ToLowerInvariant();

    private sealed class LowerCaseGuid() : ValueConverter<Guid, string>(id => id.ToString("D"), text => Guid.ParseExact(text, "D"));

    private sealed class UtcText() : ValueConverter<DateTime, string>(
        time => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        text => DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal));
}
