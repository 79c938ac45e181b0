using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Packs;

/// <summary>What somebody wants to become of the deployed metadata: packs come, packs go, or an earlier version returns.</summary>
public sealed record MetadataChange
{
    /// <summary>Packs to install or upgrade. Packs that are installed and not named stay as they are.</summary>
    public IReadOnlyList<PackFiles> Packs { get; init; } = [];

    /// <summary>Ids of packs to uninstall.</summary>
    public ImmutableArray<string> Uninstall { get; init; } = [];

    /// <summary>Version whose metadata, and with it parked data, comes back. Excludes the other two.</summary>
    public long? RollBackTo { get; init; }

    /// <summary>Who prevails where a pack and the customization changed the same, by <see cref="LayerConflict.Id"/>.</summary>
    public ImmutableDictionary<string, LayerChoice> Resolutions { get; init; } = ImmutableDictionary<string, LayerChoice>.Empty;

    /// <summary>Who prevails in all conflicts that <see cref="Resolutions"/> does not name; <c>null</c>: those stand in the way.</summary>
    public LayerChoice? ResolveAll { get; init; }

    /// <summary>
    /// What of the customization stands on what the change takes out goes with it, the data of its columns parked. Without
    /// it such parts stand in the way. Conflicts over what is taken out go to the packs unless somebody says otherwise.
    /// </summary>
    public bool WithDependents { get; init; }

    /// <summary>
    /// The packs are the folders of a server that starts: one that stands as it stood at the last start is passed over,
    /// so that what was published, rolled back or uninstalled since then stays.
    /// </summary>
    internal bool FromFolders { get; init; }

    /// <summary>What it is, for the list of versions: <c>publish</c>, <c>customize</c>, <c>uninstall</c> or <c>rollback</c>.</summary>
    internal string Action => RollBackTo is not null ? "rollback" : !Uninstall.IsDefaultOrEmpty ? "uninstall" : IsCustomizing ? "customize" : "publish";

    /// <summary>An administrator changes the layer above the packs.</summary>
    internal bool IsCustomizing { get; init; }

    /// <summary>What is deployed shall be served as it is: another process has published it, and the tables are not this one's to change.</summary>
    internal bool OnlyLoads { get; init; }

    /// <summary>SHA-256 over all of it, lower-case hex.</summary>
    internal string Fingerprint => Engine.Packs.Fingerprint.Of(
    [
        Action, $"{RollBackTo}", $"{ResolveAll}", $"{WithDependents}", PackSet.Of(Packs).Fingerprint,
        .. Resolutions.OrderBy(choice => choice.Key, StringComparer.Ordinal).Select(choice => $"{choice.Key}={choice.Value}"),
        .. Uninstall.IsDefaultOrEmpty ? [] : Uninstall,
    ]);
}

/// <summary>How a change is to be carried out.</summary>
public sealed record PublishOptions
{
    public static PublishOptions Default { get; } = new();

    /// <summary>Values and rows that metadata no longer has may be parked. Without it a change that would park some is refused.</summary>
    public bool Park { get; init; }

    /// <summary><see cref="MetadataPlan.Id"/> of the plan that somebody has seen; the change is refused when it would do anything else by now.</summary>
    public string? ExpectedPlan { get; init; }

    /// <summary>Is told how far the publish is, on the thread that does the work: what it does with it holds up the publish.</summary>
    public IProgress<PublishProgress>? Progress { get; init; }

    /// <summary>User who publishes; <c>null</c> for the server itself.</summary>
    public Guid? PublishedBy { get; init; }
}

/// <summary>Something was published meanwhile: the plan that was agreed to no longer holds.</summary>
public sealed class PlanChangedException(MetadataPlan plan) : Exception("The metadata has changed since the plan was made.")
{
    /// <summary>What the change would do now.</summary>
    public MetadataPlan Plan { get; } = plan;
}
