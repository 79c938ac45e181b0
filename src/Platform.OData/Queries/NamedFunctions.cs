using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Platform.Engine;
using Platform.Engine.Queries.Conditions;

namespace Platform.OData.Queries;

/// <summary>
/// Dataverse's query functions (<c>Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')</c>). The library cannot
/// parse functions whose parameters are named and whose first one is the name of a column, so they are put into
/// plainer words before it sees the text.
/// </summary>
internal static partial class NamedFunctions
{
    /// <summary>Begin of the aliases that stand for conditions in the plainer words.</summary>
    public const string Alias = "@platformcondition";

    private const string Namespace = "Microsoft.Dynamics.CRM.";

    /// <summary>Begin of the names in the plainer words that are logical names of columns; the resolver of names knows it.</summary>
    public static readonly string Column = $"platformcolumn{Marks.Own}_";

    /// <summary>The text without query functions; the same instance when it has none.</summary>
    /// <param name="values">Values of the URL's parameter aliases; those that the plainer words use are added.</param>
    /// <param name="conditions">Takes what the added aliases stand for.</param>
    /// <exception cref="PlatformException">The function is not offered (501), or its parameters are wrong (400).</exception>
    public static string Rewrite(string filter, IDictionary<string, string> values, IDictionary<string, NamedCondition> conditions)
    {
        if (!filter.Contains(Namespace, StringComparison.Ordinal)) return filter;
        var text = new StringBuilder(filter.Length);
        var at = 0;
        while (at < filter.Length)
        {
            if (filter[at] == '\'') at += CopyQuoted(filter.AsSpan(at), text);
            else if (filter.AsSpan(at).StartsWith(Namespace, StringComparison.Ordinal)) at += CopyFunction(filter.AsSpan(at), text, values, conditions);
            else text.Append(filter[at++]);
        }
        return text.ToString();
    }

    private static int CopyQuoted(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var length = rest[1..].IndexOf('\'');
        var end = length < 0 ? rest.Length : length + 2;
        text.Append(rest[..end]);
        return end;
    }

    private static int CopyFunction(ReadOnlySpan<char> rest, StringBuilder text, IDictionary<string, string> values, IDictionary<string, NamedCondition> conditions)
    {
        var open = rest.IndexOf('(');
        var close = open < 0 ? -1 : CloseOf(rest, open);
        if (close < 0) throw Errors.BadRequest($"The function '{rest}' in $filter has no parameters in parentheses.");
        var name = rest[Namespace.Length..open].Trim().ToString();
        if (!Enum.TryParse<ConditionOperator>(name, out var condition) || !Enum.IsDefined(condition) || char.IsDigit(name[0])) throw Errors.NotOffered($"The function '{Namespace}{name}' in $filter");
        var parameters = NamedParameters.Read(rest[(open + 1)..close].ToString(), values);
        var column = parameters.Text("PropertyName") is { } path && Path().IsMatch(path) ? path : throw Form(name, "PropertyName='column'", parameters);
        var alias = string.Create(CultureInfo.InvariantCulture, $"{Alias}{conditions.Count}");
        conditions[alias] = new NamedCondition(condition, parameters.Values());
        // Every column goes with null, so that the library has nothing to say about the types.
        values[alias] = "null";
        var (way, last) = (Way(text), column.LastIndexOf('/') + 1);
        text.Append('(').Append(way).Append(column.AsSpan(0, last)).Append(Column).Append(column.AsSpan(last)).Append(" eq ").Append(alias).Append(')');
        return close + 1;
    }

    /// <summary>What stands right before the function (<c>c/</c>), taken out of the text.</summary>
    private static string Way(StringBuilder text)
    {
        var start = text.Length;
        while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '/' or '_' or '$')) start--;
        if (start == text.Length || text[^1] != '/') return "";
        var way = text.ToString(start, text.Length - start);
        text.Length = start;
        return way;
    }

    /// <summary>The parenthesis that closes the one at a position; -1 when there is none.</summary>
    private static int CloseOf(ReadOnlySpan<char> text, int open)
    {
        var quote = '\0';
        for (var at = open + 1; at < text.Length; at++)
        {
            if (quote != '\0') quote = text[at] == quote ? '\0' : quote;
            else if (text[at] is '\'' or '"') quote = text[at];
            else if (text[at] == ')') return at;
        }
        return -1;
    }

    [GeneratedRegex(@"^(\$it/)?\w+(/\w+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Path();

    private static PlatformException Form(string function, string form, NamedParameters found) =>
        Errors.BadRequest($"{Namespace}{function} expects ({form}), found ({found}).");
}

/// <summary>A query function without its column.</summary>
/// <param name="Values">As written.</param>
internal sealed record NamedCondition(ConditionOperator Operator, IReadOnlyList<string?> Values);
