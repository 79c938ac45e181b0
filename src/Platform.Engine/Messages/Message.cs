using System.Collections.Immutable;
using Platform.Engine.Pipeline;
using Platform.Engine.Queries;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Everything that reads or changes a record is a message; there is one door for all of them, <see cref="PlatformEngine.ExecuteAsync"/>.</summary>
public abstract record Message
{
    /// <summary>Name as steps refer to it (<c>Create</c>).</summary>
    public abstract string Name { get; }

    /// <summary>Logical name of the entity that the message is about.</summary>
    public abstract string EntityName { get; }

    /// <summary>Refuse with 412 to write a row that has a duplicate by a published rule; holds for the rows that come along.</summary>
    public bool DetectDuplicates { get; init; }

    /// <summary>The row that its steps see as their target; <c>null</c> when it is about none.</summary>
    internal virtual EntityRecord? StepTarget => null;

    /// <summary>What its steps see as their input, in Dataverse's names.</summary>
    internal virtual PluginParameters StepInput => new();

    /// <summary>The message with what a step made of its target; <c>null</c> when nobody writes the target.</summary>
    internal virtual Message? WithTarget(EntityRecord target) => null;

    /// <summary>The message with what a step made of its input, before the main operation; <c>null</c> when nothing of it can change.</summary>
    /// <exception cref="PlatformException">A value is of another type.</exception>
    internal virtual Message? WithInput(PluginParameters input, MessageScope scope) => null;

    /// <summary>Tells the steps after the operation what came of it, in Dataverse's names.</summary>
    internal virtual void Tell(MessageResult result, PluginParameters output)
    {
    }

    /// <summary>A request with this message names the attribute: for steps that are filtered by it.</summary>
    internal virtual bool Holds(string attribute) => true;
}

/// <summary>What a message leaves behind, beside rows that went to a sink.</summary>
public sealed record MessageResult
{
    /// <summary>Id of the row written.</summary>
    public Guid Id { get; init; }

    /// <summary>Version of the row written.</summary>
    public long Version { get; init; }

    /// <summary>What each of several messages leaves behind, in their order.</summary>
    public ImmutableArray<MessageResult> Parts { get; init; } = [];

    /// <summary>An upsert has made a new row.</summary>
    public bool Created { get; init; }

    /// <summary>Where the next page begins; <c>null</c> on the last.</summary>
    public PageToken? Next { get; init; }

    /// <summary>How a query would be answered; <c>null</c> where nobody asked.</summary>
    public Queries.Explaining.QueryExplanation? Explanation { get; init; }

    /// <summary>What <see cref="RetrieveEntityChanges"/> says beside the rows; else <c>null</c>.</summary>
    public RowChanges? Changes { get; init; }

    /// <summary>All rows that match, when <see cref="Query.CountTotal"/> asked for it.</summary>
    public long? Total { get; init; }

    /// <summary>A number that was asked for; else <c>null</c>.</summary>
    public long? Number { get; init; }

    /// <summary>A row that is proposed and not written; <c>null</c> where none was asked for.</summary>
    public EntityRecord? Proposal { get; init; }

    /// <summary>Response properties of a custom API; empty for other messages.</summary>
    public PluginParameters Output { get; init; } = new();

    /// <summary>What somebody may do with a row; <c>null</c> where it was not asked for.</summary>
    public Security.AccessRights? Access { get; init; }

    /// <summary>Whom a row is shared with.</summary>
    public ImmutableArray<Security.PrincipalAccess> Shares { get; init; } = [];

    /// <summary>Content that may be read; <c>null</c> where none was asked for.</summary>
    public Files.StoredFile? File { get; init; }

    /// <summary>Time spent in steps.</summary>
    public TimeSpan Plugins { get; init; }
}
