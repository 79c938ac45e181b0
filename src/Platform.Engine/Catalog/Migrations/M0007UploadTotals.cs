using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>What the first chunk of an upload says of the whole; empty until then, and of uploads in one request.</summary>
[DbContext(typeof(CatalogContext))]
[Migration("0007_upload_totals")]
internal sealed class M0007UploadTotals : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.AddColumn<long>("total", "platform_file", nullable: true);
}
