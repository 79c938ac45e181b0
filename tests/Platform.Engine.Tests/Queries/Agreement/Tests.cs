using System.Collections.Immutable;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>A condition of a generated query.</summary>
internal abstract record Test
{
    /// <summary>As OData writes it.</summary>
    public abstract string Text(string variable);

    /// <summary>Smaller conditions in it that may stand in its place.</summary>
    public virtual IEnumerable<Test> Parts => [];
}

internal sealed record AllTest(ImmutableArray<Test> Tests) : Test
{
    public override string Text(string variable) => $"({string.Join(" and ", Tests.Select(test => test.Text(variable)))})";

    public override IEnumerable<Test> Parts => Tests;
}

internal sealed record AnyTest(ImmutableArray<Test> Tests) : Test
{
    public override string Text(string variable) => $"({string.Join(" or ", Tests.Select(test => test.Text(variable)))})";

    public override IEnumerable<Test> Parts => Tests;
}

internal sealed record NotTest(Test Inner) : Test
{
    public override string Text(string variable) => $"not ({Inner.Text(variable)})";

    public override IEnumerable<Test> Parts => [Inner];
}

/// <summary><c>eq</c>, <c>ne</c>, <c>lt</c>, <c>le</c>, <c>gt</c>, <c>ge</c></summary>
internal sealed record CompareTest(string Word, Term Left, Term Right) : Test
{
    public override string Text(string variable) => $"{Left.Text(variable)} {Word} {Right.Text(variable)}";
}

internal sealed record InTest(Term Left, ImmutableArray<LiteralTerm> Values) : Test
{
    public override string Text(string variable) => $"{Left.Text(variable)} in ({string.Join(',', Values.Select(value => value.Text(variable)))})";
}

/// <summary><c>contains</c>, <c>startswith</c>, <c>endswith</c></summary>
internal sealed record FindTest(string Word, Term In, Term Part) : Test
{
    public override string Text(string variable) => $"{Word}({In.Text(variable)},{Part.Text(variable)})";
}

/// <summary>A boolean column by itself.</summary>
internal sealed record FlagTest(ColumnTerm Flag) : Test
{
    public override string Text(string variable) => Flag.Text(variable);
}

/// <summary><c>any</c> and <c>all</c> over a collection, of the row or of one behind lookups.</summary>
internal sealed record RowsTest(ImmutableArray<PlainNavigation> Path, PlainNavigation Collection, Test? Inner, bool IsAll, string Name) : Test
{
    public override string Text(string variable) =>
        $"{(variable.Length == 0 ? "" : variable + "/")}{string.Concat(Path.Select(step => step.Name + "/"))}{Collection.Name}/{(IsAll ? "all" : "any")}({(Inner is null ? "" : $"{Name}:{Inner.Text(Name)}")})";
}

/// <summary>Within a collection: a condition on a row outside of it.</summary>
internal sealed record OuterTest(string Name, Test Inner) : Test
{
    public override string Text(string variable) => Inner.Text(Name);
}

/// <summary>One of Dataverse's query functions, or of FetchXML's operators.</summary>
/// <param name="Values">As they are written.</param>
internal sealed record DateTest(PlainColumn Column, string Function, ImmutableArray<string> Values) : Test
{
    /// <summary>Lookups to the row that is meant.</summary>
    public ImmutableArray<PlainNavigation> Path { get; init; } = [];

    public override string Text(string variable)
    {
        var values = Function switch
        {
            "Between" or "NotBetween" or "In" or "NotIn" or "ContainValues" or "DoesNotContainValues" => $",PropertyValues=[{string.Join(',', Values.Select(value => $"\"{value}\""))}]",
            _ when Values.Length == 2 => $",PropertyValue1={Values[0]},PropertyValue2={Values[1]}",
            _ when Values.Length == 1 => $",PropertyValue='{Values[0]}'",
            _ => "",
        };
        return $"Microsoft.Dynamics.CRM.{Function}(PropertyName='{(variable.Length == 0 ? "" : variable + "/")}{string.Concat(Path.Select(step => step.Name + "/"))}{Column.Name}'{values})";
    }
}
