using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Packs;

/// <summary>What a change would do, before anything is done.</summary>
public sealed record MetadataPlan
{
    /// <summary>Names this outcome from this starting point, lower-case hex: equal ids do the same.</summary>
    public required string Id { get; init; }

    /// <summary>Version in force; 0 when nothing was ever published.</summary>
    public required long BaseVersion { get; init; }

    /// <summary>Everything is deployed as it is asked for.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Components added, changed and removed, by name.</summary>
    public ImmutableArray<ComponentChange> Components { get; init; } = [];

    /// <summary>Changes of the database, as sentences, in order.</summary>
    public ImmutableArray<string> Changes { get; init; } = [];

    /// <summary>The statements that make them; what turns out to hold nothing is dropped instead of parked.</summary>
    public string Statements { get; init; } = "";

    /// <summary>What holds data and would be parked: it takes consent.</summary>
    public ImmutableArray<ParkedRows> Parks { get; init; } = [];

    /// <summary>Where packs change what an administrator has changed, too; those without a choice are among the blockers.</summary>
    public ImmutableArray<LayerConflict> Conflicts { get; init; } = [];

    /// <summary>What of the customization stands on what is taken out, and goes with it if <see cref="MetadataChange.WithDependents"/> says so; else each is among the blockers.</summary>
    public ImmutableArray<DependentPart> Dependents { get; init; } = [];

    /// <summary>Why it cannot be done; empty when it can.</summary>
    public ImmutableArray<MetadataError> Blockers { get; init; } = [];

    /// <summary>Sentences for the person who publishes.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>Something that the customization says, standing on what a change takes out.</summary>
/// <param name="Component">What it belongs to: <c>attribute/account/new_card</c>, <c>form/account/main</c>.</param>
/// <param name="Uses">What is taken out: <c>entity/loy_card</c>.</param>
/// <param name="File">Path inside the customization.</param>
/// <param name="Place">JSON pointer in the file.</param>
/// <param name="GoesWhole">The component goes; else only this place of it, such as a field of a form.</param>
public sealed record DependentPart(string Component, string Uses, string File, string Place, bool GoesWhole);

/// <summary>Data that a change hides.</summary>
/// <param name="Component"><c>entity/card</c> or <c>attribute/card/colour</c>.</param>
/// <param name="Rows">Rows that hold something there.</param>
public sealed record ParkedRows(string Component, long Rows);

public enum ComponentChangeKind
{
    Added,
    Changed,
    Removed,
}

/// <summary>A component and what becomes of it.</summary>
/// <param name="Component">Address: <c>entity/account</c>, <c>attribute/account/name</c>, <c>view/account/active</c>, <c>step/loy_card/check number</c>.</param>
/// <param name="Pack">Id of the pack that declares it.</param>
/// <param name="Properties">What is different; empty for scripts, and for components that come or go.</param>
public sealed record ComponentChange(string Component, ComponentChangeKind Change, string Pack, ImmutableArray<PropertyChange> Properties);

/// <summary>One property of a changed component.</summary>
/// <param name="Pointer">JSON pointer inside the component.</param>
/// <param name="Old">JSON text; <c>null</c> when it was not there.</param>
/// <param name="New">JSON text; <c>null</c> when it is gone.</param>
public sealed record PropertyChange(string Pointer, string? Old, string? New);
