using System.Globalization;

namespace Platform.Server.Tests.Fuzz;

/// <summary>Values at the edge of what is one, and beyond.</summary>
internal sealed class HostileValues(Dice dice)
{
    private static readonly string[] Texts =
    [
        "", " ", "'", "''", "\"", "\\", "%", "_", "[", "]", "\0", "a\0b", "\ud800", "b\udfff", "\ud83d\ude00", "한글", "ﷺ", "İı", "ß", "e\u0301\u0301\u0301", "\u202egnp", "\ufeff", "\ufffe",
        "null", "true", "undefined", "NaN", "$select", "$1", "@odata.id", "x' or 1 eq 1", "'; --", "\") --", "../../..", "..\\..", "%00", "%25", "%2f", "a\r\nb: c", "<a>&amp;</a>", "{}", "[]", "${7*7}", "{{7}}",
        "*", "#", "?", "&", ";", "(", ")", ",", "/", "\u0001", "\u007f", "\u0085", "\u2028", "CON", "/dev/null", "file:///x",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "3", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "79228162514264337593543950335", "79228162514264337593543950336",
        "0.1", "-0.00000000000000000000000000001", "1e10", "1e-400", "1e308", "1e309", "1E+400", "123456789012345678901234567890.123456789", "99999999999999.9999", "00", "007", "1.", ".5", "+1", "0x10", "1_000", "1,5",
        "NaN", "INF", "-INF", "1d", "1.5f", "2M", "3L", "- 1",
    ];

    private static readonly string[] Dates =
    [
        "2026-01-31T09:30:00Z", "2026-01-31", "2024-02-29", "2023-02-29", "2026-13-01", "2026-00-00", "0000-01-01", "0001-01-01T00:00:00Z", "1752-12-31T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "10000-01-01",
        "-0001-01-01", "2026-01-31T24:00:00Z", "2026-01-31T23:59:60Z", "2026-01-31T09:30:00+99:00", "2026-01-31T09:30:00+14:00", "2026-01-31T09:30", "2026-01-31 09:30:00Z", "2026-1-1", "20260131", "31.01.2026", "2026-01-31T09:30:00.12345678901234567890Z",
        "2026-W05-6", "P1D", "now",
    ];

    public string Text() => !dice.Oddly(2) ? dice.One("Kim", "Contoso", "a", "Nordwind", "2,1", "Anna") : dice.Below(20) switch
    {
        0 => new string(dice.One('a', '\'', '한', '%', '('), dice.One(101, 161, 4001, 9000)),
        1 => string.Concat(Enumerable.Repeat(dice.One(Texts), dice.One(2, 50, 500))),
        _ => dice.One(Texts),
    };

    public string Number() => !dice.Oddly(2) ? dice.Below(3).ToString(CultureInfo.InvariantCulture) : dice.Once(80) ? new string(dice.One('9', '1', '0'), dice.One(30, 400, 5000)) : dice.One(Numbers);

    public string Date() => dice.Oddly(2) ? dice.One(Dates) : Dates[dice.Below(3)];

    /// <summary>An id: mostly of a row that was there at the beginning.</summary>
    public string Id() => !dice.Oddly(2) ? FuzzModel.Id(dice.Below(FuzzModel.Rows)).ToString() : dice.Below(5) switch
    {
        0 => "00000000-0000-0000-0000-000000000000",
        1 => "ffffffff-ffff-ffff-ffff-ffffffffffff",
        2 => dice.One("not-a-guid", "0197a000", "{0197a000-0000-7000-8000-000000000001}", "0197a0000000700080000000000000001", "0197A000-0000-7000-8000-000000000001", "0197a000-0000-7000-8000-00000000000g", ""),
        3 => FuzzModel.Id(500 + dice.Below(50)).ToString(),
        _ => FuzzModel.Id(dice.Below(FuzzModel.Rows)).ToString(),
    };

    /// <summary>A value as OData URLs write it, mostly of the kind of the column.</summary>
    public string Literal(FuzzColumn column) => dice.Oddly(6) ? AnyLiteral() : column.Kind switch
    {
        "Integer" or "BigInt" or "Decimal" or "Double" or "Money" or "Picklist" or "State" or "Status" => Number(),
        "Boolean" => dice.Oddly(2) ? dice.One("1", "TRUE", "'true'") : dice.One("true", "false"),
        "DateTime" => Date(),
        "Lookup" or "Customer" or "Owner" or "Uniqueidentifier" => dice.Oddly(3) ? $"'{Id()}'" : Id(),
        _ => Quoted(Text()),
    };

    public string AnyLiteral() => dice.Below(12) switch
    {
        0 => "null",
        1 => Number(),
        2 => Date(),
        3 => Id(),
        4 => "duration'P1DT2H'",
        5 => "geography'SRID=4326;Point(126.978 37.5665)'",
        6 => dice.One("geography'Point(1 2 3)'", "geography'SRID=0;Point(999 999)'", "geometry'Point(1 1)'", "binary'AA=='", "Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'", "X'00'"),
        7 => dice.One("@p", "@nobody", "$it", "$root", "$this", "$count"),
        8 => "[" + string.Join(',', dice.Some(0, 4, () => dice.Once(2) ? Number() : Quoted(Text()))) + "]",
        9 => "{\"@odata.type\":\"Microsoft.Dynamics.CRM.account\",\"accountid\":\"" + Id() + "\"}",
        _ => Quoted(Text()),
    };

    public string Once(string one, string other) => dice.Once(2) ? one : other;

    public static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
