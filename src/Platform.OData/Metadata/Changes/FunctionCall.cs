using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Engine;

namespace Platform.OData.Metadata.Changes;

/// <summary>A function in a URL with its parameters: <c>RetrieveEntity(LogicalName='account',EntityFilters=@p1)?@p1=…</c>.</summary>
internal sealed class FunctionCall
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private FunctionCall(string name) => Name = name;

    public string Name { get; }

    /// <param name="path">Below the service's root, as it came over the wire.</param>
    /// <param name="query">Where the values of aliases stand.</param>
    /// <exception cref="PlatformException">It cannot be read (400).</exception>
    public static FunctionCall Read(string path, IQueryCollection query)
    {
        var text = Uri.UnescapeDataString(path.TrimEnd('/'));
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return new FunctionCall(text);
        if (!text.EndsWith(')')) throw Errors.BadRequest($"The parameters of '{text[..open]}' are not closed by a parenthesis.");
        var call = new FunctionCall(text[..open]);
        foreach (var part in Parts(text[(open + 1)..^1])) call.Add(part, query);
        return call;
    }

    /// <summary>Refuses parameters that the function does not have.</summary>
    public FunctionCall Demand(params ImmutableArray<string> parameters)
    {
        if (values.Keys.FirstOrDefault(name => !parameters.Contains(name)) is { } other)
            throw Errors.BadRequest($"The function {Name} has no parameter '{other}'.", parameters.IsEmpty ? "It has none." : $"It has {string.Join(", ", parameters)}.");
        return this;
    }

    /// <summary>A text in quotes; <c>null</c> when it is not given, or <c>null</c>.</summary>
    public string? Text(string name)
    {
        if (Raw(name) is not { } value) return null;
        return value is ['\'', .. var text, '\''] ? text.Replace("''", "'", StringComparison.Ordinal) : throw Errors.BadRequest($"The parameter '{name}' of {Name} is a text between quotes, found {value}.");
    }

    public Guid? Id(string name)
    {
        if (Raw(name) is not { } value) return null;
        return Guid.TryParse(value, out var id) ? id : throw Errors.BadRequest($"The parameter '{name}' of {Name} is an id, found {value}.");
    }

    /// <summary>Members of an enumeration: <c>Microsoft.Dynamics.CRM.EntityFilters'Entity,Attributes'</c>, also without the name.</summary>
    public T? Flags<T>(string name)
        where T : struct, Enum
    {
        if (Raw(name) is not { } value) return null;
        var quote = value.IndexOf('\'', StringComparison.Ordinal);
        var members = quote >= 0 ? value[(quote + 1)..].TrimEnd('\'') : value;
        // Bits that no member has are written as a number.
        return Enum.TryParse<T>(members, out var flags) && !char.IsAsciiDigit(flags.ToString()[^1])
            ? flags
            : throw Errors.BadRequest($"The parameter '{name}' of {Name} is Microsoft.Dynamics.CRM.{typeof(T).Name}'…', found {value}.", $"Members are {string.Join(", ", Enum.GetNames<T>())}.");
    }

    /// <summary>The value as it is written; <c>null</c> when it is not given, or <c>null</c>.</summary>
    public string? Raw(string name) => values.GetValueOrDefault(name) is { } value && value != "null" ? value : null;

    /// <summary>A parameter that must be given is not.</summary>
    public PlatformException Missing(string name) => Errors.BadRequest($"The parameter '{name}' of {Name} is missing.");

    /// <summary>JSON that must be given, which Dataverse's clients write with either sort of quotes.</summary>
    public JsonDocument Json(string name)
    {
        var text = Raw(name) ?? throw Missing(name);
        foreach (var candidate in (string[])[text, text.Replace('\'', '"')])
        {
            try
            {
                return JsonDocument.Parse(candidate);
            }
            catch (JsonException)
            {
                // The other sort of quotes.
            }
        }
        throw Errors.BadRequest($"The parameter '{name}' of {Name} is no JSON: {text}");
    }

    private void Add(string part, IQueryCollection query)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) throw Errors.BadRequest($"The parameter '{part}' of {Name} has no value.");
        var (name, value) = (part[..equals].Trim(), part[(equals + 1)..].Trim());
        // An alias without a value is null (OData 4.01, Part 2, 5.3).
        if (value.StartsWith('@')) value = query[value] is [{ } elsewhere, ..] ? elsewhere.Trim() : "null";
        if (!values.TryAdd(name, value)) throw Errors.BadRequest($"The parameter '{name}' of {Name} is given twice.");
    }

    /// <summary>What stands between commas; one inside quotes, brackets or braces does not count.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        var (start, depth) = (0, 0);
        var quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            if (quote != '\0') quote = text[at] == quote ? '\0' : quote;
            else if (text[at] is '\'' or '"') quote = text[at];
            else if (text[at] is '{' or '[' or '(') depth++;
            else if (text[at] is '}' or ']' or ')') depth--;
            else if (text[at] == ',' && depth == 0)
            {
                yield return text[start..at];
                start = at + 1;
            }
        }
        if (text[start..].Trim() is { Length: > 0 } last) yield return last;
    }
}
