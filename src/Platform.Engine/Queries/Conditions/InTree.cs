using Platform.Engine.Metadata;

namespace Platform.Engine.Queries.Conditions;

/// <summary>Primary key or lookup is one of the rows above or below a row in the hierarchy of their table.</summary>
/// <param name="Entity">Table of the hierarchy.</param>
/// <param name="Parent">Its lookup to the row above.</param>
/// <param name="Above">Rows above; else those below.</param>
/// <param name="Itself">The row itself counts.</param>
public sealed record InTree(AttributeDefinition Attribute, EntityDefinition Entity, AttributeDefinition Parent, Guid Id, bool Above, bool Itself) : FilterNode;
