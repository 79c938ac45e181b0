using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Formulas;

/// <summary>Makes checked nodes of what the parser reads. What does not fit is reported and goes on as unknown, so that one mistake is one error.</summary>
/// <param name="fail">Takes reason, hint and the position in the text.</param>
internal sealed class FormulaBuilder(FormulaNames names, Action<string, string, int> fail)
{
    private static readonly FormulaNode Unknown = new FormulaLiteral(new FormulaType(FormulaKind.Unknown), null);

    /// <summary>A column, or a path over a lookup.</summary>
    public FormulaNode Name(string path, int at) => names.Find(path, (reason, hint) => fail(reason, hint, at)) ?? Unknown;

    public FormulaNode Negate(FormulaNode operand, int at)
    {
        if (operand is FormulaLiteral { Value: decimal number } literal) return literal with { Value = -number };
        return operand.Type.Kind == FormulaKind.Duration || Demand(operand, at, "-", FormulaKind.Number)
            ? Operation(operand.Type, FormulaOperator.Negate, operand)
            : Unknown;
    }

    public FormulaNode Not(FormulaNode operand, int at) =>
        Demand(operand, at, "not", FormulaKind.Boolean) ? Operation(FormulaType.Boolean, FormulaOperator.Not, operand) : Unknown;

    public FormulaNode Binary(string word, FormulaNode left, FormulaNode right, int at) => word switch
    {
        "and" => Logic(FormulaOperator.And, word, left, right, at),
        "or" => Logic(FormulaOperator.Or, word, left, right, at),
        "eq" => Compare(FormulaOperator.Equal, word, left, right, at),
        "ne" => Compare(FormulaOperator.NotEqual, word, left, right, at),
        "lt" => Compare(FormulaOperator.Less, word, left, right, at),
        "le" => Compare(FormulaOperator.LessOrEqual, word, left, right, at),
        "gt" => Compare(FormulaOperator.Greater, word, left, right, at),
        "ge" => Compare(FormulaOperator.GreaterOrEqual, word, left, right, at),
        "add" or "sub" when IsTime(left) || IsTime(right) || left.Type.Kind == FormulaKind.Duration => TimeArithmetic(word, left, right, at),
        _ => Arithmetic(word, left, right, at),
    };

    /// <summary><c>x in (1,2)</c></summary>
    public FormulaNode In(FormulaNode left, ImmutableArray<FormulaNode> items, int at)
    {
        if (items.IsEmpty)
        {
            fail("The list of 'in' is empty.", "Name at least one value.", at);
            return Unknown;
        }
        return items.Select(item => Binary("eq", left, item, at)).Aggregate((all, next) => Operation(FormulaType.Boolean, FormulaOperator.Or, all, next));
    }

    /// <param name="parts">Condition and value in turn.</param>
    public FormulaNode Case(ImmutableArray<FormulaNode> parts, int at)
    {
        var right = true;
        for (var part = 0; part < parts.Length; part += 2) right &= Demand(parts[part], at, "a condition of 'case'", FormulaKind.Boolean);
        if (!right || Common([.. parts.Where((_, part) => part % 2 == 1)], "case", at) is not { } type) return Unknown;
        // The usual last condition `true` says "otherwise"; without it that is nothing.
        var operands = parts[^2] is FormulaLiteral { Value: true }
            ? [.. parts[..^2], parts[^1]]
            : parts.Add(new FormulaLiteral(new FormulaType(FormulaKind.Null), null));
        return new FormulaOperation(type, FormulaOperator.Case, operands);
    }

    public FormulaNode Call(string name, ImmutableArray<FormulaNode> arguments, int at)
    {
        if (!FormulaFunction.All.TryGetValue(name, out var function))
        {
            fail($"There is no function '{name}'.", Compiling.Spelling.Hint(name, [.. FormulaFunction.All.Keys, "case"], ""), at);
            return Unknown;
        }
        if (arguments.Length < function.Least || arguments.Length > function.Most)
        {
            fail($"'{name}' has {arguments.Length} arguments.", function.Least == function.Most ? $"It takes {function.Least}." : $"It takes {function.Least} to {function.Most}.", at);
            return Unknown;
        }
        if (function.Operator == FormulaOperator.Coalesce)
            return Common(arguments, name, at) is { } common ? new FormulaOperation(common, FormulaOperator.Coalesce, arguments) : Unknown;
        var right = true;
        for (var position = 0; position < arguments.Length; position++) right &= Demand(arguments[position], at, name, function.KindsAt(position));
        if (!right) return Unknown;
        return function.Operator switch
        {
            FormulaOperator.Round => Round(arguments, at),
            FormulaOperator.Substring => Substring(arguments, at),
            FormulaOperator.InZone => InZone(arguments, at),
            _ => new FormulaOperation(function.Result, function.Operator, arguments),
        };
    }

    private FormulaNode Round(ImmutableArray<FormulaNode> arguments, int at)
    {
        var number = arguments[0];
        if (arguments.Length == 1) return Rounded(number, 0);
        if (arguments[1] is FormulaLiteral { Value: decimal digits } && digits is >= 0 and <= 10 && decimal.IsInteger(digits)) return Rounded(number, (int)digits);
        fail("The digits of 'round' are not a number from 0 to 10.", "Write the digits as a number: round(price,2).", at);
        return Unknown;
    }

    private static FormulaNode Rounded(FormulaNode number, int scale) =>
        number.Type.Kind == FormulaKind.Number && number.Type.Scale <= scale ? number : Operation(FormulaType.Number(scale), FormulaOperator.Round, number);

