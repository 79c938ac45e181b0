using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>
/// The first tables. Written by hand and without column types, so that one set of migrations serves both databases:
/// each provider chooses the type of a .NET type itself. A test holds the tables against the model.
/// </summary>
[DbContext(typeof(CatalogContext))]
[Migration("0001_catalog")]
internal sealed class M0001Catalog : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "platform_metadata_version",
            table => new
            {
                version = table.Column<long>(),
                publishedon = table.Column<DateTime>(),
                fingerprint = table.Column<string>(),
                documents = table.Column<string>(),
                schema = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("platform_metadata_version_pkey", row => row.version));

        migrationBuilder.CreateTable(
            "platform_pack",
            table => new
            {
                id = table.Column<string>(),
                version = table.Column<string>(),
                installedon = table.Column<DateTime>(),
                changedon = table.Column<DateTime>(),
                fingerprint = table.Column<string>(),
                position = table.Column<int>(),
            },
            constraints: table => table.PrimaryKey("platform_pack_pkey", row => row.id));

        migrationBuilder.CreateTable(
            "platform_script_image",
            table => new
            {
                sourcekey = table.Column<string>(),
                imagekey = table.Column<string>(),
                file = table.Column<string>(),
                language = table.Column<string>(),
                code = table.Column<byte[]>(),
                compiledon = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("platform_script_image_pkey", row => row.sourcekey));

        migrationBuilder.CreateTable(
            "platform_seed_run",
            table => new
            {
                pack = table.Column<string>(),
                file = table.Column<string>(),
                fingerprint = table.Column<string>(),
                ranon = table.Column<DateTime>(),
            },
            constraints: table => table.PrimaryKey("platform_seed_run_pkey", row => new { row.pack, row.file }));

        CreateCredentials(migrationBuilder);

        migrationBuilder.CreateTable(
            "platform_data_protection_key",
            table => new
            {
                friendlyname = table.Column<string>(),
                xml = table.Column<string>(),
            },
            constraints: table => table.PrimaryKey("platform_data_protection_key_pkey", row => row.friendlyname));
    }

    private static void CreateCredentials(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "platform_user_credential",
            table => new
            {
                userid = table.Column<Guid>(),
                username = table.Column<string>(),
                normalizedusername = table.Column<string>(),
                email = table.Column<string>(nullable: true),
                normalizedemail = table.Column<string>(nullable: true),
                passwordhash = table.Column<string>(nullable: true),
                securitystamp = table.Column<string>(),
                concurrencystamp = table.Column<string>(),
                accessfailedcount = table.Column<int>(),
                lockoutenabled = table.Column<bool>(),
                lockoutend = table.Column<DateTime>(nullable: true),
            },
            constraints: table => table.PrimaryKey("platform_user_credential_pkey", row => row.userid));
        migrationBuilder.CreateIndex("platform_user_credential_name", "platform_user_credential", "normalizedusername", unique: true);
        migrationBuilder.CreateIndex("platform_user_credential_email", "platform_user_credential", "normalizedemail");
    }
}
