using System.Globalization;
using System.Text;

namespace Platform.Server.Tests.Fuzz;

/// <summary>Bodies in JSON: rows, parameters, definitions.</summary>
internal sealed class BodyGrammar(Dice dice, FuzzModel model, HostileValues values)
{
    /// <summary>A row of the table, or what is nearly one.</summary>
    public string Row(FuzzTable table, int depth = 0) => !dice.Oddly(5) ? Object(Members(table, depth)) : dice.Below(8) switch
    {
        0 => dice.One("", " ", "null", "[]", "[{}]", "true", "1", "\"x\"", "{}", "{} {}", "{", "[", "\ufeff{}", "{\"\":1}", "{\"a\":1,}", "{a:1}", "{'a':1}", "// x\n{}", "\0"),
        1 => Deep(),
        2 => $"{{\"value\":{Row(table, depth + 4)}}}",
        _ => Object(Members(table, depth)),
    };

    public string Parameters(IReadOnlyList<string> names, Func<string> row) => Object(names.Where(_ => !dice.Oddly(4)).Select(name => (name, name switch
    {
        "Targets" => "[" + string.Join(',', dice.Some(0, dice.Oddly(20) ? 1100 : 3, row)) + "]",
        "Target" or "Subordinate" or "EntityMoniker" or "UpdateContent" or "Assignee" or "Revokee" => row(),
        "PrincipalAccess" => $"{{\"AccessMask\":{dice.One("\"ReadAccess\"", "\"ReadAccess,WriteAccess\"", "7", "\"None\"", Value("String"))},\"Principal\":{row()}}}",
        _ => !dice.Oddly(2) ? dice.One("0", "-1", "true", "\"account\"", "\"tst_thing\"", "\"tst_number\"") : Value("String"),
    })));

    /// <summary>The value <c>@odata.bind</c> and <c>@odata.id</c> take.</summary>
    public string Link(string target)
    {
        var set = model.Find(dice.Oddly(5) ? dice.One(model.Tables).Name : target).Set;
        return !dice.Oddly(2) ? Quoted($"/{set}({values.Id()})") : dice.Below(5) switch
        {
            0 => dice.One("null", "1", "{}", "[]", "\"\"", "\"/\"", "\"$1\"", "\"$$1\"", "\"//x\"", "\"http://example.com/accounts(1)\"", "\"/accounts\"", "\"/accounts()\"", "\"/$batch\""),
            1 => Quoted($"/{set}({values.Text()})"),
            2 => Quoted($"/{set}(tst_code='c1')"),
            _ => Quoted($"{dice.One("", "/", "/api/data/v9.2/", "http://127.0.0.1/api/data/v9.2/")}{set}({values.Id()})"),
        };
    }

    /// <summary>A definition as the metadata API takes it, wrong in some place.</summary>
    public string Definition()
    {
        var label = "{\"@odata.type\":\"Microsoft.Dynamics.CRM.Label\",\"LocalizedLabels\":[{\"Label\":\"X\",\"LanguageCode\":1033}]}";
        return Object([
            ("@odata.type", Quoted("Microsoft.Dynamics.CRM." + dice.One("StringAttributeMetadata", "EntityMetadata", "OneToManyRelationshipMetadata", "ManyToManyRelationshipMetadata", "OptionSetMetadata", "PicklistAttributeMetadata", "Nothing"))),
            ("SchemaName", dice.One("\"tst\"", "\"new_\"", "\"1x\"", "null", Quoted(values.Text()))),
            ("LogicalName", Quoted(values.Text())),
            ("DisplayName", dice.One(label, "null", "\"x\"", Value("String"))),
            ("Attributes", dice.One("[]", "{}", "[null]", "[{\"@odata.type\":\"Microsoft.Dynamics.CRM.StringAttributeMetadata\",\"IsPrimaryName\":true}]")),
            ("MaxLength", values.Number()),
            ("Options", dice.One("[{\"Value\":\"x\"}]", "null", "[1]", "{}")),
            ("ReferencedEntity", Quoted(values.Text())),
            ("Lookup", dice.One("{}", "null", "[]")),
            ("FormulaDefinition", Quoted(values.Text())),
        ]);
    }

    private IEnumerable<(string Name, string Value)> Members(FuzzTable table, int depth)
    {
        foreach (var _ in Enumerable.Range(0, dice.Oddly(30) ? 300 : 1 + dice.Below(4)))
        {
            var column = dice.One(table.Columns);
            yield return dice.Below(20) switch
            {
                0 when dice.Oddly(1) => (dice.One("nosuchcolumn", "", "@odata.etag", "@odata.id", "@odata.type", "@odata.context", "name@odata.type", "@", "@odata.bind", "x@odata.bind", values.Text(), new string('n', 600)), Value(column.Kind)),
                < 4 when table.Navigations.Any(one => !one.IsCollection) => Bind(table),
                4 when table.Navigations.Count > 0 && depth < 12 && dice.Oddly(2) => Nested(table, depth),
                5 when dice.Oddly(1) => (table.Columns[0].Name, Value("String")),
                6 when dice.Oddly(1) => (column.Kind is "Lookup" or "Customer" or "Owner" ? $"_{column.Name}_value" : column.Name, Value(dice.One("String", "Integer", "Boolean", "DateTime", "Lookup"))),
                _ => (column.Name, Value(column.Kind)),
            };
        }
        if (!dice.Oddly(6)) yield return (table.Name switch { "contact" => "lastname", "task" or "annotation" => "subject", "account" => "name", _ => "tst_name" }, Quoted(values.Text()));
    }

    private (string Name, string Value) Bind(FuzzTable table)
    {
        var navigation = dice.Oddly(3) ? dice.One(table.Navigations) : dice.One(table.Navigations.Where(one => !one.IsCollection).ToList());
        return ($"{navigation.Name}@odata.bind", navigation.IsCollection ? "[" + string.Join(',', dice.Some(0, 3, () => Link(navigation.Target))) + "]" : Link(navigation.Target));
    }

    private (string Name, string Value) Nested(FuzzTable table, int depth)
    {
        var navigation = dice.One(table.Navigations);
        var target = model.Find(navigation.Target);
        return (navigation.Name, navigation.IsCollection ? "[" + string.Join(',', dice.Some(0, 2, () => Row(target, depth + 3))) + "]" : Row(target, depth + 3));
    }

    public string Value(string kind) => dice.Oddly(4) ? AnyValue() : kind switch
    {
        "Integer" or "BigInt" or "Decimal" or "Double" or "Money" or "Picklist" or "State" or "Status" => values.Number(),
        "Boolean" => dice.Oddly(3) ? dice.One("1", "\"true\"") : dice.One("true", "false"),
        "DateTime" => Quoted(values.Date()),
        "Lookup" or "Customer" or "Owner" or "Uniqueidentifier" => Quoted(values.Id()),
        "Virtual" => !dice.Oddly(2) ? "null" : dice.One("\"1,2\"", "[1,2]", "[1,1]", "\"x\"", "\"AA==\"", "[[1]]", "{\"type\":\"Point\",\"coordinates\":[126.9,37.5]}", "{\"type\":\"Point\",\"coordinates\":[]}", "{\"type\":\"Line\"}"),
        _ => Quoted(values.Text()),
    };

    private string AnyValue() => dice.Below(8) switch
    {
        0 => "null",
        1 => values.Number(),
        2 => "[" + values.Number() + "]",
        3 => "{\"a\":" + values.Number() + "}",
        4 => dice.One("\"\\ud800\"", "\"\\u0000\"", "\"\\x\"", "\"a\nb\"", "\"unclosed", "tru", "[", "{", "\"\\uZZZZ\""),
        5 => Deep(),
        _ => Quoted(values.Text()),
    };

    private string Deep()
    {
        var levels = dice.One(30, 70, 1000, 20_000);
        return dice.Once(2) ? new string('[', levels) + new string(']', levels) : string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "1" + new string('}', levels);
    }

    private string Object(IEnumerable<(string Name, string Value)> members)
    {
        var list = members.DistinctBy(member => dice.Oddly(10) ? $"{dice.Below(99)}" : member.Name).ToList();
        if (list.Count > 0 && dice.Oddly(8)) list.Add(list[0]);
        return "{" + string.Join(',', list.Select(member => $"{Quoted(member.Name)}:{member.Value}")) + "}";
    }

    /// <summary>A JSON text, characters that are none as they are or escaped.</summary>
    public string Quoted(string text)
    {
        var escape = dice.Once(2);
        var result = new StringBuilder("\"");
        foreach (var one in text)
        {
            if (one is '"' or '\\') result.Append('\\').Append(one);
            else if (one < ' ' || (escape && one > '~')) result.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}");
            else result.Append(one);
        }
        return result.Append('"').ToString();
    }
}
