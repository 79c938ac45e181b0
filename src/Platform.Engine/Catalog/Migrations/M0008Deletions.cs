using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>Which rows of tracked tables went, and when; written beside the deletion (<see cref="History.DeletionTable"/>).</summary>
[DbContext(typeof(CatalogContext))]
[Migration("0008_deletions")]
internal sealed class M0008Deletions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "platform_deletion",
            table => new
            {
                entity = table.Column<string>(),
                version = table.Column<long>(),
                id = table.Column<Guid>(),
                deletedticks = table.Column<long>(),
            },
            constraints: table => table.PrimaryKey("platform_deletion_pkey", row => new { row.entity, row.version }));
        migrationBuilder.CreateIndex("platform_deletion_time", "platform_deletion", ["deletedticks"]);
    }
}
