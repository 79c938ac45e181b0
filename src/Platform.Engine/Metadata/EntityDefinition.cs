using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Platform.Engine.Metadata;

/// <summary>Who owns the rows of an entity.</summary>
public enum Ownership
{
    /// <summary>A user or team; depths user to organisation apply.</summary>
    User,

    /// <summary>The organisation; a privilege holds for all rows or none.</summary>
    Organization,

    /// <summary>Rows of the system (business units, audit): no owner, no state; privileges as for the organisation.</summary>
    None,
}

/// <summary>A table. Immutable; belongs to one <see cref="MetadataSnapshot"/>.</summary>
public sealed class EntityDefinition
{
    private readonly Dictionary<string, AttributeDefinition> byName;
    private ImmutableArray<RelationshipDefinition> oneToMany = [];
    private ImmutableArray<ManyToManyDefinition> manyToMany = [];

    /// <param name="attributes">All attributes, the system's included, in file order.</param>
    public EntityDefinition(IEnumerable<AttributeDefinition> attributes)
    {
        Attributes = [.. attributes];
        AutoNumbers = [.. Attributes.Where(attribute => attribute.AutoNumber is not null)];
        Amounts = [.. from attribute in Attributes where attribute.BaseOf is not null select new AmountColumns(attribute.BaseOf!, attribute.LogicalName)];
        Stored = Attributes.Any(attribute => attribute.IsComputed) ? [.. Attributes.Where(attribute => !attribute.IsComputed)] : Attributes;
        Files = [.. Attributes.Where(attribute => attribute.IsFile)];
        Hierarchy = Attributes.FirstOrDefault(attribute => attribute.Lookup is { IsHierarchical: true });
        Parental = Attributes.FirstOrDefault(attribute => attribute.Lookup is { Cascade.IsParental: true });
        // Not a frozen one, which looks long for its best form: a start with hundreds of tables would wait for all of them.
        byName = Attributes.ToDictionary(attribute => attribute.LogicalName, StringComparer.Ordinal);
    }

    public required string LogicalName { get; init; }

    public required string SchemaName { get; init; }

    public required string EntitySetName { get; init; }

    public required Label Title { get; init; }

    public required Label CollectionTitle { get; init; }

    public Label? Description { get; init; }

    /// <summary>Id of the pack that declares the entity.</summary>
    public required string Pack { get; init; }

    public required Ownership Ownership { get; init; }

    public required string PrimaryIdAttribute { get; init; }

    /// <summary><c>null</c> for entities whose rows have no name (audit, intersects).</summary>
    public string? PrimaryNameAttribute { get; init; }

    public bool IsActivity { get; init; }

    public bool Audited { get; init; } = true;

    public bool ChangeTracking { get; init; }

    /// <summary>Only the engine writes rows.</summary>
    public bool EngineOwned { get; init; }

    /// <summary>Rows are the pairs of an N:N relationship.</summary>
    public bool IsIntersect { get; init; }

    /// <summary>Name of an icon of the app.</summary>
    public string? Icon { get; init; }

    public ImmutableArray<AttributeDefinition> Attributes { get; }

    /// <summary>Attributes in which new rows are numbered; for most entities none.</summary>
    public ImmutableArray<AttributeDefinition> AutoNumbers { get; }

    /// <summary>Amounts of money, each with the attribute that holds it in the base currency; empty for entities without money.</summary>
    public ImmutableArray<AmountColumns> Amounts { get; }

    /// <summary>The attributes that are columns of the table: all but calculated ones and rollups.</summary>
    public ImmutableArray<AttributeDefinition> Stored { get; }

    /// <summary>File and image attributes; empty for most entities.</summary>
    public ImmutableArray<AttributeDefinition> Files { get; }

    /// <summary>The lookup by which a row names the row above it; <c>null</c> where there is no hierarchy.</summary>
    public AttributeDefinition? Hierarchy { get; }

    /// <summary>The lookup by which a row follows the row above it when that one is assigned or shared; <c>null</c> where rows follow none.</summary>
    public AttributeDefinition? Parental { get; }

    public ImmutableArray<KeyDefinition> Keys { get; init; } = [];

