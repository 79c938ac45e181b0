using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Platform.OData;

/// <summary>
/// Keeps at most about twice <paramref name="size"/> values that can be made again. Two generations stand in for the
/// last-used order: what is asked for moves into the young one, and when that is full the old one is dropped. Reads
/// take no lock.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int size)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock turning = new();
    private ConcurrentDictionary<TKey, TValue> young = new();
    private ConcurrentDictionary<TKey, TValue> old = new();
    private int count;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (Volatile.Read(ref young).TryGetValue(key, out value)) return true;
        if (!Volatile.Read(ref old).TryGetValue(key, out value)) return false;
        Add(key, value);
        return true;
    }

    public void Add(TKey key, TValue value)
    {
        if (!Volatile.Read(ref young).TryAdd(key, value)) return;
        if (Interlocked.Increment(ref count) < size) return;
        lock (turning)
        {
            if (count < size) return;
            count = 0;
            Volatile.Write(ref old, young);
            Volatile.Write(ref young, new ConcurrentDictionary<TKey, TValue>());
        }
    }
}
