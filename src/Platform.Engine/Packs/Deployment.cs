using System.Collections.Immutable;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Versions;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs;

/// <summary>What is deployed, as the catalog tells it.</summary>
/// <param name="Version">0 when nothing was ever published.</param>
internal sealed record Deployment(long Version, string Fingerprint, PackSet Packs, DeployedSchema Tables, ImmutableArray<InstalledPack> Installed)
{
    public static Deployment Nothing { get; } = new(0, "", PackSet.Empty, new(SchemaModel.Empty), []);

    public SchemaModel Schema => Tables.Model;

    /// <summary><see cref="Schema"/> as the catalog has it, letter by letter; empty before the first publish.</summary>
    public string SchemaText { get; init; } = "";

    /// <summary>Hashes of texts that the catalog has: those of this version, unless an engine from before texts were stored by themselves wrote it.</summary>
    public ImmutableHashSet<string> StoredTexts { get; init; } = [];

    /// <summary>Folders of a server that do not stand as they stood at its last start; one whose pack is not installed counts among them.</summary>
    public PackSet WithoutKnownFolders(PackSet folders) =>
        new([.. folders.Packs.Where(entry => Find(entry.Id)?.FolderFingerprint != PackSet.FingerprintOf(entry.Pack))]);

    /// <summary>Packs given in an older version than the installed one.</summary>
    public ImmutableArray<MetadataError> Downgrades(PackSet given)
    {
        var errors = ImmutableArray.CreateBuilder<MetadataError>();
        foreach (var (id, pack) in given.Packs)
        {
            if (Find(id) is not { } installed || PackSet.VersionOf(pack) is not { } version) continue;
            if (version >= System.Version.Parse(installed.Version)) continue;
            errors.Add(new MetadataError(
                $"{pack.Origin}/{PackSet.Manifest}",
                "/version",
                $"Version {version} of the pack '{id}' is older than the installed {installed.Version}.",
                "Install that version or a newer one."));
        }
        return errors.ToImmutable();
    }

    /// <summary>A sentence for each pack whose files changed under the same version number, which nobody gives to a customization.</summary>
    public ImmutableArray<string> ChangedWithoutNewVersion(MetadataSnapshot metadata, PackSet packs) =>
    [
        .. from pack in metadata.Packs
           let installed = Find(pack.Id)
           where installed is not null && installed.Version == pack.Version && pack.Id != PackDefinition.Customization
           where installed.Fingerprint != PackSet.FingerprintOf(packs.Find(pack.Id)!)
           select $"The pack '{pack.Id}' changed without a new version number ({pack.Version}).",
    ];

    private InstalledPack? Find(string id) => Installed.FirstOrDefault(pack => pack.Id == id);
}
