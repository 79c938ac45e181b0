namespace Platform.Engine.Catalog;

/// <summary>Metadata as it was deployed; the newest version is the one in force.</summary>
public sealed class MetadataVersion
{
    /// <summary>From 1, without gaps.</summary>
    public required long Version { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime PublishedOn { get; init; }

    /// <summary>SHA-256 of documents and schema, lower-case hex: equal fingerprints are equal metadata on an equal engine.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>JSON: all packs in install order with all their files, which stand in <see cref="VersionText"/> (<see cref="Packs.Versions.StoredPacks"/>).</summary>
    public required string Documents { get; init; }

    /// <summary>JSON: the tables that this version is stored in, and what is parked beside them (<see cref="Packs.Versions.StoredSchema"/>).</summary>
    public required string Schema { get; set; }

    /// <summary><c>publish</c>, <c>uninstall</c> or <c>rollback</c>.</summary>
    public string Action { get; init; } = "publish";

    /// <summary><c>systemuserid</c>; <c>null</c> when the server published its folders.</summary>
    public Guid? PublishedBy { get; init; }

    /// <summary>For a rollback: the version that came back.</summary>
    public long? RolledBackTo { get; init; }
}

/// <summary>A file of a pack or a table of a schema, of any number of versions.</summary>
public sealed class VersionText
{
    /// <summary>SHA-256, lower-case hex.</summary>
    public required string Hash { get; init; }

    public required string Content { get; init; }
}

/// <summary>A pack of the version in force.</summary>
public sealed class InstalledPack
{
    public required string Id { get; init; }

    /// <summary><c>major.minor.patch</c></summary>
    public required string Version { get; set; }

    /// <summary>First installation, UTC.</summary>
    public required DateTime InstalledOn { get; init; }

    /// <summary>Last change of its files, UTC.</summary>
    public required DateTime ChangedOn { get; set; }

    /// <summary>SHA-256 of its files, lower-case hex.</summary>
    public required string Fingerprint { get; set; }

    /// <summary>SHA-256 of the files in the server's folder at its last start; <c>null</c> when it came another way.</summary>
    public string? FolderFingerprint { get; set; }

    /// <summary>Position in install order, from 0.</summary>
    public required int Position { get; set; }
}

/// <summary>An index that a version asks for and the database does not have yet.</summary>
public sealed class IndexBuildEntry
{
    /// <summary>Name of the index in the database.</summary>
    public required string Name { get; init; }

    public required string Entity { get; init; }

    /// <summary>Name of the alternate key; <c>null</c> for an index that only makes queries faster.</summary>
    public string? EntityKey { get; init; }

    /// <summary>Name of the <see cref="Metadata.IndexBuildState"/>.</summary>
    public required string State { get; set; }

    /// <summary>When the state began, UTC.</summary>
    public required DateTime Since { get; set; }

    /// <summary>Why it could not be built; <c>null</c> when nobody has failed to.</summary>
    public string? Failure { get; set; }
}

/// <summary>A compiled script, so that a restart compiles nothing.</summary>
public sealed class ScriptImageEntry
{
    /// <summary>SHA-256 over path, source, language and compiler, lower-case hex.</summary>
    public required string SourceKey { get; init; }

    /// <summary><see cref="Sdk.Hosting.ScriptImage.Key"/></summary>
    public required string ImageKey { get; init; }

    public required string File { get; init; }

    /// <summary>Name of the <see cref="Sdk.Hosting.ScriptLanguage"/>.</summary>
    public required string Language { get; init; }

    public required byte[] Code { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime CompiledOn { get; init; }
}

/// <summary>The installation; one row.</summary>
public sealed class Organization
{
    public required Guid Id { get; set; }
}

/// <summary>Seed rows that were brought in.</summary>
public sealed class SeedRun
{
    public required string Pack { get; init; }

    /// <summary>Path inside the pack.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex: a changed file runs again.</summary>
    public required string Fingerprint { get; set; }

    /// <summary>UTC.</summary>
    public required DateTime RanOn { get; set; }
}

/// <summary>How a user proves who they are. Who they are stands in <c>systemuser</c>.</summary>
public sealed class UserCredential
{
    /// <summary><c>systemuserid</c></summary>
    public required Guid UserId { get; init; }

    /// <summary>What the user types to sign in; the client id of an application user.</summary>
    public required string UserName { get; set; }

    /// <summary><see cref="UserName"/> in the form that is compared; unique.</summary>
    public required string NormalizedUserName { get; set; }

    public string? Email { get; set; }

    public string? NormalizedEmail { get; set; }

    /// <summary>Salted hash of the password, or of an application user's secret; <c>null</c> for users who sign in elsewhere.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Changes with the credentials; tokens made before are void.</summary>
    public required string SecurityStamp { get; set; }

    /// <summary>Changes with every write; a write on top of another's is refused.</summary>
    public required string ConcurrencyStamp { get; set; }

    public int AccessFailedCount { get; set; }

    public bool LockoutEnabled { get; set; }

    /// <summary>UTC; <c>null</c> when not locked out.</summary>
    public DateTime? LockoutEnd { get; set; }
}

/// <summary>A key that protects cookies and tokens; in the database so that all nodes share it.</summary>
public sealed class DataProtectionKey
{
    public required string FriendlyName { get; init; }

    public required string Xml { get; init; }
}
