using System.Collections.Immutable;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Metadata;

/// <summary>A plugin step: which script runs when. Data next to the entity (<c>steps.json</c>), never found by scanning.</summary>
public sealed record StepDefinition
{
    public required string Name { get; init; }

    /// <summary>Id of the pack the step belongs to.</summary>
    public required string Pack { get; init; }

    /// <summary>Logical name of the entity that the message is about; empty for a custom API that is bound to none.</summary>
    public required string Entity { get; init; }

    /// <summary>Key of the script in <see cref="MetadataSnapshot.Scripts"/>: <c>loyalty/entities/loy_card/check-number.js</c>.</summary>
    public required string Script { get; init; }

    /// <summary>Name of the message (<c>Create</c>).</summary>
    public required string Message { get; init; }

    public required PluginStage Stage { get; init; }

    /// <summary>Steps of one stage run in ascending rank, equal ranks in the order of the file.</summary>
    public int Rank { get; init; } = 1;

    /// <summary>Update only: the step runs when the request holds one of these. Empty: always.</summary>
    public ImmutableArray<string> FilteringAttributes { get; init; } = [];

    public ImmutableArray<StepImage> Images { get; init; } = [];

    /// <summary>With whose rights its service calls run.</summary>
    public StepRunAs RunAs { get; init; }

    /// <summary>Which runs are remembered.</summary>
    public StepTraceLevel Trace { get; init; } = StepTraceLevel.Exceptions;

    /// <summary>JSON object text.</summary>
    public string Config { get; init; } = "{}";

    public PluginLimits Limits { get; init; } = new();
}

/// <summary>Which runs of a step are remembered in <c>plugintracelog</c>; Dataverse's words.</summary>
public enum StepTraceLevel
{
    Off,

    /// <summary>Those that fail or reject.</summary>
    Exceptions,
    All,
}

/// <summary>With whose rights a step's service calls run.</summary>
public enum StepRunAs
{
    /// <summary>The user who sent the message.</summary>
    Caller,

    /// <summary>The system: every right, with the caller as the user who wrote. Granted by the capability <c>runAs</c> of the pack.</summary>
    System,
}

public enum StepImageType
{
    Pre,
    Post,
}

/// <param name="Attributes">Logical names; empty: all.</param>
public sealed record StepImage(StepImageType Type, string Alias, ImmutableArray<string> Attributes);
