using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>The surroundings of one message while it runs: pinned metadata, caller, transaction, and the message that sent it.</summary>
internal sealed class MessageScope
{
    public required MetadataSnapshot Metadata { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>Time of the outermost message, UTC, whole seconds.</summary>
    public required DateTime Now { get; init; }

    /// <summary>Ties together everything that one outermost message did: audit, traces.</summary>
    public required Guid CorrelationId { get; init; }

    /// <summary>1 for a message from outside.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>The message whose step or cascade sent this one.</summary>
    public MessageScope? Parent { get; init; }

    /// <summary>The message itself; <c>null</c> for a transaction of several.</summary>
    public Message? Message { get; private set; }

    /// <summary>The step on whose behalf this message runs; <c>null</c> from outside.</summary>
    public StepDefinition? SentBy { get; init; }

    /// <summary>Follows from a change of another row: the relationship grants it, not the caller's roles.</summary>
    public bool IsCascade { get; init; }

    /// <summary>A failure of this message is always one of the message that it is a part of: it needs no savepoint of its own.</summary>
    public bool FailsWhole { get; private set; }

    /// <summary>The request wants no duplicates; not handed on to what steps and cascades do.</summary>
    public bool DetectsDuplicates { get; set; }

    /// <summary>The session of the transaction; <c>null</c> outside of one.</summary>
    public SqlSession? Session { get; private set; }

    public PluginParameters SharedVariables { get; private set; } = new();

    /// <summary>Results of the message as its steps see them, and set them where it is a custom API.</summary>
    public PluginParameters Output { get; set; } = new();

    /// <summary>The message that only reads, this one or one that led to it; <c>null</c> when it may write.</summary>
    public string? Reading { get; private set; }

    /// <summary>The row as it was when the transaction began; <c>null</c> for Create and for reads.</summary>
    public EntityRecord? Before { get; set; }

    /// <summary>Asks about the base currency when all its parts are done.</summary>
    public bool WatchesBaseCurrency { get; set; }

    /// <summary>Time spent in this message's steps, the messages they sent included.</summary>
    public TimeSpan PluginTime { get; set; }

    /// <summary>Rows were written on which callers' rights depend; known on the outermost scope.</summary>
    public bool RightsChanged { get; private set; }

    /// <summary>Rows of currencies were written; known on the outermost scope.</summary>
    public bool CurrenciesChanged { get; private set; }

    /// <summary>This message, or one that it belongs to, has written a currency.</summary>
    public bool CurrenciesAreChanged => Outermost.CurrenciesChanged;

    /// <summary>This message, or one that it belongs to, has written what processes keep in memory: rights or currencies.</summary>
    public bool CachesAreOutdated => Outermost is { RightsChanged: true } or { CurrenciesChanged: true };

    /// <summary>The session inside the transaction.</summary>
    public SqlSession InTransaction => Session ?? throw new InvalidOperationException("The message has no transaction yet.");

    /// <summary>The rows that a read has found, while its steps look at them; <c>null</c> when they go where they are wanted at once.</summary>
    public ReadRows? Rows { get; set; }

    /// <summary>The message is this from now on.</summary>
    public void Hold(Message message) => Message = message;

    /// <summary>This message is one of several that a message of this name consists of.</summary>
    public bool IsPartOf(string message) => Parent?.Message is MultipleMessage whole && whole.Name == message;

    /// <summary>What steps see of the messages that led here.</summary>
    public PluginParent? ParentForSteps() => Parent is not { Message: { } message } ? Parent?.ParentForSteps()
        : new PluginParent(message.Name, message.EntityName, message.StepTarget?.Id ?? Guid.Empty, Parent.Depth, Parent.SharedVariables, Parent.ParentForSteps());

    /// <summary>The transaction begins, perhaps once more.</summary>
    public void Enter(SqlSession session)
    {
        Session = session;
        Output = new();
    }

    /// <summary>The message only reads, and so does everything that follows from it.</summary>
    public void OnlyRead(string message) => Reading ??= message;

    /// <summary>A message sent by a step of this one, in the same transaction when there is one.</summary>
    public MessageScope ForCallOf(StepDefinition step) => Nested(step, Depth + 1, cascade: false, step.RunAs == StepRunAs.System ? AsSystem() : Caller);

    /// <summary>A message that follows from what this one does to its row.</summary>
    public MessageScope ForCascade() => Nested(SentBy, Depth, cascade: true);

    /// <summary>A message that this one consists of, with the same sender and the same rights.</summary>
    /// <param name="failsWhole">Whoever sends the part lets no failure of it pass.</param>
    public MessageScope ForPart(bool failsWhole = false)
    {
        var part = Nested(SentBy, Depth, cascade: IsCascade);
        part.DetectsDuplicates = DetectsDuplicates;
        part.FailsWhole = failsWhole;
        return part;
    }

    /// <summary>A message from outside that is committed together with others; this is the scope of their transaction.</summary>
    public MessageScope ForMember(MetadataSnapshot metadata, Caller caller, DateTime now) => new()
    {
        Metadata = metadata,
        Caller = caller,
        Now = now,
        CorrelationId = CorrelationId,
        Parent = this,
        Session = Session,
    };

    public void ShareVariables(PluginParameters variables) => SharedVariables = variables;

    /// <summary>Notes a write on which callers' rights depend.</summary>
    public void NoteRightsChange() => Outermost.RightsChanged = true;

    /// <summary>Notes a write of a currency.</summary>
    public void NoteCurrencyChange() => Outermost.CurrenciesChanged = true;

    private MessageScope Outermost
    {
        get
        {
            var scope = this;
            while (scope.Parent is { } parent)
                scope = parent;
            return scope;
        }
    }

    /// <summary>True when this sender may write the attribute: a read-only one only steps of the pack that owns it.</summary>
    public bool MayWrite(AttributeDefinition attribute) => !attribute.ReadOnly || IsCascade || SentBy?.Pack == attribute.Pack;

    // Who wrote stays the caller; who asks is the step.
    private Caller AsSystem() => Metadata.AdministratorRole is { } role ? Caller with { Roles = [role.Id] } : Caller;

    private MessageScope Nested(StepDefinition? sentBy, int depth, bool cascade, Caller? caller = null) => new()
    {
        Metadata = Metadata,
        Caller = caller ?? Caller,
        Now = Now,
        CorrelationId = CorrelationId,
        Depth = depth,
        Parent = this,
        SentBy = sentBy,
        IsCascade = cascade,
        Session = Session,
        Reading = Reading,
    };
}
