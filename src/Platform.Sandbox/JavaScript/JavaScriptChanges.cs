using System.Globalization;
using System.Text;
using System.Text.Json;
using Platform.Sandbox.Protocol;
using Platform.Sdk;

namespace Platform.Sandbox.JavaScript;

/// <summary>Reads the JSON with which <c>prelude.js</c> speaks to the worker.</summary>
internal static class JavaScriptChanges
{
    /// <summary>Writes what the script changed into the row and the parameters of the run.</summary>
    public static DoneFrame Apply(string changes, PluginRunState state)
    {
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(changes));
        json.Next(JsonTokenType.StartObject);
        if (ReadChanges(ref json, "target"u8) is var (set, removed))
        {
            var target = state.Target!;
            foreach (var (name, value) in set.Values) target.Set(name, LikeBefore(target[name], value));
            foreach (var name in removed) target.Remove(name);
        }
        var input = ReadChanges(ref json, "input"u8);
        ApplyTo(state.Input, input);
        ApplyTo(state.Output, ReadChanges(ref json, "output"u8));
        ApplyTo(state.SharedVariables, ReadChanges(ref json, "sharedVariables"u8));
        return new DoneFrame(state.Target, input is null ? null : state.Input, state.Output, state.SharedVariables);
    }

    public static PluginRejectedException Rejection(string argument)
    {
        var parts = JsonSerializer.Deserialize<string[]>(argument)!;
        return new PluginRejectedException(parts[0], parts[1]);
    }

    /// <summary>Code and message when the answer of a service call is a refusal.</summary>
    public static (string Code, string Message)? Refusal(string answer)
    {
        // Successful answers may be large: only a refusal has its code as second property.
        if (!answer.StartsWith("{\"type\":\"answer\",\"code\":", StringComparison.Ordinal)) return null;
        using var document = JsonDocument.Parse(answer);
        return (document.RootElement.GetProperty("code").GetString() ?? "", document.RootElement.GetProperty("message").GetString() ?? "");
    }

    private static void ApplyTo(PluginParameters parameters, (PluginParameters Set, List<string> Removed)? changes)
    {
        if (changes is not var (set, _)) return;
        foreach (var (name, value) in set.Values) parameters.Set(name, LikeBefore(parameters[name], value));
    }

    private static (PluginParameters Set, List<string> Removed)? ReadChanges(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Property(name);
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return null;
        json.Property("set"u8);
        var set = WireValue.ReadNextParameters(ref json);
        json.Property("removed"u8);
        json.Next(JsonTokenType.StartArray);
        var removed = new List<string>();
        while (json.Read() && json.TokenType == JsonTokenType.String) removed.Add(json.GetString()!);
        json.Next(JsonTokenType.EndObject);
        return (set, removed);
    }

    /// <summary>JavaScript has one kind of number and writes ids and dates as text: a changed value keeps the type it had where nothing is lost.</summary>
    private static object? LikeBefore(object? before, object? value) => (before, value) switch
    {
        (long, int number) => (long)number,
        (decimal, int number) => (decimal)number,
        (decimal, long number) => (decimal)number,
        (double, int number) => (double)number,
        (double, long number) => (double)number,
        (double, decimal number) => (double)number,
        (Guid, string text) when Guid.TryParse(text, out var id) => id,
        (DateOnly, string text) when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date,
        (DateTime, string text) when DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) => time,
        (ChoiceValues, List<object?> list) when list.All(item => item is int) => new ChoiceValues(list.Cast<int>()),
        _ => value,
    };
}
