using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Reads one row. The row goes to <paramref name="Rows"/>; a row that is not there or not for this caller is an error.</summary>
/// <param name="Columns">Logical names; empty: all.</param>
/// <param name="LookupNames">Also read the primary name of each lookup's target, and the file name of each file.</param>
/// <param name="Thumbnails">Also read the small image of each image column.</param>
public sealed record Retrieve(EntityReference Target, ImmutableArray<string> Columns, IRowSink Rows, bool LookupNames = false, bool Thumbnails = false) : Message
{
    /// <summary>Rows that are read along with the row.</summary>
    public ImmutableArray<Expansion> Expansions { get; init; } = [];

    /// <summary>Expressions over the row that stand beside its columns.</summary>
    public ImmutableArray<NamedColumn> Named { get; init; } = [];

    public override string Name => nameof(Retrieve);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => new(Target.LogicalName, Target.Id);

    internal override PluginParameters StepInput => StepParameters.Of(("Target", Target), ("ColumnSet", Columns.IsDefaultOrEmpty ? null : Columns.Cast<object?>().ToList()));
}

internal sealed class RetrieveHandler(RecordStore store, QueryExecutor executor) : MessageHandler<Retrieve>
{
    /// <summary>Dataverse's name of the output that holds the row.</summary>
    private const string Row = "BusinessEntity";

    public override bool Writes => false;

    protected override Retrieve Admit(Retrieve message, MessageScope scope)
    {
        AccessPolicy.Demand(scope.Metadata, scope.Caller, scope.Metadata.Entity(message.EntityName), Privilege.Read);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(Retrieve message, MessageScope scope, CancellationToken ct)
    {
        if (!StepTable.Of(scope.Metadata).For(message.EntityName, message.Name).After) return await ReadAsync(message, scope, ct);
        scope.Rows = new ReadRows(message.Rows);
        var result = await ReadAsync(message with { Rows = scope.Rows }, scope, ct);
        scope.Output[Row] = scope.Rows.Records()[0];
        return result;
    }

    protected override async ValueTask<MessageResult> CompleteAsync(Retrieve message, MessageResult result, MessageScope scope, CancellationToken ct)
    {
        if (scope.Rows is { } rows) await rows.ReleaseAsync(message.Name, [scope.Output[Row] as EntityRecord ?? throw Errors.RowsOfOthers(message.Name)], ct);
        return result;
    }

    private async Task<MessageResult> ReadAsync(Retrieve message, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        var depth = AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Read);
        var filter = AccessPolicy.RowFilter(scope.Metadata, scope.Caller, entity, depth);
        if (!message.Expansions.IsEmpty || !message.Named.IsEmpty) return await ReadMoreAsync(message, entity, scope, ct);
        if (!await store.ReadAsync(scope.Metadata, scope.InTransaction, message, entity, filter, ct))
            throw Errors.RecordNotFound(message.Target);
        return new MessageResult { Id = message.Target.Id };
    }

    private async Task<MessageResult> ReadMoreAsync(Retrieve message, EntityDefinition entity, MessageScope scope, CancellationToken ct)
    {
        var query = new Query(entity)
        {
            Columns = message.Columns.IsDefaultOrEmpty ? entity.Attributes : [.. message.Columns.Select(entity.Attribute)],
            Filter = new Compare(entity.PrimaryId, Comparison.Equal, message.Target.Id),
            Expansions = message.Expansions,
            Named = message.Named,
            LookupNames = message.LookupNames,
            Thumbnails = message.Thumbnails,
        };
        var row = new OneRow(message.Rows);
        await executor.RunAsync(scope.Metadata, scope.InTransaction, new CallerBinding(scope.Metadata, scope.Caller, scope.Now).Bind(query), AccessPolicy.Readable(scope.Metadata, scope.Caller), row, ct);
        return row.Found ? new MessageResult { Id = message.Target.Id } : throw Errors.RecordNotFound(message.Target);
    }

    private sealed class OneRow(IRowSink rows) : IRowSink
    {
        public bool Found { get; private set; }

        public void Start(ResultShape shape) => rows.Start(shape);

        public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
        {
            Found = true;
            return rows.WriteAsync(row, ct);
        }
    }
}
