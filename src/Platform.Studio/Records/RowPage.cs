using System.Collections.Immutable;
using Platform.Engine.Queries;

namespace Platform.Studio.Records;

/// <summary>Rows of one page of a list.</summary>
/// <param name="Next">Where the next page begins; <c>null</c> on the last.</param>
/// <param name="Total">All rows that match; <c>null</c> when it was not asked for.</param>
public sealed record RowPage(ImmutableArray<EntityRecord> Records, PageToken? Next, long? Total);
