using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>A column while it is compiled.</summary>
internal sealed class AttributeDraft(string name, PackDraft pack)
{
    public string Name { get; } = name;

    public PackDraft Pack { get; } = pack;

    /// <summary>Where a file declares it; <c>null</c> for columns that every table gets.</summary>
    public JsonNode? Node { get; init; }

    /// <summary><c>null</c> when the file's kind is wrong.</summary>
    public AttributeKind? Kind { get; set; }

    public string SchemaName { get; set; } = name;

    public Label Title { get; set; } = name;

    public Label? Description { get; set; }

    public AttributeOrigin Origin { get; set; }

    public bool Required { get; set; }

    public bool ReadOnly { get; set; }

    public bool Audited { get; set; } = true;

    public bool Searchable { get; set; }

    public int MaxLength { get; set; } = 100;

    public TextFormat Format { get; set; }

    public Regex? Pattern { get; set; }

    public string? PatternText { get; set; }

    public decimal? Minimum { get; set; }

    public decimal? Maximum { get; set; }

    public int Precision { get; set; } = 2;

    /// <summary>For money in the base currency: the column of the amount.</summary>
    public string? BaseOf { get; set; }

    public int MaxSizeInKB { get; set; }

    public ImmutableArray<string> AllowedTypes { get; set; } = [];

    public DateBehavior DateBehavior { get; set; }

    public ImmutableArray<ChoiceOption> Options { get; set; } = [];

    /// <summary>Where the file names a global choice.</summary>
    public JsonNode? ChoiceNode { get; set; }

    public string? GlobalChoice { get; set; }

    public LookupDraft? Lookup { get; set; }

    /// <summary>Columns of given and family name, where the file names them.</summary>
    public (JsonNode Given, JsonNode Family)? FullNameNodes { get; set; }

    public FullNameParts? FullName { get; set; }

    public AutoNumber? AutoNumber { get; set; }

    public JsonNode? DefaultNode { get; set; }

    public object? Default { get; set; }

    /// <summary>Set where the file says that the column is not stored; <see cref="Computed"/> once it is checked.</summary>
    public ComputedDraft? ComputedDraft { get; set; }

    public ComputedColumn? Computed { get; set; }

    public bool IsPolymorphic => Lookup is { Targets.Count: > 1 };

    /// <summary>A column of a table that is not read again, as other tables and rows to be brought in ask for it.</summary>
    public static AttributeDraft Of(AttributeDefinition attribute, EntityDraft entity, PackDraft pack) => new(attribute.LogicalName, pack)
    {
        Node = entity.Node,
        Kind = attribute.Kind,
        SchemaName = attribute.SchemaName,
        Title = attribute.Title,
        Origin = attribute.Origin,
        Required = attribute.Required,
        ReadOnly = attribute.ReadOnly,
        Default = attribute.Default,
        MaxLength = attribute.MaxLength,
        Format = attribute.Format,
        Pattern = attribute.Pattern,
        PatternText = attribute.PatternText,
        FullName = attribute.FullName,
        AutoNumber = attribute.AutoNumber,
        Minimum = attribute.Minimum,
        Maximum = attribute.Maximum,
        Precision = attribute.Precision,
        BaseOf = attribute.BaseOf,
        MaxSizeInKB = attribute.MaxSizeInKB,
        AllowedTypes = attribute.AllowedTypes,
        DateBehavior = attribute.DateBehavior,
        Options = attribute.Options,
        GlobalChoice = attribute.GlobalChoice,
        ComputedDraft = attribute.Computed switch
        {
            null => null,
            FileFact fact => new FileFactDraft(entity.Node, fact.Attribute, fact.Fact),
            _ => new CheckedDraft(entity.Node),
        },
        Computed = attribute.Computed,
        Lookup = attribute.Lookup is not { } lookup ? null : new(
            lookup.Targets,
            entity.ManyToOne.Where(relationship => relationship.ReferencingAttribute == attribute.LogicalName).ToDictionary(relationship => relationship.ReferencedEntity, relationship => relationship.Name, StringComparer.Ordinal),
            lookup.OnDelete) { Cascade = lookup.Cascade },
    };

    public AttributeDefinition Build(int ordinal) => new()
    {
        LogicalName = Name,
        SchemaName = SchemaName,
        Kind = Kind!.Value,
        Title = Title,
        Description = Description,
        Pack = Pack.Id,
        Ordinal = ordinal,
        Origin = Origin,
        Required = Required,
        ReadOnly = ReadOnly,
        Default = Default,
        Audited = Audited,
        Searchable = Searchable,
        MaxLength = MaxLength,
        Format = Format,
        Pattern = Pattern,
        PatternText = PatternText,
        FullName = FullName,
        AutoNumber = AutoNumber,
        Minimum = Minimum,
        Maximum = Maximum,
        Precision = Precision,
        BaseOf = BaseOf,
        MaxSizeInKB = MaxSizeInKB,
        AllowedTypes = AllowedTypes,
        DateBehavior = DateBehavior,
        Options = Options,
        GlobalChoice = GlobalChoice,
        Computed = Computed,
        Lookup = Lookup is null ? null : new([.. Lookup.Targets], Lookup.OnDelete) { Cascade = Lookup.Cascade, IsHierarchical = Lookup.IsHierarchical },
    };
}

/// <summary>A lookup as written.</summary>
/// <param name="Targets">Logical names in the order of the file.</param>
/// <param name="Relationships">Name of the 1:N relationship by target.</param>
internal sealed record LookupDraft(IReadOnlyList<string> Targets, IReadOnlyDictionary<string, string> Relationships, DeleteBehavior OnDelete)
{
    /// <summary>Where the file names the targets, in their order; empty for columns that every table gets.</summary>
    public IReadOnlyList<JsonNode> TargetNodes { get; init; } = [];

    public CascadeRules Cascade { get; init; } = CascadeRules.None;

    /// <summary>Where the file says that the lookup makes a hierarchy; <c>null</c> where it does not.</summary>
    public JsonNode? HierarchicalNode { get; init; }

    public bool IsHierarchical => HierarchicalNode is not null;
}
