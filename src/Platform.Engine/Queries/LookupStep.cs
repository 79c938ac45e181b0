using Platform.Engine.Metadata;

namespace Platform.Engine.Queries;

/// <summary>From a row to the one that its lookup points to.</summary>
/// <param name="Target">Entity of that row: a lookup with several targets leads to rows of this one only.</param>
public sealed record LookupStep(AttributeDefinition Lookup, EntityDefinition Target);
