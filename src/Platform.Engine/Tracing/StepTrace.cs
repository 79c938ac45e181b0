using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Tracing;

/// <summary>How a run of a step ended; the values of the choice <c>outcome</c>.</summary>
internal enum StepOutcome
{
    Succeeded = 1,

    /// <summary>The script refused the message.</summary>
    Rejected = 2,
    Failed = 3,
}

/// <summary>One run of a step, as it is remembered.</summary>
/// <param name="Message">Name of the message.</param>
/// <param name="Row">What the message is about; without an id for messages about no row.</param>
/// <param name="Error">What the script or the platform said; empty when it succeeded.</param>
internal sealed record StepTrace(
    StepDefinition Step, string Message, EntityReference Row, EntityReference User, int Depth, Guid CorrelationId, DateTime Started, TimeSpan Duration,
    StepOutcome Outcome, int ServiceCalls, IReadOnlyList<string> Lines, string Error);