    private FormulaNode Substring(ImmutableArray<FormulaNode> arguments, int at)
    {
        if (arguments.Skip(1).All(position => position.Type.IsWhole || position.Type.IsOpen)) return new FormulaOperation(FormulaType.Text, FormulaOperator.Substring, arguments);
        fail("Start and length of 'substring' are whole numbers.", "Use round or floor.", at);
        return Unknown;
    }

    private FormulaNode InZone(ImmutableArray<FormulaNode> arguments, int at)
    {
        if (arguments[1] is FormulaLiteral { Value: string name } && Zone(name) is { } zone)
            return new FormulaOperation(new FormulaType(FormulaKind.DateTime), FormulaOperator.InZone, [arguments[0], new FormulaLiteral(FormulaType.Text, zone)]);
        fail("The time zone of 'totimezone' is none.", "Write its name as the IANA database has it: 'Asia/Seoul'.", at);
        return Unknown;
    }

    /// <summary>The name that both databases know, also of a zone that is named as on Windows.</summary>
    private static string? Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone.HasIanaId ? zone.Id : TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var iana) ? iana : null : null;

    private FormulaNode Logic(FormulaOperator logic, string word, FormulaNode left, FormulaNode right, int at) =>
        Demand(left, at, word, FormulaKind.Boolean) & Demand(right, at, word, FormulaKind.Boolean) ? Operation(FormulaType.Boolean, logic, left, right) : Unknown;

    private FormulaNode Compare(FormulaOperator comparison, string word, FormulaNode left, FormulaNode right, int at)
    {
        if (Common([left, right], word, at) is not { } type) return Unknown;
        if (comparison is FormulaOperator.Equal or FormulaOperator.NotEqual || type.Kind is not (FormulaKind.Boolean or FormulaKind.Id)) return Operation(FormulaType.Boolean, comparison, left, right);
        fail($"'{word}' does not compare {type}.", "Use eq or ne.", at);
        return Unknown;
    }

    private FormulaNode Arithmetic(string word, FormulaNode left, FormulaNode right, int at)
    {
        if (!(Demand(left, at, word, FormulaKind.Number) & Demand(right, at, word, FormulaKind.Number))) return Unknown;
        var (first, second) = (left.Type.Scale, right.Type.Scale);
        var larger = Math.Max(first, second);
        return word switch
        {
            "add" => Operation(FormulaType.Number(larger), FormulaOperator.Add, left, right),
            "sub" => Operation(FormulaType.Number(larger), FormulaOperator.Subtract, left, right),
            "mul" => Operation(FormulaType.Number(Math.Min(first + second, FormulaType.MostScale)), FormulaOperator.Multiply, left, right),
            "mod" => Operation(FormulaType.Number(larger), FormulaOperator.Modulo, left, right),
            "div" when larger == 0 => Operation(FormulaType.Whole, FormulaOperator.DivideWhole, left, right),
            _ => Operation(FormulaType.Number(Math.Max(first, FormulaType.QuotientScale)), FormulaOperator.Divide, left, right),
        };
    }

    /// <summary>Time and time give a duration by sub, time and duration a time, two durations a duration.</summary>
    private FormulaNode TimeArithmetic(string word, FormulaNode left, FormulaNode right, int at)
    {
        var isAdd = word == "add";
        var node = (left.Type.Kind, right.Type.Kind) switch
        {
            (FormulaKind.Unknown, _) or (_, FormulaKind.Unknown) => Unknown,
            (FormulaKind.DateTime or FormulaKind.Date, FormulaKind.Duration) => Operation(left.Type, isAdd ? FormulaOperator.Later : FormulaOperator.Earlier, left, right),
            (FormulaKind.Duration, FormulaKind.Duration) => Operation(left.Type, isAdd ? FormulaOperator.Add : FormulaOperator.Subtract, left, right),
            var (first, second) when !isAdd && first == second => Operation(new FormulaType(FormulaKind.Duration), FormulaOperator.Between, left, right),
            _ => null,
        };
        if (node is not null) return node;
        fail($"'{word}' does not go with {left.Type} and {right.Type}.", "Two dates or two points in time can be subtracted, durations such as duration'P1D' added to them; date() makes a date of a point in time.", at);
        return Unknown;
    }

    /// <summary>The type that all nodes have or go with; reports a contradiction and returns <c>null</c>.</summary>
    private FormulaType? Common(ImmutableArray<FormulaNode> nodes, string what, int at)
    {
        var known = nodes.Select(node => node.Type).Where(type => !type.IsOpen).ToList();
        if (known.Count == 0) return new FormulaType(FormulaKind.Null);
        if (known.FirstOrDefault(type => type.Kind != known[0].Kind) is { Kind: not FormulaKind.Unknown } other)
        {
            var hint = (known[0].Kind, other.Kind) is (FormulaKind.Date, FormulaKind.DateTime) or (FormulaKind.DateTime, FormulaKind.Date) ? "date() makes a date of a point in time." : "Take operands of one type.";
            fail($"'{what}' has {known[0]} and {other}.", hint, at);
            return null;
        }
        return known[0] with { Scale = known.Max(type => type.Scale) };
    }

    private bool Demand(FormulaNode node, int at, string what, params FormulaKind[] kinds)
    {
        if (node.Type.IsOpen || kinds.Contains(node.Type.Kind)) return true;
        fail($"'{what}' takes {string.Join(" or ", kinds.Select(kind => new FormulaType(kind, kind == FormulaKind.Number ? 1 : 0)))}, not {node.Type}.", "Take an operand of that type.", at);
        return false;
    }

    private static bool IsTime(FormulaNode node) => node.Type.Kind is FormulaKind.DateTime or FormulaKind.Date;

    private static FormulaOperation Operation(FormulaType type, FormulaOperator @operator, params ImmutableArray<FormulaNode> operands) => new(type, @operator, operands);
}
