using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>
/// Makes an Update or a Create of an Upsert, by whether the row is there. When another message makes or deletes the row
/// meanwhile, what was begun has come to nothing and the question is asked again: who upserts is never told of a race.
/// </summary>
internal sealed class UpsertRun(Lazy<MessagePipeline> pipeline, Database database)
{
    private const int MostAttempts = 5;

    public async Task<MessageResult> RunAsync(Upsert upsert, MessageScope scope, CancellationToken ct)
    {
        var entity = WriteAdmission.Entity(upsert, scope);
        var isMeant = Condition(entity, upsert, scope);
        for (var attempt = 1; ; attempt++)
        {
            var isGuess = attempt == 1 && MayBeginWithUpdate(entity, upsert, scope);
            var id = isGuess ? upsert.Target.Id : await FindAsync(entity, isMeant, scope, ct);
            if (id is not null && upsert.CreateOnly) throw Errors.RecordExists(entity.LogicalName);
            try
            {
                var result = await pipeline.Value.RunNestedAsync(id is { } known ? ToUpdate(entity, upsert, known) : ToCreate(upsert), scope.ForPart(), ct);
                return result with { Created = id is null };
            }
            catch (PlatformException refused) when (refused.Kind == (id is null ? ErrorKind.Precondition : ErrorKind.NotFound))
            {
                var found = await FindAsync(entity, isMeant, scope, ct);
                if ((found != id || isGuess) && attempt < MostAttempts) continue;
                // A row that the caller may not see, found by its key: its id is not told.
                if (found is not null && !upsert.Key.IsEmpty && refused.Kind == ErrorKind.NotFound) throw Errors.KeyNotFound(entity.LogicalName, KeyText(upsert));
                throw;
            }
        }
    }

    /// <summary>Most rows that are written by their id are there: then the question need not be asked, as long as nothing runs before the row is looked at.</summary>
    private static bool MayBeginWithUpdate(EntityDefinition entity, Upsert upsert, MessageScope scope) =>
        upsert.Key.IsEmpty && !upsert.CreateOnly
        && AccessPolicy.Depth(scope.Metadata, scope.Caller, entity, Privilege.Write) != PrivilegeDepth.None
        && !StepTable.Of(scope.Metadata).For(entity.LogicalName, nameof(Update)).All.Any(step => step.Stage == PluginStage.PreValidation);

    private static FilterNode Condition(EntityDefinition entity, Upsert upsert, MessageScope scope)
    {
        if (upsert.Key.IsEmpty)
        {
            return upsert.Target.Id != Guid.Empty
                ? new Compare(entity.PrimaryId, Comparison.Equal, upsert.Target.Id)
                : throw Errors.BadRequest($"The row of '{entity.LogicalName}' to be written has neither an id nor the values of a key.");
        }
        var key = entity.Keys.FirstOrDefault(key => key.Attributes.Length == upsert.Key.Length && upsert.Key.All(part => key.Attributes.Contains(part.Key)))
            ?? throw Errors.UnknownKey(entity.LogicalName, KeyText(upsert), [.. entity.Keys.Select(known => string.Join(',', known.Attributes))]);
        // Before it is built more than one row may have these values.
        if (scope.Metadata.BuildOf(entity, key) is { } build) throw Errors.KeyNotActive(entity.LogicalName, key.Name, build.State.ToString());
        return new AllOf([.. upsert.Key.Select(FilterNode (part) => new Compare(entity.Attribute(part.Key), Comparison.Equal, part.Value))]);
    }

    private async Task<Guid?> FindAsync(EntityDefinition entity, FilterNode isMeant, MessageScope scope, CancellationToken ct)
    {
        var found = scope.Session is { } session ? await FindInAsync(session, ct) : await database.ReadAsync(FindInAsync, ct);
        return found.Count == 0 ? null : found[0];

        Task<IReadOnlyList<Guid>> FindInAsync(SqlSession session, CancellationToken token) =>
            RecordStore.FindAsync(scope.Metadata, session, entity, isMeant, 1, token);
    }

    private static Update ToUpdate(EntityDefinition entity, Upsert upsert, Guid id)
    {
        var changes = upsert.Target.Copy();
        foreach (var (attribute, _) in upsert.Key) changes.Remove(attribute);
        if (changes.Id != Guid.Empty && changes.Id != id) throw Errors.OtherId(entity.LogicalName, changes.Id);
        changes.Id = id;
        return new Update(changes);
    }

    private static Create ToCreate(Upsert upsert)
    {
        var row = upsert.Target.Copy();
        foreach (var (attribute, value) in upsert.Key)
        {
            if (!row.Contains(attribute)) row[attribute] = value;
        }
        return new Create(row);
    }

    private static string KeyText(Upsert upsert) => string.Join(',', upsert.Key.Select(part => part.Key));
}
