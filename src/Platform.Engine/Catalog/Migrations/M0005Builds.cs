using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>Indexes that are built beside the work on their tables.</summary>
[DbContext(typeof(CatalogContext))]
[Migration("0005_builds")]
internal sealed class M0005Builds : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateTable(
        "platform_index_build",
        table => new
        {
            name = table.Column<string>(),
            entity = table.Column<string>(),
            entitykey = table.Column<string>(nullable: true),
            state = table.Column<string>(),
            since = table.Column<DateTime>(),
            failure = table.Column<string>(nullable: true),
        },
        constraints: table => table.PrimaryKey("platform_index_build_pkey", row => row.name));
}
