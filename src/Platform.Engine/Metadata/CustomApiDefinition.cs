using System.Collections.Immutable;

namespace Platform.Engine.Metadata;

/// <summary>What a custom API is called on.</summary>
public enum ApiBinding
{
    /// <summary>On nothing: <c>POST WinOpportunity</c>.</summary>
    Global,

    /// <summary>On one row: <c>POST leads(…)/Microsoft.Dynamics.CRM.QualifyLead</c>.</summary>
    Entity,

    /// <summary>On all rows of a table: <c>POST leads/Microsoft.Dynamics.CRM.…</c>.</summary>
    EntityCollection,
}

/// <summary>Which steps others may put around the main operation of a custom API.</summary>
public enum ApiStepType
{
    None,
    AsyncOnly,
    SyncAndAsync,
}

/// <summary>
/// A message that a pack adds (Dataverse's table <c>customapi</c>): its name, what goes in and comes out, and the steps
/// that do the work. Data in <c>apis/&lt;name&gt;/api.json</c>.
/// </summary>
public sealed record CustomApiDefinition
{
    /// <summary>Unique name, letters of either case (<c>loy_IssueCard</c>); also the name of its message.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the pack that declares it.</summary>
    public required string Pack { get; init; }

    public required Label Title { get; init; }

    public Label? Description { get; init; }

    public ApiBinding Binding { get; init; }

    /// <summary>Logical name of the entity that it is bound to; <c>null</c> when it is bound to none.</summary>
    public string? BoundEntity { get; init; }

    /// <summary>Reads only and answers to GET; else an action, which answers to POST.</summary>
    public bool IsFunction { get; init; }

    /// <summary>Not shown in <c>$metadata</c> and OpenAPI; whoever knows its name may call it, as in Dataverse.</summary>
    public bool IsPrivate { get; init; }

    public ApiStepType AllowedStepType { get; init; } = ApiStepType.SyncAndAsync;

    /// <summary>What the caller must be allowed to do, with whatever depth; <c>null</c>: nothing in particular, its steps' service calls need their own rights.</summary>
    public ApiPrivilege? ExecutePrivilege { get; init; }

    public ImmutableArray<ApiParameter> RequestParameters { get; init; } = [];

    public ImmutableArray<ApiParameter> ResponseProperties { get; init; } = [];

    /// <summary>Steps of all packs, by ascending rank; the one in <see cref="Sdk.PluginStage.MainOperation"/> is the operation itself.</summary>
    public ImmutableArray<StepDefinition> Steps { get; init; } = [];

    /// <summary>The answer is one row, or rows, instead of an object that holds properties: Dataverse's rule for a single property of such a type.</summary>
    public ApiParameter? Whole => ResponseProperties is [{ Kind: ApiValueKind.Entity or ApiValueKind.EntityCollection } single] ? single : null;
}

/// <summary>A privilege on an entity, as <see cref="CustomApiDefinition.ExecutePrivilege"/> names it.</summary>
public sealed record ApiPrivilege(string Entity, Privilege Privilege);
