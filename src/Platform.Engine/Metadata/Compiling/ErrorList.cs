using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Collects what is wrong, so that an author sees everything at once.</summary>
internal sealed class ErrorList
{
    private readonly List<MetadataError> errors = [];

    public bool Any => errors.Count > 0;

    public void Add(string file, string pointer, string reason, string hint) => errors.Add(new(file, pointer, reason, hint));

    /// <summary>Errors by file; within a file as they were found.</summary>
    public ImmutableArray<MetadataError> ToImmutable() => [.. errors.Distinct().OrderBy(error => error.File, StringComparer.Ordinal)];
}
