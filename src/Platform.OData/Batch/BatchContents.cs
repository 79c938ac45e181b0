using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Platform.Engine;

namespace Platform.OData.Batch;

/// <summary>A request of a batch, as it was read.</summary>
/// <param name="Id">The <c>Content-ID</c>, or the <c>id</c> in JSON; <c>null</c> for none.</param>
/// <param name="Url">As the client wrote it.</param>
/// <param name="DependsOn">Ids and atomicity groups without whose success it is not carried out.</param>
internal sealed record BatchRequest(string? Id, string Method, string Url, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body, ImmutableArray<string> DependsOn);

/// <summary>What stands at one place of a batch: a request, or the requests of a change set.</summary>
/// <param name="Group">Name of the change set where it has one (the atomicity group in JSON).</param>
internal sealed record BatchItem(ImmutableArray<BatchRequest> Requests, bool IsChangeSet, string? Group = null);

/// <summary>The limits of a batch, which hold for both its forms.</summary>
internal static class BatchLimits
{
    /// <summary>Requests, those in change sets included (Dataverse's limit).</summary>
    public const int MostRequests = 1000;

    /// <summary>Header lines of one request: far more than clients send, few enough to keep them in a dictionary.</summary>
    public const int MostHeaders = 100;

    /// <summary>Characters of an id.</summary>
    private const int LongestId = 128;

    /// <summary>An id, which goes back in a header and may stand in URLs.</summary>
    /// <exception cref="PlatformException">It is empty, too long or has other than printable ASCII characters.</exception>
    public static string DemandId(string id) => id.Length is > 0 and <= LongestId && !id.AsSpan().ContainsAnyExceptInRange('!', '~')
        ? id
        : throw Errors.BadBatch("an id of a request is empty, too long or has characters that it may not have.", $"Ids have 1 to {LongestId} printable ASCII characters, no spaces.");

    /// <exception cref="PlatformException">It only reads.</exception>
    public static void DemandWrite(string method)
    {
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) throw Errors.BadBatch($"a change set holds a {method} request.", "A change set is for writing: put requests that read beside it.");
    }
}
