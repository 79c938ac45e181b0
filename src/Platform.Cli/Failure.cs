using System.CommandLine;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;

namespace Platform.Cli;

/// <summary>Why a command could not be carried out: a sentence for people, or with <c>--json</c> one object for programs, the same from every command.</summary>
/// <param name="Message">The sentence.</param>
/// <param name="Hint">What to do; may be empty.</param>
/// <param name="Code">Of the server; <c>null</c> when it did not say.</param>
/// <param name="Errors">What is wrong with metadata: <c>{ "file", "pointer", "reason", "hint" }</c>.</param>
/// <param name="Plan">What a change would do now, where that is why it was refused.</param>
internal sealed record Failure(string Message, string Hint = "", string? Code = null, JsonArray? Errors = null, JsonNode? Plan = null)
{
    /// <summary>Runs a command and prints why it cannot be carried out.</summary>
    /// <param name="json">The command's <c>--json</c>.</param>
    /// <param name="code">Exit code then.</param>
    public static async Task<int> CatchAsync(ParseResult parsed, Option<bool> json, int code, Func<Task<int>> command)
    {
        Failure failure;
        try
        {
            return await command();
        }
        catch (CommandException refused)
        {
            failure = refused.Failure;
        }
        catch (Exception inaccessible) when (inaccessible is IOException or UnauthorizedAccessException)
        {
            failure = new Failure(inaccessible.Message);
        }
        catch (MetadataException refused)
        {
            failure = Of(refused);
        }

        await failure.PrintAsync(parsed.GetValue(json));
        return code;
    }

    /// <summary>Packs that cannot be read.</summary>
    public static Failure Of(MetadataException refused) => new(
        $"{refused.Errors.Length} errors.",
        Errors: new([.. refused.Errors.Select(error => new JsonObject { ["file"] = error.File, ["pointer"] = error.Pointer, ["reason"] = error.Reason, ["hint"] = error.Hint })]));

    /// <summary>As JSON on the output, or as text beside it.</summary>
    public Task PrintAsync(bool json) => json ? Console.Out.WriteLineAsync(ToJson().ToJsonString(ServerClient.Json)) : Console.Error.WriteLineAsync(ToText());

    /// <summary><c>{ "error": { "code", "message", "hint" }, "errors": [], "plan" }</c>; without a plan where none is meant.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["error"] = new JsonObject { ["code"] = Code, ["message"] = Message, ["hint"] = Hint },
            ["errors"] = Errors?.DeepClone() ?? new JsonArray(),
        };
        if (Plan is not null) json["plan"] = Plan.DeepClone();
        return json;
    }

    private string ToText()
    {
        var lines = new List<string> { Hint.Length > 0 ? $"{Message} {Hint}" : Message };
        lines.AddRange((Errors ?? []).Select(error => PlanText.Error(error!)));
        if (Plan is not null) lines.AddRange(["What it would do now:", PlanText.Of(Plan)]);
        return string.Join(Environment.NewLine, lines);
    }
}

/// <summary>The command cannot be carried out.</summary>
internal sealed class CommandException(Failure failure) : Exception(failure.Message)
{
    public CommandException(string message, string hint = "")
        : this(new Failure(message, hint))
    {
    }

    public Failure Failure { get; } = failure;
}
