namespace Platform.OData.Metadata.Types;

internal sealed record StringAttributeMetadata : AttributeMetadata
{
    public StringFormat? Format { get; init; }

    public ImeMode? ImeMode { get; init; } = Types.ImeMode.Auto;

    public int? MaxLength { get; init; }

    public string? YomiOf { get; init; }

    public bool? IsLocalizable { get; init; } = false;

    public int? DatabaseLength { get; init; }

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }

    public StringFormatName? FormatName { get; init; }
}

internal sealed record MemoAttributeMetadata : AttributeMetadata
{
    public StringFormat? Format { get; init; }

    public ImeMode? ImeMode { get; init; } = Types.ImeMode.Auto;

    public int? MaxLength { get; init; }

    public bool? IsLocalizable { get; init; } = false;

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }

    public MemoFormatName? FormatName { get; init; }
}

internal sealed record StringFormatName(string Value);

internal sealed record MemoFormatName(string Value);

internal enum StringFormat
{
    Email = 0,
    Text = 1,
    TextArea = 2,
    Url = 3,
    TickerSymbol = 4,
    PhoneticGuide = 5,
    VersionNumber = 6,
    Phone = 7,
}

internal enum ImeMode
{
    Auto = 0,
    Inactive = 1,
    Active = 2,
    Disabled = 3,
}
