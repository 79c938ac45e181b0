using Platform.OData.Routing;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.OData.Reading;

/// <summary>A record as a body holds it.</summary>
/// <param name="Links">Lookups that name their row by an alternate key, still to be found.</param>
/// <param name="Related">Rows to be created or tied together with it.</param>
internal sealed record RecordBody(EntityRecord Record, IReadOnlyList<KeyLink> Links, IReadOnlyList<RelatedBody> Related);

/// <summary>What a body says about one navigation property of a new row.</summary>
internal sealed class RelatedBody(Navigation navigation)
{
    public Navigation Navigation => navigation;

    /// <summary>Rows to be created.</summary>
    public List<RecordBody> Rows { get; } = [];

    /// <summary>Rows that are there already.</summary>
    public List<RowLink> Links { get; } = [];
}

/// <summary>A lookup that a body sets to the row with a key.</summary>
internal sealed record KeyLink(AttributeDefinition Attribute, AlternateKey Key);
