namespace Platform.Engine.Metadata;

/// <summary>An N:N relationship. Its pairs are rows of the intersect table, which can be read like any other.</summary>
/// <param name="Name">Schema name.</param>
/// <param name="IntersectEntity">Logical name of the table with one lookup to each end.</param>
public sealed record ManyToManyDefinition(string Name, Label Title, string IntersectEntity, ManyToManyEnd First, ManyToManyEnd Second);

/// <summary>One end of an N:N relationship.</summary>
/// <param name="Entity">Logical name of the table at this end.</param>
/// <param name="IntersectAttribute">Lookup of the intersect table to a row at this end.</param>
/// <param name="Navigation">Collection-valued navigation property of a row at this end, which leads to rows at the other.</param>
public sealed record ManyToManyEnd(string Entity, string IntersectAttribute, string Navigation);
