namespace Platform.Server.Tests.Fuzz;

/// <summary>Chance, as the number of a case decides it: the same seed and number give the same case.</summary>
internal sealed class Dice
{
    /// <summary>How much less often calm cases do what is wrong: most are right but for one place, and come far.</summary>
    private const int Calm = 20;

    private readonly Random random;
    private readonly bool isCalm;

    public Dice(int seed, int number)
    {
        random = new Random(unchecked((seed * 1_000_003) + number));
        isCalm = random.Next(3) > 0;
    }

    /// <summary>True once in so many times.</summary>
    public bool Once(int times) => random.Next(times) == 0;

    /// <summary>As <see cref="Once"/>, of what a client should not do.</summary>
    public bool Oddly(int times) => Once(isCalm ? times * Calm : times);

    /// <summary>From 0 up to, and without, the end.</summary>
    public int Below(int end) => random.Next(end);

    public T One<T>(params IReadOnlyList<T> values) => values[random.Next(values.Count)];

    /// <summary>So many of what <paramref name="make"/> makes.</summary>
    public IEnumerable<T> Some<T>(int fewest, int most, Func<T> make)
    {
        for (var left = random.Next(fewest, most + 1); left > 0; left--) yield return make();
    }
}
