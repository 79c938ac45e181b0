namespace Platform.Sdk.Hosting;

/// <summary>
/// The seam between the engine and whatever executes scripts. The engine calls it, the sandbox implements it;
/// neither knows the other.
/// </summary>
public interface IPluginHost : IAsyncDisposable
{
    /// <summary>Compiles and checks a script. Called at publish, never on the path of a message.</summary>
    /// <exception cref="ScriptCompilationException">The script is refused; every error carries file, line and column.</exception>
    Task<ScriptImage> CompileAsync(ScriptSource source, CancellationToken ct);

    /// <summary>Runs a compiled script once. <paramref name="services"/> is called back for each service call, one at a time.</summary>
    /// <exception cref="PluginFailedException">The script threw, ran out of a limit, or its worker died.</exception>
    Task<PluginOutcome> RunAsync(PluginRun run, IPluginServices services, CancellationToken ct);
}

/// <summary>Answers the service calls of one run, on the engine's side: each is a message in the transaction of the run's message.</summary>
public interface IPluginServices
{
    Task<Guid> CreateAsync(EntityRecord record, CancellationToken ct);

    Task UpdateAsync(EntityRecord record, CancellationToken ct);

    Task DeleteAsync(EntityReference reference, CancellationToken ct);

    /// <param name="attributes">Empty: all.</param>
    Task<EntityRecord> RetrieveAsync(EntityReference reference, IReadOnlyList<string> attributes, CancellationToken ct);

    /// <param name="query">An OData query string.</param>
    Task<IReadOnlyList<EntityRecord>> RetrieveMultipleAsync(string logicalName, string query, CancellationToken ct);

    /// <param name="relationship">Navigation property of the target, or schema name of the relationship.</param>
    Task AssociateAsync(EntityReference target, string relationship, IReadOnlyList<EntityReference> related, CancellationToken ct);

    /// <param name="relationship">Navigation property of the target, or schema name of the relationship.</param>
    Task DisassociateAsync(EntityReference target, string relationship, IReadOnlyList<EntityReference> related, CancellationToken ct);

    /// <summary>Sends a message by name.</summary>
    /// <returns>Its response properties.</returns>
    Task<PluginParameters> ExecuteAsync(string message, PluginParameters input, CancellationToken ct);
}

/// <summary>Thrown by <see cref="IPluginServices"/> for a refused service call: the script sees it as an exception with this code and sentence and may catch it.</summary>
public sealed class ServiceCallException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
