using System.Buffers;
using System.Text.Json;
using Platform.Engine;
using Platform.OData.Routing;

namespace Platform.OData.Reading;

/// <summary>The body of an action: an object whose members are its parameters.</summary>
internal sealed class ActionParameters : IDisposable
{
    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    private readonly JsonDocument body;

    private ActionParameters(JsonDocument body) => this.body = body;

    /// <param name="limit">Bytes.</param>
    /// <param name="names">Parameters that there are.</param>
    /// <exception cref="PlatformException">It is no such object (400), or too large (413).</exception>
    public static ValueTask<ActionParameters> ReadAsync(ApiRequest request, long limit, params string[] names) => ReadAsync(request, limit, null, names);

    /// <summary>The same, where a body that is empty says as much as <c>{}</c>: many clients send none when there are no parameters.</summary>
    public static ValueTask<ActionParameters> ReadOrNoneAsync(ApiRequest request, long limit, params string[] names) => ReadAsync(request, limit, static () => JsonDocument.Parse("{}"), names);

    private static async ValueTask<ActionParameters> ReadAsync(ApiRequest request, long limit, Func<JsonDocument>? empty, string[] names)
    {
        var body = await BodyReader.ReadAsync(request.Request, Parse, limit, request.Aborted, empty);
        if (body.RootElement.ValueKind != JsonValueKind.Object) throw Errors.BadJson("the body is not a JSON object.");
        if (body.RootElement.EnumerateObject().FirstOrDefault(member => !member.Name.StartsWith('@') && !names.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } other)
            throw Errors.BadRequest($"The action has no parameter '{other.Name}'.", $"It has {string.Join(", ", names)}.");
        return new ActionParameters(body);
    }

    /// <summary>A parameter; <c>null</c> where it is not given, or null.</summary>
    public JsonElement? Find(string name) => body.RootElement.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A parameter that must be given.</summary>
    public JsonElement Demand(string name) => Find(name) ?? throw Errors.BadRequest($"The parameter '{name}' is missing.");

    /// <summary>A row that must be named.</summary>
    public RowLink Row(string name, ApiRequest request) => RowJson.Read(Demand(name), request.Metadata, name);

    /// <summary>A whole number; <c>null</c> where it is not given.</summary>
    public int? Integer(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Errors.BadJson($"the parameter '{name}' is not a whole number.");
    }

    /// <summary>True or false; false where it is not given.</summary>
    public bool Flag(string name) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw Errors.BadJson($"the parameter '{name}' is neither true nor false."),
    };

    public void Dispose() => body.Dispose();

    private static JsonDocument Parse(ReadOnlySequence<byte> json)
    {
        var text = json.ToArray();
        WholeJson.Check(text);
        return JsonDocument.Parse(text, NoDuplicates);
    }
}
