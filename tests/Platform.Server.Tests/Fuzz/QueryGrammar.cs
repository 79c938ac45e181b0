namespace Platform.Server.Tests.Fuzz;

/// <summary>Query options of a table: sensible ones with wrong parts, too deep, too many, too long.</summary>
internal sealed class QueryGrammar(Dice dice, FuzzModel model, HostileValues values)
{
    private static readonly string[] Comparisons = ["eq", "ne", "gt", "ge", "lt", "le"];
    private static readonly string[] Text = ["contains", "startswith", "endswith"];
    private static readonly string[] OfText = ["length", "tolower", "toupper", "trim"];
    private static readonly string[] OfNumber = ["round", "floor", "ceiling"];
    private static readonly string[] OfTime = ["year", "month", "day", "hour", "minute", "second", "date", "totalseconds"];
    private static readonly string[] Named =
    [
        "Between", "NotBetween", "In", "NotIn", "Today", "Yesterday", "LastXDays", "NextXYears", "OlderThanXMinutes", "On", "OnOrAfter", "Under", "AboveOrEqual", "ContainValues", "DoesNotContainValues", "EqualUserId", "InFiscalPeriodAndYear",
        "ThisMonth", "EqualBusinessId", "EqualUserOrUserTeams", "Like", "NotLike", "Nothing",
    ];

    /// <summary>Options, encoded, beginning with a question mark; may be empty.</summary>
    public string Of(FuzzTable table)
    {
        var options = dice.Some(0, 3, () => Option(table)).DistinctBy(option => dice.Oddly(10) ? $"{dice.Below(99)}" : option.Name).ToList();
        if (options.Count > 0 && dice.Oddly(10)) options.Add(options[0]);
        var query = string.Join(dice.Oddly(10) ? "&&" : "&", options.Select(option => $"{option.Name}={dice.Encode(dice.MaybeBroken(option.Value, 6))}"));
        return query.Length == 0 && !dice.Once(10) ? "" : "?" + query;
    }

    public string Filter(FuzzTable table, int depth = 0) => dice.Below(depth > 3 ? 8 : 16) switch
    {
        < 4 => $"{Operand(table, depth, out var column)} {dice.One(Comparisons)} {values.Literal(column)}",
        4 => $"{dice.One(Text)}({(dice.Oddly(2) ? Operand(table, depth, out _) : dice.One(table.Columns.Where(column => column.Kind == "String").DefaultIfEmpty(table.Columns[0]).ToList()).Name)},{(dice.Oddly(4) ? values.AnyLiteral() : HostileValues.Quoted(values.Text()))})",
        5 => $"{Column(table, out var one)} in ({string.Join(',', dice.Some(1, dice.Oddly(10) ? 1200 : 4, () => values.Literal(one)))})",
        6 => $"{Column(table, out _)} {dice.One(Comparisons)} {Column(table, out _)}",
        7 => NamedFunction(table),
        8 when dice.Oddly(2) => dice.One("true", "null", "1 eq 1", "tst_flag", "geo.distance(tst_place,geography'SRID=4326;Point(126.978 37.5665)') lt 5000", "isof(name,Edm.String)", "cast(name,'Edm.Int32') eq 1", "$it/name eq 'x'", "@p", "has", values.AnyLiteral()),
        < 12 => $"{Filter(table, depth + 1)} {dice.One("and", "or")} {Filter(table, depth + 1)}",
        12 => $"not ({Filter(table, depth + 1)})",
        13 => $"({Filter(table, depth + 1)})",
        14 => Lambda(table, depth),
        15 when dice.Oddly(3) => Deep(table),
        _ => Lambda(table, depth),
    };

    public string FetchOrQuery(FuzzTable table) => dice.Once(3) ? $"?fetchXml={dice.Encode(dice.MaybeBroken(new FetchGrammar(dice, model, values).Of(table), 3))}" : Of(table);

