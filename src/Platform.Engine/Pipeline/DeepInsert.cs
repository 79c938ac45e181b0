using System.Collections.Immutable;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>
/// The rows that are created and tied together with a new row, each through the pipeline and as the caller: first those
/// that its lookups lead to, then the row, then those that lead to it. A failure names the row by its place.
/// </summary>
internal sealed class DeepInsert(Lazy<MessagePipeline> pipeline, TimeProvider clock)
{
    /// <summary>Gives the rows that lookups lead to their ids, and the lookups their values: the row's steps see whole lookups.</summary>
    /// <exception cref="PlatformException">A relationship is not there, or leads to another entity.</exception>
    public Create Link(Create create, MessageScope scope)
    {
        if (create.Related.IsDefaultOrEmpty) return create;
        var entity = scope.Metadata.Entity(create.EntityName);
        var target = create.Target.Copy();
        var related = ImmutableArray.CreateBuilder<RelatedRows>(create.Related.Length);
        foreach (var rows in create.Related)
        {
            var navigation = Find(entity, rows);
            if (navigation is not LookupNavigation lookup)
            {
                related.Add(rows);
                continue;
            }
            if (rows is not { New: [var one], Existing: [] }) throw Errors.BadRequest($"'{rows.Navigation}' of '{entity.LogicalName}' leads to one row: it is created with exactly one.");
            var above = one.Target.Copy();
            if (above.Id == Guid.Empty) above.Id = RowId.New(clock.GetUtcNow());
            target[lookup.Lookup.LogicalName] = above.ToReference();
            related.Add(rows with { New = [one with { Target = above }] });
        }
        return create with { Target = target, Related = related.MoveToImmutable() };
    }

    /// <summary>Creates the rows that lookups of the row lead to.</summary>
    public async Task CreateAboveAsync(Create create, MessageScope scope, CancellationToken ct)
    {
        if (create.Related.IsDefaultOrEmpty) return;
        var entity = scope.Metadata.Entity(create.EntityName);
        foreach (var rows in create.Related.Where(rows => Find(entity, rows) is LookupNavigation))
            await SendAsync(rows.Navigation, rows.New[0], scope, ct);
    }

    /// <summary>Creates the rows that lead to the row or are paired with it, and ties those that are there already.</summary>
    public async Task CreateBelowAsync(Create create, MessageScope scope, CancellationToken ct)
    {
        if (create.Related.IsDefaultOrEmpty) return;
        var entity = scope.Metadata.Entity(create.EntityName);
        var row = create.Target.ToReference();
        foreach (var rows in create.Related)
        {
            var navigation = Find(entity, rows);
            if (navigation is LookupNavigation) continue;
            var tied = new List<EntityReference>(rows.Existing);
            for (var at = 0; at < rows.New.Length; at++)
            {
                var below = rows.New[at] with { Target = rows.New[at].Target.Copy() };
                if (navigation is RowsNavigation { Attribute: var lookup }) below.Target[lookup] = row;
                var made = await SendAsync($"{rows.Navigation}[{at}]", below, scope, ct);
                if (navigation is PairsNavigation) tied.Add(new EntityReference(below.EntityName, made.Id));
            }
            if (tied.Count > 0) await SendAsync(rows.Navigation, new Associate(row, rows.Navigation, [.. tied]), scope, ct);
        }
    }

    private static Navigation Find(EntityDefinition entity, RelatedRows rows)
    {
        var navigation = Navigation.Find(entity, rows.Navigation) ?? throw Errors.UnknownRelationship(entity.LogicalName, rows.Navigation);
        if (navigation.Target is { } expected && rows.New.FirstOrDefault(row => row.EntityName != expected) is { } wrong)
            throw Errors.WrongLookupTarget(entity.LogicalName, rows.Navigation, wrong.EntityName, [expected]);
        return navigation;
    }

    private async Task<MessageResult> SendAsync(string place, Message message, MessageScope scope, CancellationToken ct)
    {
        try
        {
            return await pipeline.Value.RunNestedAsync(message, scope.ForPart(), ct);
        }
        catch (PlatformException refused)
        {
            throw Errors.At(place, refused);
        }
    }
}
