namespace Platform.Engine.History;

/// <summary>Ways in which the sharing of a row changes, as values of the choice <c>action</c> of the audit.</summary>
internal enum ShareEvent
{
    GrantAccess = 14,
    ModifyAccess = 48,
    RevokeAccess = 49,
}
