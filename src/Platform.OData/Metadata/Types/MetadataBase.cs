namespace Platform.OData.Metadata.Types;

/// <summary>
/// What all definitions have in common. The records of this folder are named and shaped as Dataverse's types: the EDM
/// model and the JSON are made from them, property by property, in the order in which they stand here. A property that
/// this platform has nothing for keeps Dataverse's default.
/// </summary>
internal abstract record MetadataBase
{
    /// <summary>The same in every installation, see <see cref="Projection.MetadataIds"/>.</summary>
    [Key]
    public Guid? MetadataId { get; init; }

    /// <summary>Says something in answers about changes alone.</summary>
    public bool? HasChanged { get; init; }
}

/// <summary>Marks what an answer holds only when <c>$expand</c> asks for it.</summary>
/// <param name="contained">The definitions are addressed behind the one that has the property; else they have an entity set of their own.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NavigationAttribute(bool contained) : Attribute
{
    public bool Contained => contained;
}

/// <summary>Marks the property by which a definition is addressed beside its id.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AlternateKeyAttribute : Attribute;

/// <summary>Marks the property that is the key of its type.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute : Attribute;

/// <summary>Marks a type that Dataverse keeps as rows of a table: its names are in lower case.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RowAttribute : Attribute;
