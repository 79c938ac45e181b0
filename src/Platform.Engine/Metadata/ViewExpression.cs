using System.Collections.Immutable;
using Platform.Engine.Queries;

namespace Platform.Engine.Metadata;

public enum ViewExpressionKind
{
    /// <summary>An OData filter expression.</summary>
    Filter,

    /// <summary>An OData order expression.</summary>
    OrderBy,
}

/// <summary>OData text of a view, and where it stands, so that a publisher who has a parser can check it.</summary>
/// <param name="File">As in <see cref="MetadataError.File"/>.</param>
/// <param name="Pointer">JSON pointer to the text.</param>
public sealed record ViewExpression(string File, string Pointer, EntityDefinition Entity, ViewExpressionKind Kind, string Text);

/// <summary>Checks that need more than the files.</summary>
public static class MetadataChecks
{
    /// <summary>Parses every view's filter and order against the compiled metadata.</summary>
    /// <returns>An error for each that cannot be parsed; empty when all is well or there is no snapshot.</returns>
    public static ImmutableArray<MetadataError> ViewExpressions(MetadataCompilation compilation, IQueryTextParser parser)
    {
        ArgumentNullException.ThrowIfNull(compilation);
        ArgumentNullException.ThrowIfNull(parser);
        if (compilation.Snapshot is not { } snapshot) return [];
        var errors = ImmutableArray.CreateBuilder<MetadataError>();
        foreach (var expression in compilation.ViewExpressions)
        {
            try
            {
                if (expression.Kind == ViewExpressionKind.Filter) parser.ParseFilter(snapshot, expression.Entity, expression.Text);
                else parser.Parse(snapshot, expression.Entity, $"?$orderby={Uri.EscapeDataString(expression.Text)}");
            }
            catch (PlatformException wrong)
            {
                var hint = wrong.Hint.Length > 0 ? wrong.Hint : $"Write an OData {(expression.Kind == ViewExpressionKind.Filter ? "filter" : "order")} over the columns of '{expression.Entity.LogicalName}'.";
                errors.Add(new(expression.File, expression.Pointer, wrong.Message, hint));
            }
        }

        return errors.ToImmutable();
    }
}
