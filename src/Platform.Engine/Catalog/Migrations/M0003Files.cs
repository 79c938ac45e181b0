using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>
/// Content of file and image columns, in pieces. It goes through no entity of this context: it is streamed
/// (<see cref="Files.FileTable"/>).
/// </summary>
[DbContext(typeof(CatalogContext))]
[Migration("0003_files")]
internal sealed class M0003Files : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "platform_file",
            table => new
            {
                id = table.Column<Guid>(),
                entity = table.Column<string>(),
                attribute = table.Column<string>(),
                recordid = table.Column<Guid>(nullable: true),
                name = table.Column<string>(),
                mediatype = table.Column<string>(),
                size = table.Column<long>(),
                state = table.Column<long>(),
                isimage = table.Column<long>(),
                createdticks = table.Column<long>(),
                createdby = table.Column<Guid>(),
                thumbnail = table.Column<byte[]>(nullable: true),
            },
            constraints: table => table.PrimaryKey("platform_file_pkey", row => row.id));
        migrationBuilder.CreateIndex("platform_file_record", "platform_file", ["recordid", "entity"]);
        migrationBuilder.CreateIndex("platform_file_state", "platform_file", ["state", "createdticks"]);

        migrationBuilder.CreateTable(
            "platform_file_piece",
            table => new
            {
                file = table.Column<Guid>(),
                start = table.Column<long>(),
                data = table.Column<byte[]>(),
            },
            constraints: table =>
            {
                table.PrimaryKey("platform_file_piece_pkey", row => new { row.file, row.start });
                table.ForeignKey("platform_file_piece_file", row => row.file, "platform_file", "id", onDelete: ReferentialAction.Cascade);
            });
    }
}