    public ImmutableArray<IndexDefinition> Indexes { get; init; } = [];

    /// <summary>Relationships in which this entity holds the lookup, one for each target.</summary>
    public ImmutableArray<RelationshipDefinition> ManyToOne { get; init; } = [];

    /// <summary>Relationships in which lookups of other entities (or its own) point here.</summary>
    public ImmutableArray<RelationshipDefinition> OneToMany { get => oneToMany; init => oneToMany = value; }

    /// <summary>N:N relationships of which this entity is an end.</summary>
    public ImmutableArray<ManyToManyDefinition> ManyToMany { get => manyToMany; init => manyToMany = value; }

    public ImmutableArray<FormDefinition> Forms { get; init; } = [];

    public ImmutableArray<ViewDefinition> Views { get; init; } = [];

    /// <summary>Steps on this entity's messages, in rank order.</summary>
    public ImmutableArray<StepDefinition> Steps { get; init; } = [];

    public AttributeDefinition PrimaryId => byName[PrimaryIdAttribute];

    public AttributeDefinition? PrimaryName => PrimaryNameAttribute is null ? null : byName[PrimaryNameAttribute];

    /// <summary>Rows have <c>statecode</c> and <c>statuscode</c>.</summary>
    public bool HasState => byName.ContainsKey(SystemAttributes.StateCode);

    /// <summary>The attribute with a logical name; <c>null</c> when there is none.</summary>
    public AttributeDefinition? Find(string logicalName) => byName.GetValueOrDefault(logicalName);

    public bool TryFind(string logicalName, [NotNullWhen(true)] out AttributeDefinition? attribute) => byName.TryGetValue(logicalName, out attribute);

    /// <summary>The attribute with a logical name.</summary>
    /// <exception cref="PlatformException">There is none.</exception>
    public AttributeDefinition Attribute(string logicalName) => Find(logicalName) ?? throw Errors.UnknownAttribute(LogicalName, logicalName);

    /// <summary>The file or image attribute with a logical name.</summary>
    /// <exception cref="PlatformException">There is none.</exception>
    public AttributeDefinition FileAttribute(string logicalName) =>
        Attribute(logicalName) is { IsFile: true } attribute ? attribute : throw Errors.NotAFile(LogicalName, logicalName);

    /// <summary>The same entity among others: what points to it and what it is tied to may have changed.</summary>
    internal EntityDefinition Among(ImmutableArray<RelationshipDefinition> pointing, ImmutableArray<ManyToManyDefinition> tied)
    {
        if (Sameness.Of(pointing, oneToMany) && Sameness.Of(tied, manyToMany)) return this;
        var copy = (EntityDefinition)MemberwiseClone();
        (copy.oneToMany, copy.manyToMany) = (pointing, tied);
        return copy;
    }

    public override string ToString() => LogicalName;
}

/// <summary>The attributes of one amount.</summary>
/// <param name="Amount">In the row's currency.</param>
/// <param name="Base">In the base currency.</param>
public sealed record AmountColumns(string Amount, string Base);

/// <summary>An alternate key: the combination of values is unique; rows with an empty part are exempt.</summary>
public sealed record KeyDefinition(string Name, Label Title, ImmutableArray<string> Attributes);

/// <summary>A database index.</summary>
public sealed record IndexDefinition(string Name, ImmutableArray<string> Attributes);

/// <summary>A 1:N relationship, seen from either end.</summary>
/// <param name="Name">Schema name, also the name of the collection-valued navigation property on the referenced side.</param>
/// <param name="ReferencingNavigation">Name of the single-valued navigation property on the side of the lookup (<c>parentcustomerid_account</c>).</param>
public sealed record RelationshipDefinition(
    string Name,
    string ReferencingEntity,
    string ReferencingAttribute,
    string ReferencedEntity,
    string ReferencingNavigation,
    DeleteBehavior OnDelete)
{
    /// <summary>What the rows of the many side follow besides.</summary>
    public CascadeRules Cascade { get; init; } = CascadeRules.None;

    /// <summary>Puts the rows of one table into a hierarchy.</summary>
    public bool IsHierarchical { get; init; }
}
