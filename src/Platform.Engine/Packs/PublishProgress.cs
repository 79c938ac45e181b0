namespace Platform.Engine.Packs;

/// <summary>What a publish is at.</summary>
public enum PublishStage
{
    /// <summary>Packs are merged, compiled and compared with what is deployed.</summary>
    Plan,

    /// <summary>Scripts are compiled that were not compiled before.</summary>
    Compile,

    /// <summary>The database is changed, inside the transaction.</summary>
    Change,

    /// <summary>Rows that packs carry along are brought in, after the transaction.</summary>
    Seed,
}

/// <summary>How far a publish is.</summary>
/// <param name="Done">Parts of the stage that are finished.</param>
/// <param name="Total">Parts of the stage; 0 where it has none that could be counted.</param>
/// <param name="Part">What is at work now: a script, a change of the database, a file of rows; <c>null</c> when the stage is done or has no parts.</param>
public sealed record PublishProgress(PublishStage Stage, int Done, int Total, string? Part = null);
