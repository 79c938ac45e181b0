using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.OData.Routing;

/// <summary>The way to a row over navigation properties: <c>accounts(id)/primarycontactid/contact_customer_contacts(id)</c>.</summary>
/// <param name="Entity">Of the row at which it begins.</param>
/// <param name="Key">Names that row.</param>
internal sealed record RowPath(EntityDefinition Entity, RowKey Key, ImmutableArray<RowStep> Steps);

/// <param name="Child">Which of the rows of a collection; <c>null</c> where a lookup leads to one.</param>
internal sealed record RowStep(Navigation Navigation, RowKey? Child);
