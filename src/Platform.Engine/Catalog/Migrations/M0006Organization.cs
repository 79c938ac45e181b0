using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>The id of the installation, made once with its database.</summary>
[DbContext(typeof(CatalogContext))]
[Migration("0006_organization")]
internal sealed class M0006Organization : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable("platform_organization", table => new { id = table.Column<Guid>() }, constraints: table => table.PrimaryKey("platform_organization_pkey", row => row.id));
        migrationBuilder.Sql($"INSERT INTO platform_organization (id) VALUES ('{Guid.CreateVersion7():D}');");
    }
}
