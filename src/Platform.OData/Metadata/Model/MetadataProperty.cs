using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Platform.OData.Metadata.Types;
using Platform.OData.Writing;

namespace Platform.OData.Metadata.Model;

/// <summary>A property of a metadata type: its name outside, and how its value is read.</summary>
internal sealed class MetadataProperty
{
    private readonly Func<object, object?> read;

    public MetadataProperty(PropertyInfo property)
    {
        Name = property.DeclaringType!.IsDefined(typeof(RowAttribute)) ? property.Name.ToLowerInvariant() : property.Name;
        Json = JsonText.Encode(Name);
        IsCollection = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(ImmutableArray<>);
        var item = IsCollection ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        ItemType = Nullable.GetUnderlyingType(item) ?? item;
        Navigation = property.GetCustomAttribute<NavigationAttribute>();
        IsKey = property.IsDefined(typeof(KeyAttribute));
        IsAlternateKey = property.GetCustomAttribute<AlternateKeyAttribute>() is not null;
        var owner = Expression.Parameter(typeof(object));
        var value = Expression.Property(Expression.Convert(owner, property.DeclaringType!), property);
        read = Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), owner).Compile();
    }

    public string Name { get; }

    public JsonEncodedText Json { get; }

    /// <summary>.NET type of the value, or of the items of a collection; never a <see cref="Nullable{T}"/>.</summary>
    public Type ItemType { get; }

    public bool IsCollection { get; }

    /// <summary>Set where <c>$expand</c> has to ask for the value.</summary>
    public NavigationAttribute? Navigation { get; }

    public bool IsNavigation => Navigation is not null;

    public bool IsKey { get; }

    public bool IsAlternateKey { get; }

    /// <summary>The value; an enumerable for collections.</summary>
    public object? Of(object owner) => read(owner);

    public override string ToString() => Name;
}
