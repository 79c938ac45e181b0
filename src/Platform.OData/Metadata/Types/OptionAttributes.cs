namespace Platform.OData.Metadata.Types;

/// <summary>A column that holds one or several values of a choice.</summary>
internal abstract record EnumAttributeMetadata : AttributeMetadata
{
    /// <summary>Value of a new row; -1 for none.</summary>
    public int? DefaultFormValue { get; init; }

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }

    public string? ParentPicklistLogicalName { get; init; }

    [Navigation(contained: true)]
    public OptionSetMetadata? OptionSet { get; init; }

    /// <summary><c>null</c> where the column has values of its own.</summary>
    [Navigation(contained: false)]
    public OptionSetMetadata? GlobalOptionSet { get; init; }
}

internal sealed record PicklistAttributeMetadata : EnumAttributeMetadata;

internal sealed record MultiSelectPicklistAttributeMetadata : EnumAttributeMetadata;

internal sealed record StateAttributeMetadata : EnumAttributeMetadata;

internal sealed record StatusAttributeMetadata : EnumAttributeMetadata;

internal sealed record BooleanAttributeMetadata : AttributeMetadata
{
    public bool? DefaultValue { get; init; }

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }

    [Navigation(contained: true)]
    public BooleanOptionSetMetadata? OptionSet { get; init; }

    [Navigation(contained: false)]
    public BooleanOptionSetMetadata? GlobalOptionSet { get; init; }
}
