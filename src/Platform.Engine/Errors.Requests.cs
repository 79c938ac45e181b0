namespace Platform.Engine;

/// <content>Failures of requests: their addresses, queries, bodies and batches.</content>
public static partial class Errors
{
    /// <summary>Code of <see cref="InvalidFetch"/>.</summary>
    public const string InvalidFetchCode = "0x80040203";

    private const string AskLater = "Ask again after the seconds that the header Retry-After gives.";

    /// <summary>No entity set with this name in the URL.</summary>
    public static PlatformException UnknownEntitySet(string name) =>
        new(ErrorKind.NotFound, "0x80060888", $"Resource not found for the segment '{name}'.", "The service document lists the entity sets.");

    /// <summary>A FetchXML query that cannot be read.</summary>
    public static PlatformException InvalidFetch(string message, string hint = "") => new(ErrorKind.Invalid, InvalidFetchCode, message, hint);

    /// <summary>A request whose text cannot be read.</summary>
    public static PlatformException BadRequest(string message, string hint = "") => new(ErrorKind.Invalid, "0x80060888", message, hint);

    /// <summary>A body with a <c>Content-Encoding</c> that is not read.</summary>
    public static PlatformException UnknownEncoding(string encoding, string known) =>
        new(ErrorKind.UnsupportedMedia, "0x80060888", $"The body is encoded as '{encoding}'.", $"One of {known} is read, or none.");

    /// <summary>A sum that no decimal can hold.</summary>
    public static PlatformException NumberTooLong() => BadRequest("A number of the answer has more than 28 digits before the point.", "Let a filter leave fewer rows, or group them by more columns.");

    /// <summary>A request of a batch names another by its Content-ID, which is not that of one before it.</summary>
    /// <param name="reference">With its dollar sign: <c>$1</c>.</param>
    public static PlatformException UnknownContentId(string reference) =>
        new(ErrorKind.Invalid, "0x80060888", $"Content-ID Reference: '{reference}' does not exist in the batch context.", "A request can refer to requests before it that were carried out.");

    /// <summary>A batch whose text is not that of a batch; nothing of it was carried out.</summary>
    public static PlatformException BadBatch(string message, string hint = "") => new(ErrorKind.Invalid, "0x8FF00060", $"The batch cannot be read: {message}", hint);

    /// <summary>More requests than a batch holds.</summary>
    public static PlatformException BatchTooLong(int most) =>
        new(ErrorKind.Invalid, "0x8FF00061", $"The batch holds more than {most} requests, those in change sets included.", "Send them in several batches.");

    /// <summary>An answer within a batch that is over the limit.</summary>
    /// <param name="limit">Bytes.</param>
    public static PlatformException AnswerTooLarge(long limit) =>
        new(ErrorKind.TooLarge, "0x8FF00062", $"The answer is over the limit of {limit} bytes for one in a batch.", "Send the request on its own, or ask for fewer rows or columns.");

    /// <summary>A request of a batch that was not carried out, because one that it depends on has failed.</summary>
    public static PlatformException DependencyFailed(string id) =>
        new(ErrorKind.FailedDependency, "0x8FF00063", $"The request depends on '{id}', which has failed.");

    /// <summary>A request of a batch of which nothing remains, because another of its change set has failed.</summary>
    public static PlatformException RolledBack(string group) =>
        new(ErrorKind.FailedDependency, "0x8FF00064", $"Another request of '{group}' has failed: all of them were rolled back.");

    /// <summary>A request that cannot be part of a transaction with others.</summary>
    public static PlatformException NotInChangeSet(string what) =>
        new(ErrorKind.Invalid, "0x8FF00065", $"{what} cannot stand in a change set.", "Send it in the batch beside change sets.");

    /// <summary>A user has sent too many requests.</summary>
    /// <param name="window">Time within which they count.</param>
    public static PlatformException TooManyRequests(int limit, TimeSpan window) =>
        new(ErrorKind.Throttled, "0x80072322", $"Number of requests exceeded the limit of {limit} over time window of {window.TotalSeconds:0.###} seconds.", AskLater);

