using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Tests;

/// <summary>The engine's side of service calls: rows in memory, and a hook for tests that need something else to happen.</summary>
internal sealed class MemoryServices : IPluginServices
{
    public Dictionary<Guid, EntityRecord> Rows { get; } = [];

    public List<string> Calls { get; } = [];

    /// <summary>Runs before each call.</summary>
    public Func<string, CancellationToken, Task>? OnCall { get; init; }

    public async Task<Guid> CreateAsync(EntityRecord record, CancellationToken ct)
    {
        await EnterAsync($"create {record.LogicalName}", ct);
        if (record.Id == Guid.Empty) record.Id = Guid.CreateVersion7();
        Rows[record.Id] = record;
        return record.Id;
    }

    public async Task UpdateAsync(EntityRecord record, CancellationToken ct)
    {
        await EnterAsync($"update {record.LogicalName}", ct);
        foreach (var (name, value) in record.Attributes) Find(record.ToReference()).Set(name, value);
    }

    public async Task DeleteAsync(EntityReference reference, CancellationToken ct)
    {
        await EnterAsync($"delete {reference.LogicalName}", ct);
        Rows.Remove(Find(reference).Id);
    }

    public async Task<EntityRecord> RetrieveAsync(EntityReference reference, IReadOnlyList<string> attributes, CancellationToken ct)
    {
        await EnterAsync($"retrieve {reference.LogicalName} {string.Join(',', attributes)}", ct);
        var row = Find(reference);
        var copy = new EntityRecord(row.LogicalName, row.Id) { Version = row.Version };
        foreach (var (name, value) in row.Attributes)
            if (attributes.Count == 0 || attributes.Contains(name)) copy.Set(name, value);
        return copy;
    }

    public async Task<IReadOnlyList<EntityRecord>> RetrieveMultipleAsync(string logicalName, string query, CancellationToken ct)
    {
        await EnterAsync($"retrieveMultiple {logicalName} {query}", ct);
        return [.. Rows.Values.Where(row => row.LogicalName == logicalName && row.Attributes.Values.OfType<string>().All(text => query.Contains($"'{text}'", StringComparison.Ordinal)))];
    }

    public Task AssociateAsync(EntityReference target, string relationship, IReadOnlyList<EntityReference> related, CancellationToken ct) =>
        EnterAsync($"associate {target.LogicalName} {relationship} {string.Join(',', related)}", ct);

    public Task DisassociateAsync(EntityReference target, string relationship, IReadOnlyList<EntityReference> related, CancellationToken ct) =>
        EnterAsync($"disassociate {target.LogicalName} {relationship} {string.Join(',', related)}", ct);

    /// <summary>Answers with what it is given.</summary>
    public async Task<PluginParameters> ExecuteAsync(string message, PluginParameters input, CancellationToken ct)
    {
        await EnterAsync($"execute {message}", ct);
        return input;
    }

    private Task EnterAsync(string call, CancellationToken ct)
    {
        Calls.Add(call);
        return OnCall?.Invoke(call, ct) ?? Task.CompletedTask;
    }

    private EntityRecord Find(EntityReference reference) =>
        Rows.TryGetValue(reference.Id, out var row) ? row : throw new ServiceCallException("0x80040217", $"{reference.LogicalName} With Id = {reference.Id} Does Not Exist");
}
