using System.Collections.Immutable;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Everything that reads or changes a record is a message; there is one door for all of them, <see cref="PlatformEngine.ExecuteAsync"/>.</summary>
public abstract record Message
{
    /// <summary>Name as steps refer to it (<c>Create</c>).</summary>
    public abstract string Name { get; }

    /// <summary>Logical name of the entity that the message is about.</summary>
    public abstract string EntityName { get; }
}

/// <summary>Creates a row. Result: <see cref="MessageResult.Id"/>, <see cref="MessageResult.Version"/>.</summary>
/// <param name="Target">Values; <see cref="EntityRecord.Id"/> empty lets the engine choose a UUIDv7.</param>
public sealed record Create(EntityRecord Target) : Message
{
    public override string Name => nameof(Create);

    public override string EntityName => Target.LogicalName;
}

/// <summary>Changes the attributes that <paramref name="Target"/> holds. Result: <see cref="MessageResult.Version"/>.</summary>
/// <param name="IfVersion">Refuse with 412 unless the row still has this version; <c>null</c>: whatever version.</param>
public sealed record Update(EntityRecord Target, long? IfVersion = null) : Message
{
    public override string Name => nameof(Update);

    public override string EntityName => Target.LogicalName;
}

/// <summary>Deletes a row, following the delete behaviour of the relationships that point to it.</summary>
/// <param name="IfVersion">Refuse with 412 unless the row still has this version.</param>
public sealed record Delete(EntityReference Target, long? IfVersion = null) : Message
{
    public override string Name => nameof(Delete);

    public override string EntityName => Target.LogicalName;
}

/// <summary>Reads one row. The row goes to <paramref name="Rows"/>; a row that is not there or not for this caller is an error.</summary>
/// <param name="Columns">Logical names; empty: all.</param>
/// <param name="LookupNames">Also read the primary name of each lookup's target.</param>
public sealed record Retrieve(EntityReference Target, ImmutableArray<string> Columns, IRowSink Rows, bool LookupNames = false) : Message
{
    public override string Name => nameof(Retrieve);

    public override string EntityName => Target.LogicalName;
}

/// <summary>Reads rows. They stream to <paramref name="Rows"/>. Result: <see cref="MessageResult.Next"/>, <see cref="MessageResult.Total"/>.</summary>
public sealed record RetrieveMultiple(Query Query, IRowSink Rows) : Message
{
    public override string Name => nameof(RetrieveMultiple);

    public override string EntityName => Query.Entity.LogicalName;
}

/// <summary>What a message leaves behind, beside rows that went to a sink.</summary>
public sealed record MessageResult
{
    /// <summary>Id of the row written.</summary>
    public Guid Id { get; init; }

    /// <summary>Version of the row written.</summary>
    public long Version { get; init; }

    /// <summary>Where the next page begins; <c>null</c> on the last.</summary>
    public PageToken? Next { get; init; }

    /// <summary>All rows that match, when <see cref="Query.CountTotal"/> asked for it.</summary>
    public long? Total { get; init; }

    /// <summary>Time spent in steps.</summary>
    public TimeSpan Plugins { get; init; }
}
