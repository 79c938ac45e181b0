namespace Platform.Sdk;

/// <summary>Points at one row: the value of a lookup attribute and the target of many messages.</summary>
/// <param name="LogicalName">Logical name of the entity, lower case (<c>contact</c>).</param>
/// <param name="Id">Primary key of the row.</param>
public sealed record EntityReference(string LogicalName, Guid Id)
{
    /// <summary>Primary name of the row where the engine read it along; <c>null</c> where it was not asked for. Not part of equality.</summary>
    public string? Name { get; init; }

    public bool Equals(EntityReference? other) => other is not null && Id == other.Id && LogicalName == other.LogicalName;

    public override int GetHashCode() => HashCode.Combine(LogicalName, Id);

    public override string ToString() => $"{LogicalName}({Id:D})";
}
