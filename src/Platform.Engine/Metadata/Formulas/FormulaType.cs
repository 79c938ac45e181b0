namespace Platform.Engine.Metadata.Formulas;

/// <summary>What an expression of a formula yields.</summary>
public enum FormulaKind
{
    /// <summary>Something wrong that is reported already; goes with everything.</summary>
    Unknown,

    /// <summary>The literal <c>null</c>; goes with every kind.</summary>
    Null,

    Text,

    /// <summary>An exact decimal number.</summary>
    Number,

    Boolean,

    /// <summary>A point in time, whole seconds, UTC.</summary>
    DateTime,

    Date,

    /// <summary>Time between two points, whole seconds.</summary>
    Duration,

    /// <summary>A primary key, or what a lookup points to.</summary>
    Id,
}

/// <summary>Type of an expression.</summary>
/// <param name="Scale">Digits after the decimal point that a number has; 0 for other kinds.</param>
public readonly record struct FormulaType(FormulaKind Kind, int Scale = 0)
{
    /// <summary>Digits after the point with which a floating-point column enters a formula.</summary>
    public const int RealScale = 15;

    /// <summary>Digits after the point to which a division is carried; the rest is cut off.</summary>
    public const int QuotientScale = 20;

    /// <summary>Most digits after the point; a product that has more is rounded.</summary>
    public const int MostScale = 40;

    public static FormulaType Text => new(FormulaKind.Text);

    public static FormulaType Boolean => new(FormulaKind.Boolean);

    public static FormulaType Whole => new(FormulaKind.Number);

    public static FormulaType Number(int scale) => new(FormulaKind.Number, scale);

    /// <summary>Number without a fraction.</summary>
    public bool IsWhole => Kind == FormulaKind.Number && Scale == 0;

    /// <summary>Goes with everything.</summary>
    public bool IsOpen => Kind is FormulaKind.Unknown or FormulaKind.Null;

    /// <summary>Type in which a column's values take part in a formula.</summary>
    /// <param name="storedScale">Digits after the point that a decimal or money column stores.</param>
    public static FormulaType Of(AttributeKind kind, int storedScale) => kind switch
    {
        AttributeKind.String or AttributeKind.Memo => Text,
        AttributeKind.Integer or AttributeKind.BigInt or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => Whole,
        AttributeKind.Decimal or AttributeKind.Money => Number(storedScale),
        AttributeKind.Double => Number(RealScale),
        AttributeKind.Boolean => Boolean,
        AttributeKind.DateTime => new(FormulaKind.DateTime),
        AttributeKind.DateOnly => new(FormulaKind.Date),
        _ => new(FormulaKind.Id),
    };

    /// <summary>The kind in words, for errors.</summary>
    public override string ToString() => Kind switch
    {
        FormulaKind.Text => "a text",
        FormulaKind.Number => Scale == 0 ? "a whole number" : "a number",
        FormulaKind.Boolean => "true or false",
        FormulaKind.DateTime => "a point in time",
        FormulaKind.Date => "a date",
        FormulaKind.Duration => "a duration",
        FormulaKind.Id => "an id",
        FormulaKind.Null => "null",
        _ => "unknown",
    };
}
