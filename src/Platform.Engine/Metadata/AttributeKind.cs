namespace Platform.Engine.Metadata;

/// <summary>What an attribute holds; decides its .NET type (see <see cref="Sdk.EntityRecord"/>), its storage and its OData type.</summary>
public enum AttributeKind
{
    String,
    Memo,
    Integer,
    BigInt,
    Decimal,
    Double,
    Money,
    Boolean,

    /// <summary>Point in time, whole seconds.</summary>
    DateTime,

    DateOnly,
    Choice,

    /// <summary>Several values of a choice, stored as text: ascending, between commas.</summary>
    MultiChoice,

    /// <summary><c>statecode</c></summary>
    State,

    /// <summary><c>statuscode</c></summary>
    Status,

    Lookup,
    UniqueIdentifier,

    /// <summary>A point on the earth, stored as one number.</summary>
    GeoPoint,

    /// <summary>A file of any kind; the row holds the id of its content.</summary>
    File,

    /// <summary>An image that browsers show; the row holds the id of its content.</summary>
    Image,
}

/// <summary>How a text attribute is presented; none changes what may be stored.</summary>
public enum TextFormat
{
    Text,
    Email,
    Url,
    Phone,
    Ticker,
}

/// <summary>Dataverse's date-time behaviours for points in time.</summary>
public enum DateBehavior
{
    /// <summary>Stored in UTC, shown in the user's time zone.</summary>
    UserLocal,

    /// <summary>Shown as stored.</summary>
    TimeZoneIndependent,
}

/// <summary>Who sets an attribute's value.</summary>
public enum AttributeOrigin
{
    /// <summary>Callers and steps.</summary>
    Custom,

    /// <summary>The engine (<c>createdon</c>, <c>versionnumber</c>, calculated columns and rollups); values from outside are ignored, as Dataverse does, so that a client may send back what it read.</summary>
    Engine,
}
