using Platform.Engine.Tests.Formulas;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Who asks, and when.</summary>
/// <param name="Now">UTC.</param>
internal sealed record Asker(TimeZoneInfo Zone, DateTime Now);

/// <summary>What conditions mean, written from docs/web-api.md: always true or false; nothing equals nothing, and has no order.</summary>
internal sealed class PlainTests(PlainData data, Asker asker)
{
    private readonly PlainTerms terms = new(data);
    private readonly PlainDates dates = new(asker);

    public bool Holds(Test test, PlainRow? row) => test switch
    {
        AllTest all => all.Tests.All(inner => Holds(inner, row)),
        AnyTest any => any.Tests.Any(inner => Holds(inner, row)),
        NotTest not => !Holds(not.Inner, row),
        CompareTest compare => Compare(compare, row),
        InTest list => list.Values.Any(value => Compare(new CompareTest("eq", list.Left, value), row)),
        FindTest find => terms.Value(find.In, row) is string text && terms.Value(find.Part, row) is string part && Finds(find.Word, PlainOrder.Fold(text), PlainOrder.Fold(part)),
        LikeTest like => PlainPattern.Holds(like, row?[like.Column.Name] as string),
        FlagTest flag => terms.Stored(flag.Flag, row) is true,
        RowsTest rows => Rows(rows, row),
        OuterTest outer => Holds(outer.Inner, terms.Around[outer.Name]),
        DateTest date => Function(date, row),
        _ => throw new InvalidOperationException($"{test} has no meaning."),
    };

    public static bool Compare(string word, object? left, object? right)
    {
        if (left is null || right is null) return word switch { "eq" => left is null && right is null, "ne" => left is null != right is null, _ => false };
        var order = PlainOrder.Of(left, right);
        return word switch { "eq" => order == 0, "ne" => order != 0, "lt" => order < 0, "le" => order <= 0, "gt" => order > 0, _ => order >= 0 };
    }

    private bool Compare(CompareTest test, PlainRow? row)
    {
        var (left, right) = (test.Left, test.Right);
        // A floating-point column and a literal, or another such column of the row, are compared as they are; else the first 15 digits count.
        if (left is ColumnTerm { Column.IsReal: true } real && right is LiteralTerm { Value: PlainNumber number }) return Compare(test.Word, terms.Stored(real, row), number.ToDouble());
        if (left is LiteralTerm { Value: PlainNumber first } && right is ColumnTerm { Column.IsReal: true } other) return Compare(test.Word, first.ToDouble(), terms.Stored(other, row));
        if (left is ColumnTerm { Column.IsReal: true } one && right is ColumnTerm { Column.IsReal: true } two && one.IsBeside(two)) return Compare(test.Word, terms.Stored(one, row), terms.Stored(two, row));
        // Between two seconds is nothing to calculate with; a column is not changed by being compared with it.
        if (left is ColumnTerm or NamedTerm && right is LiteralTerm exact) return Compare(test.Word, terms.Value(left, row), exact.Value);
        if (left is LiteralTerm && right is ColumnTerm or NamedTerm) return Compare(test.Word, ((LiteralTerm)left).Value, terms.Value(right, row));
        return Compare(test.Word, terms.Value(left, row), terms.Value(right, row));
    }

    private bool Rows(RowsTest test, PlainRow? row)
    {
        var found = data.Rows(test.Path.Aggregate(row, data.Behind), test.Collection);
        // The outermost row has this name; whoever stands in a collection is in there already.
        var isOutermost = terms.Around.TryAdd("$it", row);
        try
        {
            return Rows(test, found);
        }
        finally
        {
            if (isOutermost) terms.Around.Remove("$it");
        }
    }

    private bool Rows(RowsTest test, IEnumerable<PlainRow> found)
    {
        if (test.Inner is null) return found.Any();
        bool Inside(PlainRow other)
        {
            terms.Around[test.Name] = other;
            return Holds(test.Inner, other);
        }
        return test.IsAll ? found.All(Inside) : found.Any(Inside);
    }

    private bool Function(DateTest test, PlainRow? row)
    {
        var value = test.Path.Aggregate(row, data.Behind)?[test.Column.Name];
        switch (test.Function)
        {
            case "Between" or "NotBetween":
                var (low, high) = (Literal(test.Column, test.Values[0]), Literal(test.Column, test.Values[1]));
                return test.Function == "Between" ? Compare("ge", value, low) && Compare("le", value, high) : Compare("lt", value, low) || Compare("gt", value, high);
            case "In" or "NotIn":
                return test.Values.Any(text => Compare("eq", value, Literal(test.Column, text))) == (test.Function == "In");
            case "ContainValues" or "DoesNotContainValues":
                return (value is int[] choices && choices.Intersect(test.Values.Select(int.Parse)).Any()) == (test.Function == "ContainValues");
            case "Above" or "AboveOrEqual" or "Under" or "UnderOrEqual" or "NotUnder":
                return Tree(test, value);
            default:
                return value is not null && dates.Holds(test.Function, test.Column, value, test.Values);
        }
    }

    /// <summary>A literal of a query function or of FetchXML, as a value of the column.</summary>
    public static object Literal(PlainColumn column, string text)
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        return column.Type switch
        {
            "string" or "memo" => text.Normalize(),
            "double" => double.Parse(text, invariant),
            "boolean" => text is "1" or "true",
            "dateTime" or "timeZoneIndependent" => DateTime.Parse(text, invariant, System.Globalization.DateTimeStyles.AdjustToUniversal),
            "dateOnly" => DateOnly.Parse(text, invariant),
            "lookup" or "uniqueidentifier" => Guid.Parse(text),
            "multiChoice" => text.Split(',').Select(int.Parse).Distinct().Order().ToArray(),
            _ => PlainNumber.Parse(text),
        };
    }

    private bool Tree(DateTest test, object? value)
    {
        if (value is not Guid id) return test.Function == "NotUnder";
        var root = Guid.Parse(test.Values[0]);
        var (isAbove, isUnder) = (Ancestors(root).Contains(id), Ancestors(id).Contains(root));
        return test.Function switch
        {
            "Above" => isAbove && id != root,
            "AboveOrEqual" => isAbove,
            "Under" => isUnder && id != root,
            "UnderOrEqual" => isUnder,
            _ => !isUnder,
        };
    }

    /// <summary>The row and those above it.</summary>
    private List<Guid> Ancestors(Guid id)
    {
        var above = new List<Guid>();
        for (Guid? next = id; next is { } known && !above.Contains(known) && data.Find(known) is { } row;)
        {
            above.Add(known);
            next = row[row.Table.Name == "cmp_person" ? "cmp_bossid" : "cmp_parentid"] as Guid?;
        }
        return above;
    }

    public static bool Finds(string word, string text, string part) => word switch
    {
        "contains" => text.Contains(part, StringComparison.Ordinal),
        "startswith" => text.StartsWith(part, StringComparison.Ordinal),
        _ => text.EndsWith(part, StringComparison.Ordinal),
    };
}
