using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;
using Xunit.Abstractions;

namespace Platform.Engine.Tests.Formulas;

/// <summary>Random formulas over random rows: both databases and an evaluation without any agree to the last digit.</summary>
public abstract class FormulaAgreementTests(ITestOutputHelper output)
{
    private const int Formulas = 320, Rows = 12, Deepest = 4;

    private static readonly FormulaKind[] Kinds = [FormulaKind.Number, FormulaKind.Number, FormulaKind.Number, FormulaKind.Text, FormulaKind.Boolean, FormulaKind.DateTime, FormulaKind.Date];

    private static readonly string[] NumberTypes =
    [
        """ "type": "number" """, """ "type": "number", "x-precision": 0 """, """ "type": "number", "x-precision": 10 """, """ "type": "number", "x-kind": "money" """,
        """ "type": "number", "x-kind": "money", "x-precision": 4 """, """ "type": "number", "x-kind": "double" """,
    ];

    private static readonly string[] WholeTypes = [""" "type": "integer" """, """ "type": "integer", "x-kind": "bigint" """];

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Random_formulas_give_what_a_plain_evaluation_gives()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FORMULA_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"FORMULA_SEED={seed}");
        var random = new Random(seed);
        var formulas = Enumerable.Range(0, Formulas).Select(number => (Name: $"lab_f{number}", Formula: Fitting(random), Type: "")).ToArray();
        for (var at = 0; at < formulas.Length; at++) formulas[at].Type = TypeOf(formulas[at].Formula, random);
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], Pack(formulas));

        var rows = new List<SampleRow>();
        for (var number = 0; number < Rows; number++) rows.Add(await InsertAsync(engine, random, rows));

        foreach (var row in rows)
        {
            var read = await engine.ReadAsync("lab_row", row.Values.Id);
            foreach (var (name, formula, _) in formulas)
            {
                var expected = Stored(engine.Metadata.Entity("lab_row").Attribute(name), formula.Value(row));
                Assert.True(
                    Equals(expected, read[name]),
                    $"FORMULA_SEED={seed}: {formula.Text}\nrow {string.Join(", ", row.Values.Attributes)}\nparent {string.Join(", ", row.Parent?.Values.Attributes ?? new Dictionary<string, object?>())}\nexpected {expected ?? "null"}, found {read[name] ?? "null"}");
            }
        }
    }

    private static SampleFormula Fitting(Random random)
    {
        while (true)
        {
            var formula = new RandomFormula(random).Make(Kinds[random.Next(Kinds.Length)], random.Next(1, Deepest + 1));
            if (formula.Text.Length <= 3000) return formula;
        }
    }

    private static string TypeOf(SampleFormula formula, Random random) => formula.Kind switch
    {
        FormulaKind.Text => $""" "type": "string", "maxLength": {random.Next(3, 30)} """,
        FormulaKind.Boolean => """ "type": "boolean" """,
        FormulaKind.DateTime => """ "type": "string", "format": "date-time" """,
        FormulaKind.Date => """ "type": "string", "format": "date" """,
        _ when formula.Scale == 0 && random.Next(2) == 0 => WholeTypes[random.Next(WholeTypes.Length)],
        _ => NumberTypes[random.Next(NumberTypes.Length)],
    };

    /// <summary>The plain value as a column of the kind would hold it.</summary>
    private static object? Stored(AttributeDefinition attribute, object? value)
    {
        if (value is string text) return string.Concat(text.EnumerateRunes().Take(attribute.MaxLength));
        if (value is not PlainNumber number) return value;
        switch (attribute.Kind)
        {
            case AttributeKind.Integer:
                return number.Units >= int.MinValue && number.Units <= int.MaxValue ? (int)number.Units : null;
            case AttributeKind.BigInt:
                return number.Units >= long.MinValue && number.Units <= long.MaxValue ? (long)number.Units : null;
            case AttributeKind.Double:
                return number.CompareTo(PlainNumber.OfReal(1.797693134862315e308)) < 0 && number.Minus.CompareTo(PlainNumber.OfReal(1.797693134862315e308)) < 0 ? number.ToDouble() : null;
            default:
                var rounded = number.At(attribute.Precision);
                if (rounded.CompareTo(PlainNumber.Of(attribute.Maximum!.Value)) > 0 || rounded.CompareTo(PlainNumber.Of(attribute.Minimum!.Value)) < 0) return null;
                return (decimal)rounded.Units / (decimal)BigInteger.Pow(10, rounded.Scale);
        }
    }

    private static async Task<SampleRow> InsertAsync(TestEngine engine, Random random, List<SampleRow> rows)
    {
        var parent = rows.Count > 0 && random.Next(4) > 0 ? rows[random.Next(rows.Count)] : null;
        var row = new EntityRecord("lab_row")
        {
            ["lab_int"] = Perhaps<object>(random, () => random.Next(4) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(-5, 6)),
            ["lab_big"] = Perhaps<object>(random, () => random.Next(2) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.NextInt64(-100, 100)),
            ["lab_choice"] = Perhaps<object>(random, () => random.Next(1, 4)),
            ["lab_price"] = Perhaps<object>(random, () => random.Next(-1_000_000, 1_000_000) / 100m),
            ["lab_fine"] = Perhaps<object>(random, () => random.NextInt64(-10_000_000_000_000, 10_000_000_000_000) / 100_000m),
            ["lab_money"] = Perhaps<object>(random, () => random.Next(-1_000_000, 1_000_000) / 10_000m),
            ["lab_real"] = Perhaps<object>(random, () => Real(random)),
            ["lab_text"] = Perhaps<object>(random, () => TextOf(random)),
            ["lab_other"] = Perhaps<object>(random, () => TextOf(random)),
            ["lab_flag"] = Perhaps<object>(random, () => random.Next(2) == 0),
            ["lab_time"] = Perhaps<object>(random, () => TimeOf(random)),
            ["lab_until"] = Perhaps<object>(random, () => TimeOf(random)),
            ["lab_day"] = Perhaps<object>(random, () => DateOnly.FromDateTime(TimeOf(random))),
            ["lab_end"] = Perhaps<object>(random, () => DateOnly.FromDateTime(TimeOf(random))),
        };
        if (parent is not null) row["lab_parentid"] = parent.Values.ToReference();
        var sent = row.Copy();
        row.Id = await engine.CreateAsync(sent);
        return new SampleRow(row, parent);
    }

    private static double Real(Random random) => random.Next(7) switch
    {
        0 => 0.1,
        1 => 2.5e-17,
        2 => -7.5e28,
        3 => 123456789012344.5,
        4 => 1e-320,
        5 => random.NextDouble() * 1e6,
        _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 25)),
    };

    private static string TextOf(Random random)
    {
        string[] pieces = ["a", "B", "ab", "Z", " ", "한글", "😀", "é", "É", "_", "%", "1", "x'y"];
        var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
        return text;
    }

    private static DateTime TimeOf(Random random) => random.Next(6) switch
    {
        0 => DateTime.UnixEpoch,
        1 => new DateTime(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc),
        2 => new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        _ => DateTime.UnixEpoch.AddSeconds(random.NextInt64(-3_000_000_000, 6_000_000_000)),
    };

    private static T? Perhaps<T>(Random random, Func<T> value)
        where T : class => random.Next(6) == 0 ? null : value();

    private static PackFiles Pack((string Name, SampleFormula Formula, string Type)[] formulas) => LabPack.With(
        string.Join(",\n", formulas.Select(column => $$""" "{{column.Name}}": { {{column.Type}}, "x-formula": {{System.Text.Json.JsonSerializer.Serialize(column.Formula.Text)}}, "title": "F" } """)));
}

public sealed class FormulasAgreeOnSqlite(ITestOutputHelper output) : FormulaAgreementTests(output)
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class FormulasAgreeOnPostgreSql(ITestOutputHelper output) : FormulaAgreementTests(output)
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
