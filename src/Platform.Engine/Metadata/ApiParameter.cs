namespace Platform.Engine.Metadata;

/// <summary>Types of what goes into a custom API and comes out of it. Dataverse's list, with <see cref="BigInt"/> added.</summary>
public enum ApiValueKind
{
    Boolean,

    /// <summary>A time, UTC.</summary>
    DateTime,
    Decimal,
    Double,
    Integer,
    BigInt,
    Money,

    /// <summary>The number of an option.</summary>
    Choice,
    String,
    StringArray,
    UniqueIdentifier,

    /// <summary>A row by its id.</summary>
    EntityReference,

    /// <summary>A row with values; without an entity an object of any members.</summary>
    Entity,

    /// <summary>Rows with values.</summary>
    EntityCollection,
}

/// <summary>A request parameter or a response property of a custom API.</summary>
/// <param name="Entity">Logical name, of the kinds that are about rows; <c>null</c>: of any entity.</param>
/// <param name="IsOptional">Of a request parameter: it may be left out.</param>
public sealed record ApiParameter(string Name, ApiValueKind Kind, string? Entity, bool IsOptional, Label Title, Label? Description)
{
    /// <summary>Values are rows, or refer to them.</summary>
    public bool IsAboutRows => Kind is ApiValueKind.EntityReference or ApiValueKind.Entity or ApiValueKind.EntityCollection;
}