    private (string Name, string Value) Option(FuzzTable table) => dice.Below(20) switch
    {
        < 5 => (dice.Oddly(6) ? dice.One("filter", "%24filter") : "$filter", Filter(table)),
        < 8 => ("$select", Select(table)),
        < 11 => ("$expand", Expand(table, 0)),
        11 => ("$orderby", OrderBy(table)),
        12 => (dice.One("$top", "$skip"), dice.Oddly(2) ? values.Number() : dice.One("0", "1", "5", "5000", "5001")),
        13 => ("$count", dice.Oddly(2) ? values.Text() : dice.One("true", "false")),
        14 => ("$apply", Apply(table)),
        15 => ("$compute", $"{Expression(table, 0)} as {(dice.Oddly(2) ? dice.One("name", "x y", "") : "x")}"),
        16 => ("$search", dice.Oddly(2) ? dice.One("NOT", "()", "AND AND", values.Text()) : dice.One("Kim", "\"a b\"", "Kim AND NOT (Contoso OR a)")),
        17 => (dice.One("@p", "@q", "@"), values.AnyLiteral()),
        18 when dice.Oddly(2) => (dice.One("$skiptoken", "$deltatoken"), dice.One("1", "W10", "eyJ2IjoxfQ", "%3Ccookie%20pagenumber=%222%22%3E", values.Text(), values.Number())),
        19 when dice.Oddly(2) => (dice.One("$format", "savedQuery", "userQuery", "tag", "$nothing", "$levels", "", "$schemaversion", "$id", "api-version"), dice.One("json", "application/json;odata.metadata=full", "xml", values.Id(), values.Text())),
        _ => ("$select", Select(table)),
    };

    private string Select(FuzzTable table) =>
        string.Join(',', dice.Some(1, dice.Oddly(30) ? 400 : 5, () => dice.Oddly(8) ? dice.One("*", "", "*,*", "a/b", "Microsoft.Dynamics.CRM.account", values.Text(), "$count") : Column(table, out _, paths: dice.Oddly(4))));

    private string OrderBy(FuzzTable table) => string.Join(',', dice.Some(1, dice.Oddly(30) ? 100 : 3, () => $"{(dice.Oddly(2) ? Expression(table, 0) : Column(table, out _))}{(dice.Oddly(8) ? " upwards" : dice.One("", " asc", " desc"))}"));

