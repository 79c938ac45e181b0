namespace Platform.OData.Metadata.Types;

/// <summary>How related rows are offered beside a row.</summary>
internal sealed record AssociatedMenuConfiguration
{
    public AssociatedMenuBehavior? Behavior { get; init; } = AssociatedMenuBehavior.UseCollectionName;

    public AssociatedMenuGroup? Group { get; init; } = AssociatedMenuGroup.Details;

    public int? Order { get; init; }

    public bool? IsCustomizable { get; init; }

    public string? Icon { get; init; }

    public Guid? ViewId { get; init; }

    public bool? AvailableOffline { get; init; }

    public string? MenuId { get; init; }

    public string? QueryApi { get; init; }

    public Label? Label { get; init; } = Types.Label.Empty;
}

internal enum AssociatedMenuBehavior
{
    UseCollectionName = 0,
    UseLabel = 1,
    DoNotDisplay = 2,
}

internal enum AssociatedMenuGroup
{
    Details = 0,
    Sales = 1,
    Service = 2,
    Marketing = 3,
}
