using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>Gives each user a row of settings, and takes it back with the user.</summary>
internal sealed class SettingsOfUsers(Lazy<MessagePipeline> pipeline)
{
    /// <summary>A row was created: a user gets settings.</summary>
    public async Task CreatedAsync(EntityDefinition entity, Guid id, MessageScope scope, CancellationToken ct)
    {
        if (TableFor(entity, scope) is not null) await pipeline.Value.RunNestedAsync(new Create(UserSettings.New(id)), scope.ForCascade(), ct);
    }

    /// <summary>A row is about to be deleted: a user's settings go first, since they are the user's own.</summary>
    public async Task DeletingAsync(EntityDefinition entity, Guid id, MessageScope scope, CancellationToken ct)
    {
        if (TableFor(entity, scope) is { } table && await RecordStore.ExistsAsync(scope.InTransaction, table, id, ct))
            await pipeline.Value.RunNestedAsync(new Delete(UserSettings.RowOf(id)), scope.ForCascade(), ct);
    }

    /// <exception cref="PlatformException">The row is a user's settings, and the user stays.</exception>
    public static void DemandGoesWithUser(EntityReference row, MessageScope scope)
    {
        if (UserSettings.Of(scope.Metadata)?.LogicalName != row.LogicalName) return;
        if (scope.Parent?.Before is { LogicalName: "systemuser" } user && user.Id == row.Id && scope.IsCascade) return;
        throw Errors.SettingsOfUser();
    }

    private static EntityDefinition? TableFor(EntityDefinition entity, MessageScope scope) => entity.LogicalName == "systemuser" ? UserSettings.Of(scope.Metadata) : null;
}
