using System.Collections.Immutable;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.OData.Files;
using Platform.OData.Reading;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>Turns records as bodies hold them into records as messages do: rows that are named by a key are found, images are stored.</summary>
internal sealed class BodyRows(RowFinder finder, ImageValues images)
{
    /// <summary>Completes a record.</summary>
    /// <param name="key">Where the row is looked for whose images are stored; an empty id for a new row.</param>
    /// <exception cref="PlatformException">A key that no row has, or an image that is none (400).</exception>
    public async ValueTask<EntityRecord> CompleteAsync(RecordBody body, EntityDefinition entity, RowKey key, Caller caller, CancellationToken ct)
    {
        var record = body.Record;
        foreach (var (attribute, link) in body.Links) record[attribute.LogicalName] = await DemandAsync(attribute.LogicalName, new RowLink(link.Entity, new RowKey(Guid.Empty, link)), caller, ct);
        if (entity.Files.Any(file => record[file.LogicalName] is byte[]))
        {
            var row = key.Alternate is { } alternate ? await finder.FindAsync(alternate, caller, ct) : key.Id;
            await images.StoreAsync(entity, record, new EntityReference(entity.LogicalName, row ?? Guid.Empty), caller, ct);
        }
        return record;
    }

    /// <summary>A new row, with the rows that come along.</summary>
    public async ValueTask<Create> ToCreateAsync(RecordBody body, MetadataSnapshot metadata, Caller caller, CancellationToken ct)
    {
        var record = await CompleteAsync(body, metadata.Entity(body.Record.LogicalName), default, caller, ct);
        if (body.Related.Count == 0) return new Create(record);
        var related = ImmutableArray.CreateBuilder<RelatedRows>(body.Related.Count);
        foreach (var rows in body.Related) related.Add(await ToRelatedAsync(rows, metadata, caller, ct));
        return new Create(record) { Related = related.MoveToImmutable() };
    }

    /// <summary>The row that a link names.</summary>
    /// <param name="place">The property that holds the link, for the message.</param>
    /// <exception cref="PlatformException">No row has its key (400).</exception>
    public async ValueTask<EntityReference> DemandAsync(string place, RowLink link, Caller caller, CancellationToken ct)
    {
        if (link.Key.Alternate is not { } key) return new EntityReference(link.Entity.LogicalName, link.Key.Id);
        var id = await finder.FindAsync(key, caller, ct) ?? throw Errors.LookupKeyNotFound(place, key.Entity.LogicalName, key.Text);
        return new EntityReference(key.Entity.LogicalName, id);
    }

    private async ValueTask<RelatedRows> ToRelatedAsync(RelatedBody rows, MetadataSnapshot metadata, Caller caller, CancellationToken ct)
    {
        var name = rows.Navigation.Name;
        var creates = ImmutableArray.CreateBuilder<Create>(rows.Rows.Count);
        for (var at = 0; at < rows.Rows.Count; at++)
        {
            try
            {
                creates.Add(await ToCreateAsync(rows.Rows[at], metadata, caller, ct));
            }
            catch (PlatformException refused)
            {
                throw Errors.At(rows.Navigation.IsCollection ? $"{name}[{at}]" : name, refused);
            }
        }
        var existing = ImmutableArray.CreateBuilder<EntityReference>(rows.Links.Count);
        foreach (var link in rows.Links) existing.Add(await DemandAsync(name, link, caller, ct));
        return new RelatedRows(name, creates.MoveToImmutable(), existing.MoveToImmutable());
    }
}
