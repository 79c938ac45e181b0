namespace Platform.OData;

/// <summary>What an operator may set of the Web API: section <c>WebApi</c> of the configuration.</summary>
public sealed class WebApiOptions
{
    /// <summary>Largest request body, in bytes; more is 413.</summary>
    public long MaxBodyBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Largest body of a batch, in bytes; more is 413. Each request in it is held to <see cref="MaxBodyBytes"/>.</summary>
    public long MaxBatchBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Service protection limits of each user; none unless set.</summary>
    public ServiceLimitOptions Limits { get; set; } = new();
}
