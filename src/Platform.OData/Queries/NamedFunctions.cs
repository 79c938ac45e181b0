using System.Text;
using Platform.Engine;
using Platform.Engine.Metadata;

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

    private const string Namespace = "Microsoft.Dynamics.CRM.";

    /// <summary>The filter without query functions; the same instance when it has none.</summary>
    /// <exception cref="PlatformException">The function is not offered (501), or its column is not known or no lookup (400).</exception>
    public static string Rewrite(string filter, EntityDefinition entity)
    {
        if (!filter.Contains(Namespace, StringComparison.Ordinal)) return filter;
        var text = new StringBuilder(filter.Length);
        var at = 0;
        while (at < filter.Length)
        {
            if (filter[at] == '\'') at += CopyQuoted(filter.AsSpan(at), text);
            else if (filter.AsSpan(at).StartsWith(Namespace, StringComparison.Ordinal)) at += CopyFunction(filter.AsSpan(at), text, entity);
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

    private static int CopyFunction(ReadOnlySpan<char> rest, StringBuilder text, EntityDefinition entity)
    {
        var open = rest.IndexOf('(');
        var close = rest.IndexOf(')');
        if (open < 0 || close < open) throw Errors.BadRequest($"The function '{rest}' in $filter has no parameters in parentheses.");
        var name = rest[Namespace.Length..open].Trim();
        if (name is not "EqualUserId") throw Errors.NotOffered($"The function '{Namespace}{name}' in $filter");
        var lookup = entity.Attribute(PropertyName(rest[(open + 1)..close], name));
        if (lookup.Lookup is null) throw Errors.WrongType(entity.LogicalName, lookup.LogicalName, "a lookup", $"an attribute of the kind {lookup.Kind}");
        text.Append('(').Append(lookup.WebApiName).Append(" eq ").Append(CallerAlias).Append(')');
        return close + 1;
    }

    private static string PropertyName(ReadOnlySpan<char> parameters, ReadOnlySpan<char> function)
    {
        const string name = "PropertyName=";
        parameters = parameters.Trim();
        if (!parameters.StartsWith(name, StringComparison.Ordinal) || parameters[name.Length..] is not ['\'', .. var column, '\''])
            throw Errors.BadRequest($"{Namespace}{function} expects (PropertyName='column'), found ({parameters}).");
        return column.ToString();
    }
}
