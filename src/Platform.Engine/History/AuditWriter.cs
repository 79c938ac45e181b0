using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Engine.Files;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.History;

/// <summary>Writes who changed what, when and through which step, in the transaction of the change.</summary>
internal sealed class AuditWriter(TimeProvider clock)
{
    private const string AuditEntity = "audit";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Values of the choice <c>operation</c>.</summary>
    private enum Operation
    {
        Create = 1,
        Update = 2,
        Delete = 3,
    }

    /// <summary>Values of the choice <c>action</c>, by the names of their messages.</summary>
    private enum Event
    {
        Create = 1,
        Update = 2,
        Delete = 3,
        Merge = 12,
        GrantAccess = ShareEvent.GrantAccess,
        Associate = 33,
        Disassociate = 34,
        ModifyAccess = ShareEvent.ModifyAccess,
        RevokeAccess = ShareEvent.RevokeAccess,
    }

    /// <param name="files">Name and size of the content that came or went with the change.</param>
    public Task CreatedAsync(EntityDefinition entity, EntityRecord row, FileFacts files, MessageScope scope, CancellationToken ct) =>
        WriteAsync(Operation.Create, entity, row.Id, null, row, files, scope, ct);

    public Task UpdatedAsync(EntityDefinition entity, EntityRecord before, EntityRecord changes, FileFacts files, MessageScope scope, CancellationToken ct) =>
        WriteAsync(Operation.Update, entity, changes.Id, before, changes, files, scope, ct);

    public Task DeletedAsync(EntityDefinition entity, EntityRecord before, FileFacts files, MessageScope scope, CancellationToken ct) =>
        WriteAsync(Operation.Delete, entity, before.Id, before, null, files, scope, ct);

    /// <summary>A row was tied to another one of an N:N relationship, or untied from it.</summary>
    /// <param name="navigation">Navigation property of the row that leads to <paramref name="other"/>.</param>
    public async Task LinkedAsync(EntityReference row, string navigation, EntityReference other, bool linked, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(row.LogicalName);
        if (!entity.Audited) return;
        using var buffer = new MemoryStream(128);
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(navigation);
            WriteValue(writer, linked ? "new" : "old", other);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        var change = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
        await InsertAsync(Operation.Update, linked ? Event.Associate : Event.Disassociate, entity, row.Id, change, scope, ct);
    }

    /// <summary>Two rows were made one; the history of both says so.</summary>
    public async Task MergedAsync(EntityReference target, EntityReference subordinate, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(target.LogicalName);
        if (!entity.Audited) return;
        foreach (var (row, name, other) in new[] { (target, "subordinate", subordinate), (subordinate, "target", target) })
        {
            var change = JsonSerializer.Serialize(new Dictionary<string, object> { [name] = new { @new = $"{other.LogicalName},{other.Id:D}" } });
            await InsertAsync(Operation.Update, Event.Merge, entity, row.Id, change, scope, ct);
        }
    }

    /// <summary>A row was shared otherwise than before; its history says with whom and how.</summary>
    public async Task SharedAsync(EntityReference row, Share before, Share after, ShareEvent action, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(row.LogicalName);
        if (!entity.Audited) return;
        var name = $"{after.Principal.LogicalName},{after.Principal.Id:D}";
        var change = JsonSerializer.Serialize(new Dictionary<string, object> { [name] = new { old = before.Rights.ToString(), @new = after.Rights.ToString() } });
        await InsertAsync(Operation.Update, (Event)action, entity, row.Id, change, scope, ct);
    }

    private async Task WriteAsync(Operation operation, EntityDefinition entity, Guid id, EntityRecord? before, EntityRecord? after, FileFacts files, MessageScope scope, CancellationToken ct)
    {
        if (!entity.Audited || entity.EngineOwned) return;
        var (changes, any) = Changes(entity, before, after, files);
        if (!any && operation == Operation.Update) return;
        await InsertAsync(operation, (Event)operation, entity, id, changes, scope, ct);
    }

    private async Task InsertAsync(Operation operation, Event action, EntityDefinition entity, Guid id, string changes, MessageScope scope, CancellationToken ct)
    {
        var row = new EntityRecord(AuditEntity, RowId.New(clock.GetUtcNow()))
        {
            ["objectid"] = id,
            ["objecttypecode"] = entity.LogicalName,
            ["operation"] = (int)operation,
            ["action"] = (int)action,
            ["userid"] = scope.Caller.User,
            ["changedata"] = changes,
            ["messagename"] = action.ToString(),
            ["stepname"] = scope.SentBy?.Name,
            ["transactionid"] = scope.CorrelationId,
            [SystemAttributes.CreatedOn] = scope.Now,
            [SystemAttributes.CreatedBy] = scope.Caller.User,
            [SystemAttributes.VersionNumber] = await scope.InTransaction.NextVersionAsync(ct),
        };
        await RecordStore.InsertAsync(scope.InTransaction, scope.Metadata.Entity(AuditEntity), row, ct);
    }

    /// <summary>Old and new value of each audited attribute that changed, as JSON.</summary>
    private static (string Json, bool Any) Changes(EntityDefinition entity, EntityRecord? before, EntityRecord? after, FileFacts files)
    {
        using var buffer = new MemoryStream(512);
        using var writer = new Utf8JsonWriter(buffer, Readable);
        var any = false;
        writer.WriteStartObject();
        foreach (var name in (after ?? before)!.Attributes.Keys)
        {
            var attribute = entity.Attribute(name);
            if (!attribute.Audited || attribute.Origin == AttributeOrigin.Engine || Equals(before?[name], after?[name])) continue;
            any = true;
            writer.WriteStartObject(name);
            WriteValue(writer, "old", Told(attribute, before?[name], files));
            WriteValue(writer, "new", Told(attribute, after?[name], files));
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.Flush();
        return (Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length), any);
    }

    // The id of content that is gone says nothing any more.
    private static object? Told(AttributeDefinition attribute, object? value, FileFacts files) =>
        attribute.IsFile && value is Guid id && files.Find(id) is { } file ? string.Create(CultureInfo.InvariantCulture, $"{file.Name} ({file.Size} bytes)") : value;

    private static void WriteValue(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null: break;
            case GeoPoint point: writer.WriteString(name, point.ToString()); break;
            case ChoiceValues choices: writer.WriteString(name, choices.ToString()); break;
            case string text: writer.WriteString(name, text); break;
            case int number: writer.WriteNumber(name, number); break;
            case long number: writer.WriteNumber(name, number); break;
            case decimal number: writer.WriteNumber(name, number); break;
            case double number: writer.WriteNumber(name, number); break;
            case bool flag: writer.WriteBoolean(name, flag); break;
            case DateTime time: writer.WriteString(name, time); break;
            case DateOnly date: writer.WriteString(name, date.ToString("O", CultureInfo.InvariantCulture)); break;
            case Guid id: writer.WriteString(name, id); break;
            case EntityReference reference: writer.WriteString(name, $"{reference.LogicalName},{reference.Id:D}"); break;
            default: throw new InvalidOperationException($"{value.GetType().Name} has no audit form.");
        }
    }
}