    private string Expand(FuzzTable table, int depth)
    {
        return string.Join(',', dice.Some(1, dice.Oddly(20) ? 30 : 2, One));

        string One()
        {
            var navigation = Navigation(table);
            if (dice.Once(3) || depth > 12) return navigation.Name + (dice.Oddly(4) ? dice.One("/$ref", "/$count", "()", "/name") : "");
            var target = model.Find(navigation.Target);
            var options = dice.Some(1, 3, () => dice.Below(8) switch
            {
                0 or 1 => $"$select={Select(target)}",
                2 => $"$filter={Filter(target, 2)}",
                3 => $"$orderby={OrderBy(target)}",
                4 => dice.Oddly(3) ? dice.One("$levels=0", "$levels=99999999999", $"$top={values.Number()}", "$levels=2") : navigation.IsCollection ? dice.One("$top=1", "$skip=1", "$count=true", "$levels=2", "$levels=max") : "$select=createdon",
                5 => $"$search={dice.One("Kim", "\"a\"", "NOT a")}",
                6 => $"$compute={Expression(target, 1)} as z",
                _ => $"$expand={Expand(target, depth + (dice.Once(4) ? 0 : 4))}",
            });
            return $"{navigation.Name}({string.Join(';', options)})";
        }
    }

    private string Apply(FuzzTable table) => string.Join('/', dice.Some(1, dice.Once(20) ? 30 : 2, () => dice.Below(8) switch
    {
        0 => $"filter({Filter(table, 2)})",
        1 => $"compute({Expression(table, 0)} as y)",
        2 => $"aggregate({Column(table, out _)} with {dice.One("sum", "average", "min", "max", "countdistinct", "nothing")} as total)",
        3 => "aggregate($count as n)",
        7 => dice.Once(2) ? $"concat({Apply(table)},{Apply(table)})" : "identity",
        4 => dice.One("identity", "topcount(2,revenue)", "concat(identity,identity)", "expand(x)", "groupby()", "groupby(())", "aggregate()", "skip(1)/top(1)"),
        _ => $"groupby(({string.Join(',', dice.Some(1, 3, () => Column(table, out _)))}){dice.One("", ",aggregate($count as n)", ",aggregate(revenue with sum as total,$count as n)", ",filter(true)")})",
    }));

    private string Expression(FuzzTable table, int depth) => dice.Below(depth > 3 ? 3 : 9) switch
    {
        < 2 => Column(table, out _),
        2 => values.AnyLiteral(),
        3 or 4 => $"{Expression(table, depth + 1)} {dice.One("add", "sub", "mul", "div", "mod", "divby")} {Expression(table, depth + 1)}",
        5 => $"{dice.One(OfText)}({Expression(table, depth + 1)})",
        6 => $"{dice.One([.. OfNumber, .. OfTime])}({Expression(table, depth + 1)})",
        7 => dice.One("now()", "mindatetime()", "maxdatetime()", $"concat({Expression(table, depth + 1)},{Expression(table, depth + 1)})", $"substring({Column(table, out _)},{values.Number()},{values.Number()})", $"indexof({Column(table, out _)},'a')", $"coalesce({Column(table, out _)},0)", $"round({Expression(table, depth + 1)},{values.Number()})"),
        _ => $"-({Expression(table, depth + 1)})",
    };

    private string Operand(FuzzTable table, int depth, out FuzzColumn column)
    {
        if (!dice.Oddly(2)) return Column(table, out column);
        column = new FuzzColumn("", dice.One("Integer", "String", "DateTime"));
        return Expression(table, depth);
    }

    /// <summary>A column, behind lookups now and then, or a name that is none.</summary>
    private string Column(FuzzTable table, out FuzzColumn column, bool paths = true)
    {
        var path = "";
        while (paths && dice.Once(8) && table.Navigations.Count > 0)
        {
            var navigation = dice.Oddly(3) ? Navigation(table) : dice.One(table.Navigations.Where(one => !one.IsCollection).DefaultIfEmpty(table.Navigations[0]).ToList());
            path += navigation.Name + "/";
            table = model.Find(navigation.Target);
        }
        column = dice.One(table.Columns);
        if (dice.Oddly(8)) return path + dice.One("nosuchcolumn", "name ", "NAME", "_x_value", "$count", values.Text());
        return path + (column.Kind is "Lookup" or "Customer" or "Owner" && !dice.Oddly(4) ? $"_{column.Name}_value" : column.Name);
    }

    private FuzzNavigation Navigation(FuzzTable table) =>
        table.Navigations.Count == 0 || dice.Oddly(8) ? new FuzzNavigation(dice.One("nosuchlink", "name", "", values.Text()), "account", false) : dice.One(table.Navigations);

    private string Lambda(FuzzTable table, int depth)
    {
        var navigation = dice.Oddly(3) ? Navigation(table) : dice.One(table.Navigations.Where(one => one.IsCollection).DefaultIfEmpty(Navigation(table)).ToList());
        var range = dice.Oddly(3) ? dice.One("$it", "name", "한") : "o";
        return dice.Oddly(3)
            ? $"{navigation.Name}/{dice.One("any()", "all()", "$count gt 0", "any(o:)", "some(o:true)")}"
            : $"{navigation.Name}/{dice.One("any", "all")}({range}:{(dice.Oddly(4) ? "" : $"{range}/")}{Filter(model.Find(navigation.Target), 4)}{(dice.Oddly(2) ? $" {dice.One("and", "or")} {dice.One("$it/", "", "o/")}{Operand(table, 3, out _)} {dice.One("eq", "lt", "add")} {range}/{Column(model.Find(navigation.Target), out _)}" : "")})";
    }

    private string NamedFunction(FuzzTable table) =>
        $"{(dice.Oddly(6) ? dice.One("", "Microsoft.") : "Microsoft.Dynamics.CRM.")}{dice.One(Named)}({string.Join(',', dice.Some(0, 3, () => dice.Below(4) switch
        {
            0 or 1 => $"PropertyName='{Column(table, out _)}'",
            2 => $"PropertyValue={values.AnyLiteral()}",
            _ => $"PropertyValues=[{string.Join(',', dice.Some(0, 3, () => values.Once(HostileValues.Quoted(values.Text()), values.Number())))}]",
        }))})";

    private string Deep(FuzzTable table)
    {
        var levels = dice.One(20, 60, 300, 2000);
        return dice.Below(6) switch
        {
            0 => new string('(', levels) + Filter(table, 4) + new string(')', levels),
            1 => string.Concat(Enumerable.Repeat("not ", levels)) + "true",
            2 => string.Join(dice.One(" or ", " and "), Enumerable.Repeat($"{Column(table, out var column)} eq {values.Literal(column)}", levels)),
            3 => string.Concat(Enumerable.Repeat("tolower(", levels)) + "name" + new string(')', levels) + " eq 'a'",
            4 => string.Join(" add ", Enumerable.Repeat("1", levels)) + " eq 1",
            _ => string.Concat(Enumerable.Repeat("-", levels)) + "1 eq 1",
        };
    }
}
