using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.OData.Metadata.Types;

/// <summary>Which definitions are meant, and what of them.</summary>
internal abstract record MetadataQueryExpression
{
    public MetadataPropertiesExpression? Properties { get; init; }

    public MetadataFilterExpression? Criteria { get; init; }
}

/// <summary>Which tables, and what of them, <c>RetrieveMetadataChanges</c> answers with.</summary>
internal sealed record EntityQueryExpression : MetadataQueryExpression
{
    public AttributeQueryExpression? AttributeQuery { get; init; }

    public RelationshipQueryExpression? RelationshipQuery { get; init; }

    public EntityKeyQueryExpression? KeyQuery { get; init; }

    public LabelQueryExpression? LabelQuery { get; init; }
}

internal sealed record AttributeQueryExpression : MetadataQueryExpression;

internal sealed record RelationshipQueryExpression : MetadataQueryExpression;

internal sealed record EntityKeyQueryExpression : MetadataQueryExpression;

internal sealed record MetadataPropertiesExpression
{
    public bool? AllProperties { get; init; }

    public ImmutableArray<string> PropertyNames { get; init; } = [];
}

internal sealed record MetadataFilterExpression
{
    public ImmutableArray<MetadataConditionExpression> Conditions { get; init; } = [];

    public LogicalOperator? FilterOperator { get; init; }

    public ImmutableArray<MetadataFilterExpression> Filters { get; init; } = [];
}

internal sealed record MetadataConditionExpression
{
    public string? PropertyName { get; init; }

    public MetadataConditionOperator? ConditionOperator { get; init; }

    public TypedValue? Value { get; init; }
}

/// <summary>Dataverse's complex type <c>Object</c>: a value as text, with the .NET type it is of.</summary>
internal sealed record TypedValue
{
    public string? Type { get; init; }

    [JsonConverter(typeof(AnyAsText))]
    public string? Value { get; init; }
}

/// <summary>The languages that the labels of an answer are cut down to.</summary>
internal sealed record LabelQueryExpression
{
    public ImmutableArray<int> FilterLanguages { get; init; } = [];

    public int? MissingLabelBehavior { get; init; }
}

internal enum LogicalOperator
{
    And = 0,
    Or = 1,
}

internal enum MetadataConditionOperator
{
    Equals = 0,
    NotEquals = 1,
    In = 2,
    NotIn = 3,
    GreaterThan = 4,
    LessThan = 5,
}

/// <summary>Which parts of a table <c>RetrieveEntity</c> answers with.</summary>
[Flags]
internal enum EntityFilters
{
    Entity = 1,
#pragma warning disable CA1069 // Dataverse has two words for it.
    Default = 1,
#pragma warning restore CA1069
    Attributes = 2,
    Privileges = 4,
    Relationships = 8,
    All = 15,
}

/// <summary>Which kinds of definitions that are gone <c>RetrieveMetadataChanges</c> names.</summary>
[Flags]
internal enum DeletedMetadataFilters
{
    Entity = 1,
    Attribute = 2,
    Relationship = 4,
    Label = 8,
    OptionSet = 16,
    All = 31,
}
