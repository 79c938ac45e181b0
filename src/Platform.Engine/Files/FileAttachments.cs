using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Files;

/// <summary>What a write of a row means for the content of its file and image columns.</summary>
internal static class FileAttachments
{
    /// <summary>Ties uploads to the row, and removes the content that they replace.</summary>
    /// <param name="row">New row, or the changes of one.</param>
    /// <param name="before">The row as it was; <c>null</c> for a new one.</param>
    /// <returns>What the history tells of content that came or went.</returns>
    /// <exception cref="PlatformException">A column names content that its caller has not uploaded for it.</exception>
    public static async Task<FileFacts> AttachAsync(EntityDefinition entity, EntityRecord row, EntityRecord? before, MessageScope scope, CancellationToken ct)
    {
        if (entity.Files.IsEmpty) return FileFacts.None;
        var facts = new FileFacts();
        foreach (var name in entity.Files.Select(attribute => attribute.LogicalName).Where(row.Contains))
        {
            var (next, old) = (row[name] as Guid?, before?[name] as Guid?);
            if (next == old) continue;
            if (next is { } id && !await FileTable.AttachAsync(scope.InTransaction, id, entity.LogicalName, name, row.Id, scope.Caller.UserId, ct))
                throw Errors.NotUploaded(entity.LogicalName, name, id);
            foreach (var known in new[] { next, old }.OfType<Guid>()) facts.Add(await FileTable.FindAsync(scope.InTransaction, known, ct));
            if (old is { } gone) await FileTable.RemoveAsync(scope.InTransaction, gone, ct);
        }
        return facts;
    }

    /// <summary>Removes the content of a row that is deleted.</summary>
    /// <returns>What the history tells of it.</returns>
    public static async Task<FileFacts> RemoveAsync(EntityDefinition entity, EntityRecord before, MessageScope scope, CancellationToken ct)
    {
        var facts = entity.Files.IsEmpty ? FileFacts.None : new FileFacts();
        foreach (var id in entity.Files.Select(attribute => before[attribute.LogicalName]).OfType<Guid>()) facts.Add(await FileTable.FindAsync(scope.InTransaction, id, ct));
        await FileTable.RemoveOfRowAsync(scope.InTransaction, entity.LogicalName, before.Id, ct);
        return facts;
    }
}

/// <summary>Name and size of content, which the history tells in place of its id.</summary>
internal sealed class FileFacts
{
    private readonly Dictionary<Guid, StoredFile> files = [];

    public static FileFacts None { get; } = new();

    public void Add(StoredFile? file)
    {
        if (file is not null) files[file.Id] = file;
    }

    public StoredFile? Find(Guid id) => files.GetValueOrDefault(id);
}
