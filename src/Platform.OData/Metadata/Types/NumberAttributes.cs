namespace Platform.OData.Metadata.Types;

internal sealed record IntegerAttributeMetadata : AttributeMetadata
{
    public IntegerFormat? Format { get; init; } = IntegerFormat.None;

    public int? MaxValue { get; init; }

    public int? MinValue { get; init; }

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }
}

internal sealed record BigIntAttributeMetadata : AttributeMetadata
{
    public long? MaxValue { get; init; }

    public long? MinValue { get; init; }

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }
}

internal sealed record DecimalAttributeMetadata : AttributeMetadata
{
    public decimal? MaxValue { get; init; }

    public decimal? MinValue { get; init; }

    /// <summary>Digits after the point.</summary>
    public int? Precision { get; init; }

    public ImeMode? ImeMode { get; init; } = Types.ImeMode.Disabled;

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }
}

internal sealed record DoubleAttributeMetadata : AttributeMetadata
{
    public ImeMode? ImeMode { get; init; } = Types.ImeMode.Disabled;

    public double? MaxValue { get; init; }

    public double? MinValue { get; init; }

    public int? Precision { get; init; }

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }
}

internal sealed record MoneyAttributeMetadata : AttributeMetadata
{
    public ImeMode? ImeMode { get; init; } = Types.ImeMode.Disabled;

    public double? MaxValue { get; init; }

    public double? MinValue { get; init; }

    public int? Precision { get; init; }

    /// <summary>2: amounts are shown with the digits of their currency.</summary>
    public int? PrecisionSource { get; init; } = 2;

    /// <summary>For an amount in the base currency: the amount that it follows.</summary>
    public string? CalculationOf { get; init; }

    public bool? IsBaseCurrency { get; init; }

    public string? FormulaDefinition { get; init; }

    public int? SourceTypeMask { get; init; }
}

internal enum IntegerFormat
{
    None = 0,
    Duration = 1,
    TimeZone = 2,
    Language = 3,
    Locale = 4,
}
