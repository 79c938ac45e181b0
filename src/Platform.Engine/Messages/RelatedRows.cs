using System.Collections.Immutable;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Rows that are created or tied together with a new row.</summary>
/// <param name="Navigation">Navigation property of the new row.</param>
/// <param name="New">Rows to be created; exactly one where the property leads to one row. Their lookup to the new row need not be given.</param>
/// <param name="Existing">Rows that are there already; none where the property leads to one row, which is set as a lookup is.</param>
public sealed record RelatedRows(string Navigation, ImmutableArray<Create> New, ImmutableArray<EntityReference> Existing);
