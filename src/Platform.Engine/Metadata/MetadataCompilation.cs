using System.Collections.Immutable;
using Platform.Engine.Metadata.Compiling;

namespace Platform.Engine.Metadata;

/// <summary>The files of one pack as text: what is reviewed, what is stored in the catalog, what the compiler reads.</summary>
/// <param name="Origin">Where the files came from, for messages (a folder; or the pack's id when they come from the catalog).</param>
/// <param name="Files">Text by path inside the pack, with forward slashes.</param>
public sealed record PackFiles(string Origin, ImmutableSortedDictionary<string, string> Files);

/// <summary>One thing wrong with a metadata file.</summary>
/// <param name="File">Path: <see cref="PackFiles.Origin"/> and the path inside the pack.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) to the value, or <c>line:column</c> where the text is no JSON.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Hint">What to do.</param>
public sealed record MetadataError(string File, string Pointer, string Reason, string Hint)
{
    public override string ToString() => $"{File}#{Pointer}: {Reason} {Hint}";
}

/// <summary>Result of compiling packs: a snapshot, or all errors at once.</summary>
/// <param name="Snapshot"><c>null</c> when there are errors.</param>
public sealed record MetadataCompilation(MetadataSnapshot? Snapshot, ImmutableArray<MetadataError> Errors)
{
    /// <summary>Texts that are longer than may be, in files that are in force already: no errors as long as the files stay as they are.</summary>
    public ImmutableArray<MetadataError> Tolerated { get; init; } = [];

    /// <summary>Filters and orders of the views in the files, unchecked: see <see cref="MetadataChecks.ViewExpressions"/>.</summary>
    public ImmutableArray<ViewExpression> ViewExpressions { get; init; } = [];

    /// <summary>What the next compilation can go on from; <c>null</c> when there are errors.</summary>
    internal CompiledPacks? Compiled { get; init; }

    /// <summary>
    /// The same result, made of the instances of a snapshot in force where those say the same. View expressions over
    /// such entities are left out: they were checked when they came into force.
    /// </summary>
    internal MetadataCompilation Reusing(MetadataSnapshot current)
    {
        if (Snapshot is null) return this;
        var reused = Snapshot.Reusing(current);
        return this with
        {
            Snapshot = reused,
            Compiled = Compiled! with { Snapshot = reused },
            ViewExpressions =
            [
                // A path speaks of another entity, too.
                .. from expression in ViewExpressions
                   let entity = reused.Entity(expression.Entity.LogicalName)
                   where entity != current.Find(entity.LogicalName) || expression.Text.Contains('/', StringComparison.Ordinal)
                   select expression with { Entity = entity },
            ],
        };
    }
}

/// <summary>Metadata was refused; the system keeps what it had.</summary>
public sealed class MetadataException(ImmutableArray<MetadataError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public ImmutableArray<MetadataError> Errors { get; } = errors;
}
