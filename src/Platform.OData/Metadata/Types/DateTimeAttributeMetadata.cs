namespace Platform.OData.Metadata.Types;

internal sealed record DateTimeAttributeMetadata : AttributeMetadata
{
    public DateTimeOffset? MinSupportedValue { get; init; }

    public DateTimeOffset? MaxSupportedValue { get; init; }

    public DateTimeFormat? Format { get; init; }

    public ImeMode? ImeMode { get; init; } = Types.ImeMode.Inactive;

    public int? SourceTypeMask { get; init; }

    public string? FormulaDefinition { get; init; }

    public DateTimeBehavior? DateTimeBehavior { get; init; }

    public BooleanManagedProperty? CanChangeDateTimeBehavior { get; init; }
}

internal sealed record DateTimeBehavior(string Value);

internal enum DateTimeFormat
{
    DateOnly = 0,
    DateAndTime = 1,
}
