using Platform.Engine.Records;

namespace Platform.Engine.Tests.Messages;

/// <summary>What the ids of new rows tell and how they sort.</summary>
public sealed class RowIdTests
{
    private static readonly DateTimeOffset Moment = new(2026, 1, 31, 9, 30, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Ids_rise_with_time_also_within_a_millisecond()
    {
        // Four ticks are more than one step of the twelve bits that tell the fraction.
        var ids = Enumerable.Range(0, 10_000).Select(number => RowId.New(Moment.AddTicks(number * 4)).ToString("D")).ToList();

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void An_id_is_of_version_7_and_tells_its_time()
    {
        var id = RowId.New(Moment);

        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.Equal(Moment.ToUnixTimeMilliseconds(), Convert.ToInt64(id.ToString("N")[..12], 16));
    }

    [Fact]
    public void Ids_of_one_moment_differ() => Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => RowId.New(Moment)).Distinct().Count());
}
