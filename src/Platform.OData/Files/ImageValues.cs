using Platform.Engine;
using Platform.Engine.Files;
using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.OData.Files;

/// <summary>Images that a record's body brings along as base64: stored as uploads before the record is written.</summary>
internal sealed class ImageValues(FileUploads uploads)
{
    /// <summary>Puts the id of an upload in place of each image's bytes.</summary>
    /// <param name="row">The row that is written, if it is there; an empty id for a new one.</param>
    /// <exception cref="PlatformException">The column does not take it.</exception>
    public async Task StoreAsync(EntityDefinition entity, EntityRecord record, EntityReference row, Caller caller, CancellationToken ct)
    {
        foreach (var attribute in entity.Files)
        {
            if (record[attribute.LogicalName] is not byte[] bytes) continue;
            var upload = await BeginAsync(row, attribute, bytes.Length, caller, ct);
            upload = await FileEndpoints.StoreAsync(uploads, upload, bytes, ct);
            record[attribute.LogicalName] = (await uploads.CompleteAsync(upload, ct)).Id;
        }
    }

    private async Task<FileUpload> BeginAsync(EntityReference row, AttributeDefinition attribute, int length, Caller caller, CancellationToken ct)
    {
        try
        {
            return await uploads.BeginAsync(row, attribute.LogicalName, attribute.LogicalName, length, caller, ct);
        }
        catch (PlatformException missing) when (missing.Kind == ErrorKind.NotFound && row.Id != Guid.Empty)
        {
            // The row is yet to be made; where it is there and hidden, writing it will be refused.
            return await uploads.BeginAsync(row with { Id = Guid.Empty }, attribute.LogicalName, attribute.LogicalName, length, caller, ct);
        }
    }
}
