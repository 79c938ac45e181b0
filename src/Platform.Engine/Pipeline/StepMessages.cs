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
        nameof(Assign) => new Assign(StepParameters.Row(name, input, "Target"), StepParameters.Row(name, input, "Assignee")),
        nameof(SetState) => new SetState(StepParameters.Row(name, input, "EntityMoniker"), StepParameters.Number(name, input, "State") ?? throw Errors.MissingApiParameter(name, "State"), StepParameters.Number(name, input, "Status") is { } status and >= 0 ? status : null),
        nameof(Merge) => new Merge(StepParameters.Row(name, input, "Target"), StepParameters.Row(name, input, "Subordinate"), StepParameters.Record(name, input, "UpdateContent"), StepParameters.Flag(name, input, "PerformParentingChecks")),
        nameof(GrantAccess) => new GrantAccess(StepParameters.Row(name, input, "Target"), Access(name, input)),
        nameof(ModifyAccess) => new ModifyAccess(StepParameters.Row(name, input, "Target"), Access(name, input)),
        nameof(RevokeAccess) => new RevokeAccess(StepParameters.Row(name, input, "Target"), StepParameters.Row(name, input, "Revokee")),
        _ => CustomApiRequest.Of(metadata.FindApi(name) ?? throw Errors.UnknownApi(name), input),
    };

    // Dataverse's object: { Principal, AccessMask: "ReadAccess, WriteAccess" }.
    private static PrincipalAccess Access(string message, PluginParameters input)
    {
        if (input[nameof(PrincipalAccess)] is not PluginParameters access) throw Errors.MissingApiParameter(message, nameof(PrincipalAccess));
        return access["AccessMask"] is string text && Enum.TryParse<AccessRights>(text, out var rights) && (rights & ~AccessRight.All) == AccessRights.None
            ? new PrincipalAccess(StepParameters.Row(message, access, "Principal"), rights)
            : throw Errors.WrongApiValue(message, "AccessMask", $"names of rights ({string.Join(", ", Enum.GetNames<AccessRights>())})", "something else");
    }
}
