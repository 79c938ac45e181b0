using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Collects what is wrong, so that an author sees everything at once.</summary>
/// <param name="isStored">Tells by <see cref="MetadataError.File"/> whether a file stands as it is in force already.</param>
internal sealed class ErrorList(Func<string, bool>? isStored = null)
{
    private readonly List<MetadataError> errors = [];
    private readonly List<MetadataError> tolerated = [];

    public int Count => errors.Count;

    public bool Any => errors.Count > 0;

    public void Add(string file, string pointer, string reason, string hint) => errors.Add(new(file, pointer, reason, hint));

    /// <summary>Something is wrong by a rule that came later: an engine before it may have stored the file, which is served as it is then.</summary>
    public void AddUnlessStored(string file, string pointer, string reason, string hint) =>
        (isStored?.Invoke(file) == true ? tolerated : errors).Add(new(file, pointer, reason, hint));

    /// <summary>Errors by file; within a file as they were found.</summary>
    public ImmutableArray<MetadataError> ToImmutable() => Sorted(errors);

    /// <summary>What is wrong and in force all the same, in the same order.</summary>
    public ImmutableArray<MetadataError> Tolerated => Sorted(tolerated);

    private static ImmutableArray<MetadataError> Sorted(List<MetadataError> list) => [.. list.Distinct().OrderBy(error => error.File, StringComparer.Ordinal)];
}
