using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata;

/// <summary>A column of an entity. Immutable; belongs to one <see cref="MetadataSnapshot"/>.</summary>
public sealed class AttributeDefinition
{
    public required string LogicalName { get; init; }

    public required string SchemaName { get; init; }

    public required AttributeKind Kind { get; init; }

    public required Label Title { get; init; }

    public Label? Description { get; init; }

    /// <summary>Id of the pack whose file declares the attribute.</summary>
    public required string Pack { get; init; }

    /// <summary>Position among the entity's attributes, from 0.</summary>
    public int Ordinal { get; init; }

    public AttributeOrigin Origin { get; init; }

    /// <summary>A row must have a value.</summary>
    public bool Required { get; init; }

    /// <summary>Not from outside; steps of <see cref="Pack"/> may write it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Value of a new row that brings none; of the attribute's .NET type.</summary>
    public object? Default { get; init; }

    /// <summary>Changes are written to the audit when the entity is audited.</summary>
    public bool Audited { get; init; } = true;

    /// <summary>Quick find looks at it.</summary>
    public bool Searchable { get; init; }

    /// <summary>Most UTF-16 code units of a text.</summary>
    public int MaxLength { get; init; } = 100;

    public TextFormat Format { get; init; }

    /// <summary>A text must match it; anchored only where the pattern says so, as in JSON Schema. Matching is linear in the text, or, with look-around, ends with <see cref="RegexMatchTimeoutException"/> after a second.</summary>
    public Regex? Pattern { get; init; }

    /// <summary><see cref="Pattern"/> as the file has it: there, <c>$</c> is the end of the text, as in JSON Schema.</summary>
    public string? PatternText { get; init; }

    /// <summary>The text is put together of these, unless a caller writes it itself; <c>null</c> for ordinary texts.</summary>
    public FullNameParts? FullName { get; init; }

    /// <summary>New rows are numbered in this text, unless they bring a value; <c>null</c> for ordinary texts.</summary>
    public AutoNumber? AutoNumber { get; init; }

    /// <summary>Smallest number, inclusive.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>Largest number, inclusive.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>Digits after the decimal point that are shown and accepted (decimal, money).</summary>
    public int Precision { get; init; } = 2;

    /// <summary>Digits after the decimal point that are stored: 4 for money whatever its precision, else <see cref="Precision"/>.</summary>
    public int StoredScale => Kind == AttributeKind.Money ? 4 : Precision;

    /// <summary>For money in the base currency: the attribute with the amount in the row's currency; else <c>null</c>.</summary>
    public string? BaseOf { get; init; }

    /// <summary>Largest content of a file or image, in units of 1,024 bytes.</summary>
    public int MaxSizeInKB { get; init; }

    /// <summary>What a file or image may be: endings of names (<c>.pdf</c>) and media types (<c>application/pdf</c>, <c>image/*</c>); empty: anything.</summary>
    public ImmutableArray<string> AllowedTypes { get; init; } = [];

    public DateBehavior DateBehavior { get; init; }

    /// <summary>Options of choice, multi-choice, state, status; for a boolean the two labels as 0 and 1.</summary>
    public ImmutableArray<ChoiceOption> Options { get; init; } = [];

    /// <summary>Name of the global choice that the options come from.</summary>
    public string? GlobalChoice { get; init; }

    /// <summary>Set for lookups.</summary>
    public LookupDefinition? Lookup { get; init; }

    /// <summary>Set for columns that are not stored: how each read finds their value. Their <see cref="Origin"/> is the engine.</summary>
    public ComputedColumn? Computed { get; init; }

    public bool IsComputed => Computed is not null;

    public bool IsText => Kind is AttributeKind.String or AttributeKind.Memo;

    public bool IsNumber => Kind is AttributeKind.Integer or AttributeKind.BigInt or AttributeKind.Decimal or AttributeKind.Double or AttributeKind.Money;

    /// <summary>The value is content, stored beside the row.</summary>
    public bool IsFile => Kind is AttributeKind.File or AttributeKind.Image;

    public bool IsOption => Kind is AttributeKind.Choice or AttributeKind.State or AttributeKind.Status;

    /// <summary>A lookup that stores beside the id which entity it points to, in the column <c>&lt;name&gt;type</c>.</summary>
    public bool IsPolymorphic => Lookup is { Targets.Length: > 1 };

    /// <summary>Name in the Web API when read: <c>_primarycontactid_value</c> for lookups, else the logical name.</summary>
    public string WebApiName => Kind == AttributeKind.Lookup ? $"_{LogicalName}_value" : LogicalName;

    /// <summary>The option with a value; <c>null</c> when there is none.</summary>
    public ChoiceOption? OptionOf(int value) => Options.FirstOrDefault(option => option.Value == value);

    public override string ToString() => LogicalName;
}

/// <summary>Attributes of which a person's full name is put together.</summary>
public sealed record FullNameParts(string Given, string Family);

/// <summary>One value of a choice.</summary>
/// <param name="State">For status options: the <c>statecode</c> they belong to.</param>
/// <param name="Color">Name in the app's palette; <c>null</c> for none.</param>
public sealed record ChoiceOption(int Value, Label Label, int? State = null, string? Color = null)
{
    /// <summary>For status options: the statuses that may follow; <c>null</c> for any.</summary>
    public ImmutableArray<int>? Transitions { get; init; }

    /// <summary>For status options: that of a row which was merged into another one. At most one of a table.</summary>
    public bool IsOfMerged { get; init; }

    /// <summary>A row may go from this status to that one, or stay.</summary>
    public bool MayBecome(int status) => status == Value || Transitions is not { } next || next.Contains(status);
}

/// <summary>What a lookup points to.</summary>
/// <param name="Targets">Logical names, in the order of the file.</param>
/// <param name="OnDelete">What happens to this row when the row it points to is deleted.</param>
public sealed record LookupDefinition(ImmutableArray<string> Targets, DeleteBehavior OnDelete)
{
    /// <summary>What else this row follows of the row it points to.</summary>
    public CascadeRules Cascade { get; init; } = CascadeRules.None;

    /// <summary>Puts the rows of the table into a hierarchy, which has no circles.</summary>
    public bool IsHierarchical { get; init; }
}

/// <summary>Dataverse's cascade rules for Delete.</summary>
public enum DeleteBehavior
{
    /// <summary>The lookup is emptied.</summary>
    RemoveLink,

    /// <summary>The delete is refused while rows point to the row.</summary>
    Restrict,

    /// <summary>The rows that point to it are deleted with it, through the pipeline.</summary>
    Cascade,
}
