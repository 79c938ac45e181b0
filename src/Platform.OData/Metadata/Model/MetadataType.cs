using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Model;

/// <summary>One of the types that definitions are described by, as EDM model, filters and JSON see it. Made once per process.</summary>
internal sealed class MetadataType
{
    /// <summary>Types that no property leads to: those that are addressed by URLs, and those that stand for another one.</summary>
    private static readonly Type[] Roots =
    [
        typeof(EntityMetadata), typeof(StringAttributeMetadata), typeof(MemoAttributeMetadata), typeof(IntegerAttributeMetadata), typeof(BigIntAttributeMetadata),
        typeof(DecimalAttributeMetadata), typeof(DoubleAttributeMetadata), typeof(MoneyAttributeMetadata), typeof(BooleanAttributeMetadata), typeof(DateTimeAttributeMetadata),
        typeof(PicklistAttributeMetadata), typeof(MultiSelectPicklistAttributeMetadata), typeof(StateAttributeMetadata), typeof(StatusAttributeMetadata),
        typeof(LookupAttributeMetadata), typeof(UniqueIdentifierAttributeMetadata), typeof(FileAttributeMetadata), typeof(ImageAttributeMetadata), typeof(GeoPointAttributeMetadata), typeof(StateOptionMetadata), typeof(StatusOptionMetadata), typeof(DeletedMetadataCollection),
        typeof(EntityQueryExpression), typeof(SavedQuery),
    ];

    private static readonly FrozenDictionary<Type, MetadataType> ByClr = Find();
    private static readonly FrozenDictionary<string, MetadataType> ByName = ByClr.Values.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    private readonly FrozenDictionary<string, MetadataProperty> byName;

    private MetadataType(Type clr, MetadataType? parent)
    {
        // C# has another use for Dataverse's word.
        (Clr, Base, Name) = (clr, parent, clr == typeof(TypedValue) ? "Object" : clr.IsDefined(typeof(RowAttribute)) ? clr.Name.ToLowerInvariant() : clr.Name);
        var own = clr.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).OrderBy(property => property.MetadataToken);
        Declared = [.. own.Select(property => new MetadataProperty(property))];
        Properties = parent is null ? Declared : [.. parent.Properties, .. Declared];
        byName = Properties.ToFrozenDictionary(property => property.Name, StringComparer.Ordinal);
    }

    /// <summary>All types, a base before what derives from it.</summary>
    public static ImmutableArray<MetadataType> All { get; } = [.. ByClr.Values.OrderBy(type => type.Depth).ThenBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>Name in the EDM model, without namespace.</summary>
    public string Name { get; }

    public Type Clr { get; }

    public MetadataType? Base { get; }

    /// <summary>It has a key; the other types are values.</summary>
    public bool IsEntity => Properties.Any(property => property.IsKey);

    /// <summary>It is a definition, whose values functions answer with.</summary>
    public bool IsDefinition => Clr.IsAssignableTo(typeof(MetadataBase));

    /// <summary>Dataverse keeps its values as rows of a table.</summary>
    public bool IsRow => Clr.IsDefined(typeof(RowAttribute));

    /// <summary>Without those of the base.</summary>
    public ImmutableArray<MetadataProperty> Declared { get; }

    public ImmutableArray<MetadataProperty> Properties { get; }

    private int Depth => Base is null ? 0 : Base.Depth + 1;

    /// <summary>The type of a value of that .NET type.</summary>
    public static MetadataType Of(Type clr) => ByClr[clr];

    /// <summary>The type of a value.</summary>
    public static MetadataType Of(object value) => ByClr[value.GetType()];

    /// <param name="name">Without namespace.</param>
    public static MetadataType? Named(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The value of this type is a structure; else it is a primitive value or one of an enumeration.</summary>
    public static bool IsStructure(Type clr) => ByClr.ContainsKey(clr);

    public MetadataProperty? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The property with that name; it is known to be there.</summary>
    public MetadataProperty this[string name] => byName[name];

    /// <summary>It is this type, or derives from it.</summary>
    public bool Is(MetadataType other) => Clr.IsAssignableTo(other.Clr);

    public override string ToString() => Name;

    private static FrozenDictionary<Type, MetadataType> Find()
    {
        var found = new Dictionary<Type, MetadataType>();
        var ahead = new Queue<Type>(Roots);
        while (ahead.TryDequeue(out var clr))
        {
            if (Add(clr, found) is not { } added) continue;
            foreach (var property in added.Properties) ahead.Enqueue(property.ItemType);
        }
        return found.ToFrozenDictionary();
    }

    private static MetadataType? Add(Type clr, Dictionary<Type, MetadataType> found)
    {
        if (clr.Namespace != typeof(MetadataBase).Namespace || !clr.IsClass) return null;
        if (found.TryGetValue(clr, out _)) return null;
        if (clr.BaseType is { } parent && parent != typeof(object)) Add(parent, found);
        return found[clr] = new MetadataType(clr, clr.BaseType is { } known ? found.GetValueOrDefault(known) : null);
    }
}
