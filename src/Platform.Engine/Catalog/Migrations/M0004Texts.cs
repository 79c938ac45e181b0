using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>Texts of versions, each stored once. Versions from before keep theirs inside.</summary>
[DbContext(typeof(CatalogContext))]
[Migration("0004_texts")]
internal sealed class M0004Texts : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable(
        "platform_metadata_text",
        table => new
        {
            hash = table.Column<string>(),
            content = table.Column<string>(),
        },
        constraints: table => table.PrimaryKey("platform_metadata_text_pkey", row => row.hash));
}
