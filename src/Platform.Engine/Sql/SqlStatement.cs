using System.Collections.Immutable;

namespace Platform.Engine.Sql;

/// <summary>SQL as a value: text and parameters. What compiles it and what executes it are different things; tests compare the text.</summary>
/// <param name="Text">Parameters stand as <c>$1</c>, <c>$2</c>, … on both databases.</param>
/// <param name="Arguments">Values in storage form (what <see cref="SqlDialect.ToStorage(Metadata.AttributeDefinition, object?)"/> gives); <c>null</c> for NULL.</param>
public sealed record SqlStatement(string Text, params ImmutableArray<object?> Arguments);
