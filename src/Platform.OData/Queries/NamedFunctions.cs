using System.Globalization;
using System.Text;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.OData.Queries;

/// <summary>
/// Dataverse's query functions (<c>Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')</c>). The library cannot
/// parse functions whose parameters are named and whose first one is the name of a column, so they are put into
/// plainer words before it sees the text.
/// </summary>
internal static class NamedFunctions
{
    /// <summary>Parameter alias that stands for the caller's id in the plainer words.</summary>
    public const string CallerAlias = "@platformcaller";

    /// <summary>Begin of the aliases that stand for the values of <c>ContainValues</c>; the rewriting gives them those values.</summary>
    public const string ChoicesAlias = "@platformchoices";

    private const string Namespace = "Microsoft.Dynamics.CRM.";

    /// <summary>The filter without query functions; the same instance when it has none.</summary>
    /// <param name="values">Values of the URL's parameter aliases; those that the plainer words use are added.</param>
    /// <exception cref="PlatformException">The function is not offered (501), or its parameters are wrong (400).</exception>
    public static string Rewrite(string filter, EntityDefinition entity, IDictionary<string, string> values)
    {
        if (!filter.Contains(Namespace, StringComparison.Ordinal)) return filter;
        var text = new StringBuilder(filter.Length);
        var at = 0;
        while (at < filter.Length)
        {
            if (filter[at] == '\'') at += CopyQuoted(filter.AsSpan(at), text);
            else if (filter.AsSpan(at).StartsWith(Namespace, StringComparison.Ordinal)) at += CopyFunction(filter.AsSpan(at), text, entity, values);
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

    private static int CopyFunction(ReadOnlySpan<char> rest, StringBuilder text, EntityDefinition entity, IDictionary<string, string> values)
    {
        var open = rest.IndexOf('(');
        var close = open < 0 ? -1 : CloseOf(rest, open);
        if (close < 0) throw Errors.BadRequest($"The function '{rest}' in $filter has no parameters in parentheses.");
        var name = rest[Namespace.Length..open].Trim().ToString();
        if (name is not ("EqualUserId" or "ContainValues" or "DoesNotContainValues")) throw Errors.NotOffered($"The function '{Namespace}{name}' in $filter");
        var parameters = NamedParameters.Read(rest[(open + 1)..close].ToString(), values);
        var column = entity.Attribute(parameters.Text("PropertyName") ?? throw Form(name, "PropertyName='column'", parameters));
        if (name == "EqualUserId") WriteCaller(column, entity, text);
        else WriteChoices(column, entity, parameters.List("PropertyValues") ?? throw Form(name, "PropertyName='column',PropertyValues=['1','2']", parameters), name, text, values);
        return close + 1;
    }

    private static void WriteCaller(AttributeDefinition lookup, EntityDefinition entity, StringBuilder text)
    {
        if (lookup.Lookup is null) throw Errors.WrongType(entity.LogicalName, lookup.LogicalName, "a lookup", $"an attribute of the kind {lookup.Kind}");
        text.Append('(').Append(lookup.WebApiName).Append(" eq ").Append(CallerAlias).Append(')');
    }

    private static void WriteChoices(AttributeDefinition column, EntityDefinition entity, IReadOnlyList<string> choices, string function, StringBuilder text, IDictionary<string, string> values)
    {
        if (column.Kind != AttributeKind.MultiChoice) throw Errors.WrongType(entity.LogicalName, column.LogicalName, "a multi-choice", $"an attribute of the kind {column.Kind}");
        var list = string.Join(',', choices);
        if (ChoiceValues.Parse(list) is null) throw Errors.WrongType(entity.LogicalName, column.LogicalName, "whole numbers", $"'{list}'");
        var alias = string.Create(CultureInfo.InvariantCulture, $"{ChoicesAlias}{values.Count}");
        values[alias] = $"'{list}'";
        text.Append(function == "ContainValues" ? "(" : "(not (").Append(column.WebApiName).Append(" eq ").Append(alias).Append(function == "ContainValues" ? ")" : "))");
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

    private static PlatformException Form(string function, string form, NamedParameters found) =>
        Errors.BadRequest($"{Namespace}{function} expects ({form}), found ({found}).");
}
