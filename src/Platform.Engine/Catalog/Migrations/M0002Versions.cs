using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>Who published a version and how, and how the server's folders stood at its last start.</summary>
[DbContext(typeof(CatalogContext))]
[Migration("0002_versions")]
internal sealed class M0002Versions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("action", "platform_metadata_version", nullable: false, defaultValue: "publish");
        migrationBuilder.AddColumn<Guid>("publishedby", "platform_metadata_version", nullable: true);
        migrationBuilder.AddColumn<long>("rolledbackto", "platform_metadata_version", nullable: true);
        migrationBuilder.AddColumn<string>("folderfingerprint", "platform_pack", nullable: true);
    }
}
