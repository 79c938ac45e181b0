using Platform.Engine;
using Platform.OData.Routing;

namespace Platform.OData.Batch;

/// <summary>Marks a request as part of a batch; among the features of its context.</summary>
internal sealed class BatchPart
{
    private readonly bool isInChangeSet;

    private BatchPart(bool isInChangeSet) => this.isInChangeSet = isInChangeSet;

    public static BatchPart Alone { get; } = new(isInChangeSet: false);

    public static BatchPart InChangeSet { get; } = new(isInChangeSet: true);

    /// <exception cref="PlatformException">What the request addresses cannot stand here (400).</exception>
    public void Demand(ResourceKind kind)
    {
        if (kind == ResourceKind.Batch) throw Errors.BadRequest("A batch cannot hold another batch.");
        // A publish is the only writer while it runs: it would wait for the very transaction that waits for it.
        if (isInChangeSet && kind is (ResourceKind.Definitions or ResourceKind.MetadataAction)) throw Errors.NotInChangeSet("A change of metadata");
    }
}
