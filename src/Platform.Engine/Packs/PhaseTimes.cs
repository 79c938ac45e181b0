using System.Collections.Immutable;

namespace Platform.Engine.Packs;

/// <summary>A part of a publish and how long it took.</summary>
/// <param name="Name">One lower-case word, such as <c>compile</c>, <c>tables</c> or <c>commit</c>.</param>
public sealed record PhaseTime(string Name, TimeSpan Took);

/// <summary>Notes how long the phases of a publish take, each from the end of the one before.</summary>
internal sealed class PhaseTimes(TimeProvider clock)
{
    private readonly ImmutableArray<PhaseTime>.Builder phases = ImmutableArray.CreateBuilder<PhaseTime>();
    private long last = clock.GetTimestamp();

    /// <summary>A phase has ended.</summary>
    public void End(string name)
    {
        var now = clock.GetTimestamp();
        phases.Add(new PhaseTime(name, clock.GetElapsedTime(last, now)));
        last = now;
    }

    public ImmutableArray<PhaseTime> ToImmutable() => phases.ToImmutable();
}
