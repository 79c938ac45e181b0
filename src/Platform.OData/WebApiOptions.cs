namespace Platform.OData;

/// <summary>What an operator may set of the Web API.</summary>
public sealed class WebApiOptions
{
    /// <summary>Largest request body, in bytes; more is 413.</summary>
    public long MaxBodyBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Id of this installation, as <c>WhoAmI()</c> reports it.</summary>
    public Guid OrganizationId { get; set; }
}
