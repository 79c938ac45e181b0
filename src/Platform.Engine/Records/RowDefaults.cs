using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>Values that the engine sets: defaults, state and status, owner and business unit, who and when.</summary>
internal static class RowDefaults
{
    /// <summary>The attributes of a row that a change reads: those it changes, and those that follow or decide.</summary>
    public static ImmutableArray<AttributeDefinition> Touched(EntityDefinition entity, EntityRecord changes)
    {
        var names = new HashSet<string>(changes.Attributes.Keys, StringComparer.Ordinal);
        foreach (var attribute in FullName.Of(entity)) names.UnionWith([attribute.LogicalName, attribute.FullName!.Given, attribute.FullName.Family]);
        names.UnionWith(BaseAmounts.Needed(entity, changes));
        names.UnionWith(PersonalViewCheck.Needed(entity, changes));
        if (entity.HasState) names.UnionWith([SystemAttributes.StateCode, SystemAttributes.StatusCode]);
        if (entity.Ownership == Ownership.User) names.UnionWith([SystemAttributes.OwnerId, SystemAttributes.OwningBusinessUnit]);
        return [.. entity.Attributes.Where(attribute => names.Contains(attribute.LogicalName))];
    }

    /// <summary>Completes a new row.</summary>
    public static async Task FillAsync(EntityDefinition entity, EntityRecord row, MessageScope scope, CancellationToken ct)
    {
        foreach (var attribute in entity.Attributes)
        {
            // State and status have defaults that depend on each other; SetState knows them.
            if (attribute.Kind is AttributeKind.State or AttributeKind.Status) continue;
            if (attribute.Default is { } value && !row.Contains(attribute.LogicalName)) row[attribute.LogicalName] = value;
        }
        await AutoNumbering.FillAsync(entity, row, scope, ct);
        foreach (var attribute in FullName.Of(entity)) FullName.Fill(attribute, row);
        if (entity.HasState) SetState(entity, row, before: null, scope.Caller.Language);
        if (entity.Ownership == Ownership.User) await SetOwnerAsync(row, scope, ct);
        row[SystemAttributes.CreatedOn] = row.Get<DateTime?>(SystemAttributes.OverriddenCreatedOn) ?? scope.Now;
        row[SystemAttributes.CreatedBy] = scope.Caller.User;
        row[SystemAttributes.ModifiedOn] = scope.Now;
        row[SystemAttributes.ModifiedBy] = scope.Caller.User;
        if (row.Contains(SystemAttributes.OverriddenCreatedOn)) row[SystemAttributes.OverriddenCreatedOn] = scope.Now;
    }

    /// <summary>Completes a change.</summary>
    public static async Task FollowAsync(EntityDefinition entity, EntityRecord changes, EntityRecord before, MessageScope scope, CancellationToken ct)
    {
        if (entity.HasState && (changes.Contains(SystemAttributes.StateCode) || changes.Contains(SystemAttributes.StatusCode))) SetState(entity, changes, before, scope.Caller.Language);
        foreach (var attribute in FullName.Of(entity)) FullName.Follow(attribute, changes, before);
        if (changes.Contains(SystemAttributes.OwnerId)) await SetOwnerAsync(changes, scope, ct);
        changes.Remove(SystemAttributes.OverriddenCreatedOn);
        changes[SystemAttributes.ModifiedOn] = scope.Now;
        changes[SystemAttributes.ModifiedBy] = scope.Caller.User;
    }

    // State and status are one fact in two columns: either one given brings the other along, both given must agree.
    private static void SetState(EntityDefinition entity, EntityRecord row, EntityRecord? before, string language)
    {
        var statuses = entity.Attribute(SystemAttributes.StatusCode).Options;
        var state = row.Get<int?>(SystemAttributes.StateCode);
        var status = row.Get<int?>(SystemAttributes.StatusCode);
        var old = before is null ? null : statuses.FirstOrDefault(option => option.Value == before.Get<int>(SystemAttributes.StatusCode));
        if (status is { } given)
        {
            var itsState = statuses.First(option => option.Value == given).State!.Value;
            if (state is { } wanted && wanted != itsState) throw Errors.StatusNotOfState(entity.LogicalName, wanted, given);
            state = itsState;
        }
        else
        {
            state ??= before?.Get<int>(SystemAttributes.StateCode) ?? entity.Attribute(SystemAttributes.StateCode).Options[0].Value;
            var unchanged = before is not null && before.Get<int>(SystemAttributes.StateCode) == state;
            status = unchanged ? before!.Get<int>(SystemAttributes.StatusCode) : DefaultStatus(statuses.Where(option => option.State == state), old).Value;
        }
        if (old is not null && !old.MayBecome(status.Value)) throw Errors.InvalidTransition(entity.LogicalName, old.Label.For(language), statuses.First(option => option.Value == status).Label.For(language));
        row[SystemAttributes.StateCode] = state;
        row[SystemAttributes.StatusCode] = status;
    }

    /// <summary>The first status of a state that may follow; where none may, the first.</summary>
    private static ChoiceOption DefaultStatus(IEnumerable<ChoiceOption> ofState, ChoiceOption? old) =>
        ofState.FirstOrDefault(option => old is null || old.MayBecome(option.Value)) ?? ofState.First();

    private static async Task SetOwnerAsync(EntityRecord row, MessageScope scope, CancellationToken ct)
    {
        var owner = row.GetLookup(SystemAttributes.OwnerId) ?? scope.Caller.User;
        row[SystemAttributes.OwnerId] = owner;
        var unit = owner.Id == scope.Caller.UserId ? scope.Caller.BusinessUnitId : await UnitAsync(owner, scope, ct);
        row[SystemAttributes.OwningBusinessUnit] = new EntityReference("businessunit", unit);
    }

    private static async Task<Guid> UnitAsync(EntityReference owner, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(owner.LogicalName);
        var row = await RecordStore.LockAsync(scope.Metadata, scope.InTransaction, entity, owner.Id, [entity.Attribute("businessunitid")], ct)
            ?? throw Errors.LookupTargetNotFound(SystemAttributes.OwnerId, owner);
        return row.GetLookup("businessunitid")?.Id ?? Guid.Empty;
    }
}
