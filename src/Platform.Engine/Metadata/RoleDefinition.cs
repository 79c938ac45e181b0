using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Platform.Engine.Metadata;

/// <summary>Dataverse's eight record privileges.</summary>
public enum Privilege
{
    Create,
    Read,
    Write,
    Delete,
    Append,
    AppendTo,
    Assign,
    Share,
}

/// <summary>How far a privilege reaches; a larger value includes the smaller ones.</summary>
public enum PrivilegeDepth
{
    None = 0,

    /// <summary>Rows of the user and of the user's teams (Basic).</summary>
    User = 1,

    /// <summary>Rows of the user's business unit (Local).</summary>
    BusinessUnit = 2,

    /// <summary>And of the units below it (Deep).</summary>
    ParentChildBusinessUnits = 3,

    /// <summary>All rows (Global).</summary>
    Organization = 4,
}

/// <summary>A security role as its pack declares it.</summary>
public sealed record RoleDefinition(Guid Id, string Name, Label Title, string Pack)
{
    /// <summary>Entity standing for all entities in <see cref="Privileges"/>.</summary>
    public const string AnyEntity = "*";

    /// <summary>Depth by entity and privilege.</summary>
    public required FrozenDictionary<(string Entity, Privilege Privilege), PrivilegeDepth> Privileges { get; init; }

    /// <summary>Depth granted on an entity; <see cref="PrivilegeDepth.None"/> when the role says nothing.</summary>
    public PrivilegeDepth DepthOf(string entity, Privilege privilege)
    {
        var own = Privileges.GetValueOrDefault((entity, privilege));
        var any = Privileges.GetValueOrDefault((AnyEntity, privilege));
        return own > any ? own : any;
    }
}

/// <summary>Navigation of the generated app.</summary>
public sealed record AppDefinition(string Name, Label Title, string? Icon, string Pack, ImmutableArray<AppGroup> Groups);

public sealed record AppGroup(string Name, Label Title, ImmutableArray<string> Entities);

/// <summary>A global choice.</summary>
public sealed record ChoiceDefinition(string Name, Label Title, string Pack, ImmutableArray<ChoiceOption> Options);

/// <param name="Prefix">Begins every name of the pack, without the underscore; empty for core and the customization.</param>
public sealed record PackDefinition(string Id, string Version, string Prefix, Label Title, Label? Description, ImmutableArray<SeedFile> Seeds)
{
    /// <summary>Id of what the administrators of an installation changed: the layer above all packs.</summary>
    public const string Customization = "customization";
}

/// <summary>Rows that a pack brings along.</summary>
/// <param name="File">Path inside the pack, for messages.</param>
/// <param name="Key">Attributes by which a row is found again.</param>
/// <param name="Demo">Only with <c>--demo</c>.</param>
/// <param name="Rows">Values by attribute, of the attribute's .NET type; lookups as <see cref="SeedReference"/>.</param>
public sealed record SeedFile(string File, string Entity, ImmutableArray<string> Key, bool Demo, ImmutableArray<ImmutableDictionary<string, object?>> Rows);

/// <summary>A row named by entity and key values.</summary>
public sealed record SeedReference(string Entity, ImmutableDictionary<string, object?> Key);