    /// <summary>The requests of a user took too long together.</summary>
    public static PlatformException TooMuchExecutionTime(TimeSpan limit, TimeSpan window) =>
        new(ErrorKind.Throttled, "0x80072321", $"Combined execution time of incoming requests exceeded limit of {limit.TotalMilliseconds:0} milliseconds over time window of {window.TotalSeconds:0.###} seconds.", AskLater);

    /// <summary>A user has too many requests running.</summary>
    public static PlatformException TooManyConcurrentRequests(int limit) =>
        new(ErrorKind.Throttled, "0x80072326", $"Number of concurrent requests exceeded the limit of {limit}.", AskLater);

    /// <summary>A method that the resource does not have.</summary>
    /// <param name="allowed">Methods that it has, as in the Allow header.</param>
    public static PlatformException MethodNotAllowed(string method, string allowed) =>
        new(ErrorKind.NotAllowed, "0x80060888", $"The method '{method}' is not allowed here.", $"Allowed: {allowed}.");

    /// <summary>A body that is no valid JSON of the expected form.</summary>
    public static PlatformException BadJson(string message) => new(ErrorKind.Invalid, "0x80048d19", $"Error identified in Payload provided by the user: {message}");

    /// <summary>A body over the limit.</summary>
    /// <param name="limit">Bytes.</param>
    public static PlatformException BodyTooLarge(long limit) =>
        new(ErrorKind.TooLarge, "0x8FF00004", $"The request body is over the limit of {limit} bytes.");

    /// <summary>A rule of duplicate detection found a row (Dataverse's <c>DuplicateRecordsFound</c>).</summary>
    /// <param name="rule">Its name.</param>
    public static PlatformException DuplicateFound(string rule) =>
        new(ErrorKind.Precondition, "0x80040333", "A record was not created or updated because a duplicate of the current record already exists.", $"The rule is '{rule}'. Without the header MSCRM.SuppressDuplicateDetection: false it is not asked.");

    /// <summary>A rule of duplicate detection about a table that there is not.</summary>
    public static PlatformException UnknownTableOfRule(string attribute, string table, IEnumerable<string> tables) =>
        new(ErrorKind.Invalid, "0x80060888", $"There is no table '{table}'.", Metadata.Compiling.Spelling.Hint(table, tables, "Write its logical name.")) { Attribute = attribute };

    /// <summary>A query that would keep the database busy for everybody else.</summary>
    public static PlatformException QueryTooExpensive(Queries.Explaining.QueryExplanation explanation) =>
        new(ErrorKind.Invalid, "0x80060888", System.FormattableString.Invariant($"The query would cost about {explanation.Plan.Cost:N0}, and at most {explanation.Budget:N0} is possible."),
            explanation.Indexes is [var index, ..] ? $"An index of '{index.Entity}' over {string.Join(", ", index.Attributes)} would help; or ask for less." : "Ask for less: name conditions on columns with an index, and fewer joined tables.")
        { Explanation = explanation };

    /// <summary>Nobody notes what changes in the table.</summary>
    public static PlatformException NotTracked(string entity) =>
        new(ErrorKind.Invalid, "0x80060888", $"Change tracking is not enabled for '{entity}'.", "Set \"changeTracking\": true in its x-entity, or ChangeTrackingEnabled in its definition.");

    /// <summary>A delta link that is older than deletions are remembered, or none of this system.</summary>
    public static PlatformException ExpiredDeltaToken(string token) =>
        new(ErrorKind.Invalid, "0x80044352", $"The delta token '{token}' has expired, or is none of this system.", "Read all rows again with Prefer: odata.track-changes.");

    /// <summary>No view has the id, or none that the caller may read.</summary>
    public static PlatformException UnknownView(Guid id) =>
        new(ErrorKind.NotFound, "0x80040217", $"There is no view with the id {id:D}.", "savedqueries lists the views of metadata, userqueries those of users.");

    /// <summary>A view whose rows are not those of the address.</summary>
    /// <param name="set">Entity set of its table.</param>
    public static PlatformException ViewOfOtherTable(string view, string entity, string set) =>
        new(ErrorKind.Invalid, "0x80060888", $"The view '{view}' is one of '{entity}'.", $"Send it to {set}.");

    /// <summary>An option of the protocol that is not offered.</summary>
    public static PlatformException NotOffered(string what) => new(ErrorKind.NotImplemented, "0x80060888", $"{what} is not supported.");
}
