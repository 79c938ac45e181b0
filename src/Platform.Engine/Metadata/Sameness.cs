using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata;

/// <summary>
/// Whether two definitions say the same, down to the last label. Looks at everything that a definition is made of, found
/// by reflection, so that a property that is added cannot be forgotten here.
/// </summary>
internal static class Sameness
{
    private static readonly ConcurrentDictionary<Type, Func<object, object, bool>> ByRuntimeType = new();

    /// <summary>Compares two definitions, or parts of one.</summary>
    public static bool Of<T>(T left, T right) => Comparison<T>.Same(left, right);

    private static Func<T, T, bool> Make<T>()
    {
        var type = typeof(T);
        if (Nullable.GetUnderlyingType(type) is { Namespace: not nameof(System) } inner) return Generic<Func<T, T, bool>>(nameof(OfNullables), inner);
        if (type == typeof(string) || (type.IsValueType && type.Namespace == nameof(System)) || type.IsEnum) return EqualityComparer<T>.Default.Equals;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)) return Generic<Func<T, T, bool>>(nameof(OfArrays), type.GetGenericArguments());
        if (typeof(IReadOnlyDictionary<string, string>).IsAssignableFrom(type)) return (left, right) => OfTexts((IReadOnlyDictionary<string, string>)left!, (IReadOnlyDictionary<string, string>)right!);
        if (type == typeof(Regex)) return (left, right) => left?.ToString() == right?.ToString() && (left as Regex)?.Options == (right as Regex)?.Options;
        if (!type.IsSealed) return (left, right) => OfObjects(left, right);
        if (type.Assembly != typeof(Sameness).Assembly && type.GetMethod(nameof(Equals), [typeof(object)])!.DeclaringType != typeof(object)) return EqualityComparer<T>.Default.Equals;
        return OfParts<T>();
    }

    private static Func<T, T, bool> OfParts<T>()
    {
        var parts = FindParts<T>();
        return (left, right) =>
        {
            if (ReferenceEquals(left, right)) return true;
            if (left is null || right is null) return false;
            foreach (var part in parts)
            {
                if (!part(left, right)) return false;
            }
            return true;
        };
    }

    // What a definition is given when it is made; what it works out of that itself says nothing new.
    private static Func<T, T, bool>[] FindParts<T>()
    {
        var given = typeof(T).GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .SelectMany(made => made.GetParameters()).Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.CanWrite || given.Contains(property.Name))
                .Select(property => Generic<Func<PropertyInfo, Func<T, T, bool>>>(nameof(Part), typeof(T), property.PropertyType)(property)),
        ];
    }

    private static Func<TOwner, TOwner, bool> Part<TOwner, TValue>(PropertyInfo property)
    {
        if (typeof(TOwner).IsValueType) return (left, right) => Of((TValue)property.GetValue(left)!, (TValue)property.GetValue(right)!);
        var read = property.GetMethod!.CreateDelegate<Func<TOwner, TValue>>();
        return (left, right) => Comparison<TValue>.Same(read(left), read(right));
    }

    private static bool OfArrays<T>(ImmutableArray<T> left, ImmutableArray<T> right)
    {
        if (left.Equals(right)) return true;
        if (left.IsDefault || right.IsDefault || left.Length != right.Length) return false;
        for (var at = 0; at < left.Length; at++)
        {
            if (!Comparison<T>.Same(left[at], right[at])) return false;
        }
        return true;
    }

    private static bool OfNullables<T>(T? left, T? right)
        where T : struct =>
        left is { } one && right is { } other ? Comparison<T>.Same(one, other) : left.HasValue == right.HasValue;

    private static bool OfTexts(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right)
    {
        if (ReferenceEquals(left, right)) return true;
        if (left.Count != right.Count) return false;
        foreach (var (key, text) in left)
        {
            if (!right.TryGetValue(key, out var other) || other != text) return false;
        }
        return true;
    }

    private static bool OfObjects(object? left, object? right)
    {
        if (ReferenceEquals(left, right)) return true;
        if (left is null || right is null || left.GetType() != right.GetType()) return false;
        return ByRuntimeType.GetOrAdd(left.GetType(), type => Generic<Func<Func<object, object, bool>>>(nameof(OfRuntimeType), type)())(left, right);
    }

    private static Func<object, object, bool> OfRuntimeType<T>() => (left, right) => Comparison<T>.Same((T)left, (T)right);

    private static TDelegate Generic<TDelegate>(string method, params Type[] types)
        where TDelegate : Delegate =>
        typeof(Sameness).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(types).CreateDelegate<TDelegate>();

    private static class Comparison<T>
    {
        public static readonly Func<T, T, bool> Same = Make<T>();
    }
}
