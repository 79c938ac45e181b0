using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>The messages that a step sends by name with <c>Service.Execute</c>: custom APIs, and those of Dataverse's that have no method of their own.</summary>
internal static class StepMessages
{
    /// <param name="input">Parameters in Dataverse's names.</param>
    /// <exception cref="PlatformException">There is no such message, or a parameter is missing or of another type.</exception>
    public static Message Of(string name, PluginParameters input, MetadataSnapshot metadata) => name switch
    {
        nameof(Assign) => new Assign(Row(name, input, "Target"), Row(name, input, "Assignee")),
        nameof(SetState) => new SetState(Row(name, input, "EntityMoniker"), Number(name, input, "State") ?? throw Errors.MissingApiParameter(name, "State"), Number(name, input, "Status") is { } status and >= 0 ? status : null),
        nameof(Merge) => new Merge(Row(name, input, "Target"), Row(name, input, "Subordinate"), Content(name, input), Flag(name, input, "PerformParentingChecks")),
        nameof(GrantAccess) => new GrantAccess(Row(name, input, "Target"), Access(name, input)),
        nameof(ModifyAccess) => new ModifyAccess(Row(name, input, "Target"), Access(name, input)),
        nameof(RevokeAccess) => new RevokeAccess(Row(name, input, "Target"), Row(name, input, "Revokee")),
        _ => CustomApiRequest.Of(metadata.FindApi(name) ?? throw Errors.UnknownApi(name), input),
    };

    private static EntityReference Row(string message, PluginParameters input, string name) => input[name] switch
    {
        EntityReference row => row,
        null => throw Errors.MissingApiParameter(message, name),
        _ => throw Errors.WrongApiValue(message, name, "a reference to a row", "something else"),
    };

    private static int? Number(string message, PluginParameters input, string name) => input[name] switch
    {
        null => null,
        int number => number,
        _ => throw Errors.WrongApiValue(message, name, "a whole number", "something else"),
    };

    private static bool Flag(string message, PluginParameters input, string name) => input[name] switch
    {
        null => false,
        bool flag => flag,
        _ => throw Errors.WrongApiValue(message, name, "true or false", "something else"),
    };

    private static EntityRecord? Content(string message, PluginParameters input) => input["UpdateContent"] switch
    {
        null => null,
        EntityRecord content => content,
        _ => throw Errors.WrongApiValue(message, "UpdateContent", "a row", "something else"),
    };

    // Dataverse's object: { Principal, AccessMask: "ReadAccess, WriteAccess" }.
    private static PrincipalAccess Access(string message, PluginParameters input)
    {
        if (input[nameof(PrincipalAccess)] is not PluginParameters access) throw Errors.MissingApiParameter(message, nameof(PrincipalAccess));
        return access["AccessMask"] is string text && Enum.TryParse<AccessRights>(text, out var rights) && (rights & ~AccessRight.All) == AccessRights.None
            ? new PrincipalAccess(Row(message, access, "Principal"), rights)
            : throw Errors.WrongApiValue(message, "AccessMask", $"names of rights ({string.Join(", ", Enum.GetNames<AccessRights>())})", "something else");
    }
}
