using System.Collections.Immutable;

namespace Platform.Engine.Metadata;

/// <summary>A form: header attributes and tabs of sections of fields.</summary>
/// <param name="Name">File name without ending; <c>main</c> is the one that the app opens.</param>
/// <param name="Header">Logical names shown in the header.</param>
public sealed record FormDefinition(string Name, Label Title, ImmutableArray<string> Header, ImmutableArray<FormTab> Tabs);

public sealed record FormTab(string Name, Label Title, ImmutableArray<FormSection> Sections);

/// <param name="Columns">1 or 2 on a wide screen.</param>
/// <param name="Fields">Logical names.</param>
public sealed record FormSection(string Name, Label Title, int Columns, ImmutableArray<string> Fields);

/// <summary>A view: what a list shows.</summary>
/// <param name="Filter">OData filter expression; <c>null</c> for all rows.</param>
/// <param name="OrderBy">OData order expression; <c>null</c> for the primary name.</param>
public sealed record ViewDefinition(string Name, Label Title, bool IsDefault, ImmutableArray<ViewColumn> Columns, string? Filter, string? OrderBy)
{
    /// <summary>Id of the pack that declares it.</summary>
    public string Pack { get; init; } = PackDefinition.Customization;
}

/// <param name="Width">CSS pixels.</param>
public sealed record ViewColumn(string Attribute, int Width);
