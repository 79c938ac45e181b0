using Platform.Engine.Files;
using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.OData.Files;

/// <summary>Images that a record's body brings along as base64: stored as uploads before the record is written.</summary>
internal sealed class ImageValues(FileUploads uploads)
{
    /// <summary>Puts the id of an upload in place of each image's bytes.</summary>
    /// <exception cref="Engine.PlatformException">The column does not take it.</exception>
    public async Task StoreAsync(EntityDefinition entity, EntityRecord record, Caller caller, CancellationToken ct)
    {
        foreach (var attribute in entity.Files)
        {
            if (record[attribute.LogicalName] is not byte[] bytes) continue;
            var upload = await uploads.BeginAsync(record.ToReference(), attribute.LogicalName, attribute.LogicalName, bytes.Length, caller, ct);
            upload = await FileEndpoints.StoreAsync(uploads, upload, bytes, ct);
            record[attribute.LogicalName] = (await uploads.CompleteAsync(upload, ct)).Id;
        }
    }
}
