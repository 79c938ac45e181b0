namespace Platform.OData.Metadata.Types;

/// <summary>A setting that a managed layer may lock.</summary>
internal sealed record BooleanManagedProperty(bool Value, bool CanBeChanged, string ManagedPropertyLogicalName);

/// <summary>How urgently a form asks for a value.</summary>
internal sealed record AttributeRequiredLevelManagedProperty(
    AttributeRequiredLevel Value, bool CanBeChanged = false, string ManagedPropertyLogicalName = "canmodifyrequirementlevelsettings");

internal enum AttributeRequiredLevel
{
    None = 0,

    /// <summary>By the platform itself.</summary>
    SystemRequired = 1,

    /// <summary>By the column's definition.</summary>
    ApplicationRequired = 2,
    Recommended = 3,
}
