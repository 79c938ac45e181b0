using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Engine.Catalog.Migrations;

/// <summary>
/// Ids of the catalog's migrations: <c>0002_versions</c>. EF's own begin with a time of 14 digits, and it cannot go on from
/// an id of another form.
/// </summary>
internal sealed class MigrationIds : IMigrationsIdGenerator
{
    public string GenerateId(string name) => throw new NotSupportedException("Migrations of the catalog are written by hand.");

    public string GetName(string id) => id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..];

    public bool IsValidId(string value) => value.Length > 5 && value[4] == '_' && value[..4].All(char.IsAsciiDigit);
}
