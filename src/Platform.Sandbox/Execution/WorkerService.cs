using Platform.Sdk;

namespace Platform.Sandbox.Execution;

/// <summary>Turns the service calls of a C# script into frames.</summary>
internal sealed class WorkerService(ScriptRun run) : IPluginService
{
    public Guid Create(EntityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return (Guid)run.Call("create", record)!;
    }

    public void Update(EntityRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        run.Call("update", record);
    }

    public void Delete(EntityReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        run.Call("delete", reference);
    }

    public EntityRecord Retrieve(EntityReference? reference, params string[] attributes)
    {
        if (reference is null) throw new ArgumentNullException(nameof(reference), "Retrieve was given an empty lookup. Check it before the call.");
        return (EntityRecord)run.Call("retrieve", reference, attributes)!;
    }

    public IReadOnlyList<EntityRecord> RetrieveMultiple(string logicalName, string query)
    {
        ArgumentNullException.ThrowIfNull(logicalName);
        return [.. ((List<object?>)run.Call("retrieveMultiple", logicalName, query ?? "")!).Cast<EntityRecord>()];
    }

    public void Associate(EntityReference target, string relationship, params EntityReference[] related) => Link("associate", target, relationship, related);

    public void Disassociate(EntityReference target, string relationship, params EntityReference[] related) => Link("disassociate", target, relationship, related);

    public PluginParameters Execute(string message, PluginParameters? input = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (PluginParameters)run.Call("execute", message, input ?? new PluginParameters())!;
    }

    private void Link(string call, EntityReference target, string relationship, EntityReference[] related)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(relationship);
        ArgumentNullException.ThrowIfNull(related);
        foreach (var row in related) ArgumentNullException.ThrowIfNull(row, nameof(related));
        run.Call(call, target, relationship, related);
    }
}
