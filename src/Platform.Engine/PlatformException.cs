namespace Platform.Engine;

/// <summary>What sort of failure it is; one switch in the Web API maps it to an HTTP status.</summary>
public enum ErrorKind
{
    /// <summary>The request is wrong (400).</summary>
    Invalid,

    /// <summary>The caller lacks a privilege (403).</summary>
    Forbidden,

    /// <summary>Entity, row or property is not there, or not for this caller (404).</summary>
    NotFound,

    /// <summary>The operation is not possible in this state, for example a delete while rows refer to the row (405).</summary>
    NotAllowed,

    /// <summary>A version or uniqueness condition does not hold (412).</summary>
    Precondition,

    /// <summary>The body is over the limit (413).</summary>
    TooLarge,

    /// <summary>The body is in a form that is not read (415).</summary>
    UnsupportedMedia,

    /// <summary>Not carried out, because a request that it belongs to has failed (424).</summary>
    FailedDependency,

    /// <summary>The user has used up a service protection limit (429).</summary>
    Throttled,

    /// <summary>Not offered (501).</summary>
    NotImplemented,

    /// <summary>The server is busy or a needed part is down (503).</summary>
    Unavailable,
}

/// <summary>A failure that the caller can understand. Made only in <see cref="Errors"/>.</summary>
public sealed class PlatformException : Exception
{
    internal PlatformException(ErrorKind kind, string code, string message, string hint = "", Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Code = code;
        Hint = hint;
        Sentence = message;
    }

    public ErrorKind Kind { get; }

    /// <summary>Dataverse's code (<c>0x80040217</c>) where there is one for the case.</summary>
    public string Code { get; }

    /// <summary>What to do about it; may be empty.</summary>
    public string Hint { get; }

    /// <summary>Logical name of the attribute that the failure is about, so that a form can show it there.</summary>
    public string? Attribute { get; internal init; }

    /// <summary>Where in a message of several rows it happened (<c>contact_customer_accounts[1]/primarycontactid</c>); <c>null</c> in its own row.</summary>
    public string? Place { get; internal init; }

    /// <summary>The message without the place.</summary>
    internal string Sentence { get; init; }

    /// <summary>For a plugin's rejection: its own code (<c>loy_check_digit</c>).</summary>
    public string? SubCode { get; internal init; }

    /// <summary>For a query that costs too much: how it would be answered.</summary>
    public Queries.Explaining.QueryExplanation? Explanation { get; internal init; }

    /// <summary>Lines that the failing step traced.</summary>
    public IReadOnlyList<string> Trace { get; internal init; } = [];
}
