using System.Collections.Frozen;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>What steps on a message can ask for.</summary>
/// <param name="PreImage">There is a row before it.</param>
/// <param name="PostImage">There is a row after it.</param>
/// <param name="IsFiltered">They may run for some attributes only.</param>
/// <param name="OnlyReads">Nothing is written.</param>
internal sealed record StepMessage(string Name, bool PreImage = false, bool PostImage = false, bool IsFiltered = false, bool OnlyReads = false)
{
    /// <summary>The messages about rows of a table, those that steps are mostly on first.</summary>
    public static FrozenDictionary<string, StepMessage> All { get; } = Known.ToFrozenDictionary(message => message.Name, StringComparer.Ordinal);

    public static string[] Names { get; } = [.. Known.Select(message => message.Name)];

    private static StepMessage[] Known =>
    [
        new("Create", PostImage: true), new("Update", PreImage: true, PostImage: true, IsFiltered: true), new("Delete", PreImage: true),
        new("CreateMultiple"), new("UpdateMultiple", IsFiltered: true), new("DeleteMultiple"),
        new("Associate"), new("Disassociate"), new("Assign", PreImage: true, PostImage: true), new("SetState", PreImage: true, PostImage: true), new("Merge"),
        new("GrantAccess"), new("ModifyAccess"), new("RevokeAccess"), new("Retrieve", OnlyReads: true), new("RetrieveMultiple", OnlyReads: true),
    ];
}
