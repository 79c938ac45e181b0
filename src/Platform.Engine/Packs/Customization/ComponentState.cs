using System.Collections.Immutable;

namespace Platform.Engine.Packs.Customization;

/// <summary>Everything that is in force in an installation.</summary>
/// <param name="Version">Published version.</param>
/// <param name="Packs">In install order, without the administrators' layer.</param>
/// <param name="Components">By address.</param>
public sealed record InstalledComponents(long Version, ImmutableArray<PackVersion> Packs, ImmutableArray<ComponentState> Components);

/// <param name="Version"><c>major.minor.patch</c></param>
public sealed record PackVersion(string Id, string Version);

/// <summary>A component as it holds.</summary>
/// <param name="Component">Address, as in plans.</param>
/// <param name="Pack">Id of the pack that declares it.</param>
public sealed record ComponentState(string Component, string Pack, ImmutableArray<PropertyState> Properties);

/// <param name="Pointer">JSON pointer in the component; items of lists stand under their identity, labels in other languages under <c>/labels/&lt;language&gt;</c>.</param>
/// <param name="Value">JSON.</param>
/// <param name="Layer">Id of the pack whose word it is.</param>
public sealed record PropertyState(string Pointer, string Value, string Layer);
