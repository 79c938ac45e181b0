namespace Platform.Engine.Metadata;

/// <summary>How far an index is that is built beside the work on its table.</summary>
public enum IndexBuildState
{
    /// <summary>It waits for its turn.</summary>
    Pending,

    /// <summary>The database is at it.</summary>
    InProgress,

    /// <summary>It could not be built and waits for somebody to ask for it again.</summary>
    Failed,
}

/// <summary>An index or alternate key that a version asks for and the database does not have yet.</summary>
/// <param name="Name">Name in the database, unique.</param>
/// <param name="Entity">Logical name.</param>
/// <param name="Key">Name of the alternate key; <c>null</c> for an index that only makes queries faster.</param>
/// <param name="Since">When the state began, UTC.</param>
/// <param name="Failure">Why it could not be built, with the rows that stand in the way; <c>null</c> in other states.</param>
public sealed record IndexBuild(string Name, string Entity, string? Key, IndexBuildState State, DateTime Since, string? Failure);
