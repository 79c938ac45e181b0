using System.Globalization;
using System.Numerics;
using Platform.Engine.Metadata.Formulas;
using SQLitePCL;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>
/// Functions that every connection gets and formulas are written with. A number is an INTEGER or, beyond 64 bits, the
/// BLOB of <see cref="ExactNumber.ToBytes"/>, always in the smaller form: equal numbers are equal values. Of NULL all
/// functions make NULL, except the two searches, which are false.
/// </summary>
internal static class SqliteFunctions
{
    private const long FirstSecond = -62135596800, LastSecond = 253402300799, LongestText = 1_000_000_000;

    public static void AddTo(sqlite3 connection)
    {
        Two(connection, "exact_add", (left, right) => left + right, Small.Add);
        Two(connection, "exact_sub", (left, right) => left - right, Small.Subtract);
        Two(connection, "exact_mul", (left, right) => left * right, Small.Multiply);
        Two(connection, "exact_mod", (left, right) => right.IsZero ? null : BigInteger.Remainder(left, right));
        Two(connection, "exact_compare", (left, right) => BigInteger.Compare(left, right));
        Two(connection, "exact_widen", (number, digits) => number * ExactNumber.PowerOfTen((int)digits));
        Two(connection, "exact_round", (number, digits) => new ExactNumber(number).Round((int)digits).Value);
        Two(connection, "exact_floor", (number, digits) => new ExactNumber(number).Floor((int)digits).Value);
        Two(connection, "exact_ceiling", (number, digits) => new ExactNumber(number).Ceiling((int)digits).Value);
        Three(connection, "exact_div", (left, right, shift) => right.IsZero ? null : BigInteger.Divide(left * ExactNumber.PowerOfTen((int)shift), right));
        Three(connection, "exact_within", (number, least, most) => number < least || number > most ? null : number);
        One(connection, "exact_position", position => position.Sign < 0 ? null : BigInteger.Min(position, LongestText));
        Add(connection, "geo_distance", 2, (context, arguments) =>
            raw.sqlite3_result_int64(context, StoredPoint.Distance(raw.sqlite3_value_int64(arguments[0]), raw.sqlite3_value_int64(arguments[1]))));
        Reals(connection);
        Times(connection);
        Add(connection, "text_starts", 2, (context, arguments) => Search(context, arguments, (text, part) => part.Length <= text.Length && Same(text[..part.Length], part)));
        Add(connection, "text_ends", 2, (context, arguments) => Search(context, arguments, (text, part) => part.Length <= text.Length && Same(text[^part.Length..], part)));
        Add(connection, "exact_key", 1, (context, arguments) => raw.sqlite3_result_blob(context, new ExactNumber(Number(arguments[0])).ToKey()));
        Add(connection, "date_part", 3, (context, arguments) =>
            raw.sqlite3_result_int(context, StoredDate.Part(raw.sqlite3_value_text(arguments[0]).utf8_to_string(), raw.sqlite3_value_text(arguments[1]).utf8_to_string(), raw.sqlite3_value_text(arguments[2]).utf8_to_string())));
        Add(connection, "in_zone", 2, (context, arguments) =>
            raw.sqlite3_result_text(context, StoredDate.InZone(raw.sqlite3_value_text(arguments[0]).utf8_to_string(), raw.sqlite3_value_text(arguments[1]).utf8_to_string())));
        Aggregate(connection, "exact_sum", (all, number) => all + number);
        Aggregate(connection, "exact_min", BigInteger.Min);
        Aggregate(connection, "exact_max", BigInteger.Max);
    }

    private static void Reals(sqlite3 connection)
    {
        Add(connection, "exact_of_real", 1, (context, arguments) =>
            Return(context, ExactNumber.OfReal(raw.sqlite3_value_double(arguments[0]), FormulaType.RealScale).Value));
        Add(connection, "exact_to_real", 2, (context, arguments) =>
        {
            if (new ExactNumber(Number(arguments[0])).ToReal(raw.sqlite3_value_int(arguments[1])) is { } real) raw.sqlite3_result_double(context, real);
            else raw.sqlite3_result_null(context);
        });
    }

    private static void Times(sqlite3 connection)
    {
        Add(connection, "exact_time", 1, (context, arguments) => Time(context, arguments[0], SqliteDialect.DateTimeFormat));
        Add(connection, "exact_day", 1, (context, arguments) => Time(context, arguments[0], SqliteDialect.DateFormat));
    }

    private static void Time(sqlite3_context context, sqlite3_value value, string format)
    {
        var seconds = Number(value);
        if (seconds < FirstSecond || seconds > LastSecond) raw.sqlite3_result_null(context);
        else raw.sqlite3_result_text(context, DateTime.UnixEpoch.AddTicks((long)seconds * TimeSpan.TicksPerSecond).ToString(format, CultureInfo.InvariantCulture));
    }

    private delegate bool TextTest(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part);

    private static void Search(sqlite3_context context, sqlite3_value[] arguments, TextTest test) =>
        raw.sqlite3_result_int(context, test(raw.sqlite3_value_blob(arguments[0]), raw.sqlite3_value_blob(arguments[1])) ? 1 : 0);

    // UTF-8 keeps ASCII letters apart from the bytes of all other characters.
    private static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (var at = 0; at < left.Length; at++)
        {
            if (Fold(left[at]) != Fold(right[at])) return false;
        }
        return true;
    }

    private static byte Fold(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;

    /// <summary>An aggregate over the numbers that are there; NULL where there is none.</summary>
    private static void Aggregate(sqlite3 connection, string name, Func<BigInteger, BigInteger, BigInteger> next) =>
        raw.sqlite3_create_function(
            connection, name, 1, raw.SQLITE_DETERMINISTIC, null,
            (context, _, arguments) =>
            {
                if (IsNull(arguments[0])) return;
                var number = Number(arguments[0]);
                context.state = context.state is BigInteger known ? next(known, number) : number;
            },
            (context, _) => Return(context, context.state is BigInteger result ? result : null));

    private static void One(sqlite3 connection, string name, Func<BigInteger, BigInteger?> function) =>
        Add(connection, name, 1, (context, arguments) => Return(context, function(Number(arguments[0]))));

    /// <param name="small">The same on 64 bits where that does not overflow; most numbers are small.</param>
    private static void Two(sqlite3 connection, string name, Func<BigInteger, BigInteger, BigInteger?> function, Func<long, long, long?>? small = null) =>
        Add(connection, name, 2, (context, arguments) =>
        {
            if (small is not null && IsSmall(arguments[0]) && IsSmall(arguments[1])
                && small(raw.sqlite3_value_int64(arguments[0]), raw.sqlite3_value_int64(arguments[1])) is { } result) raw.sqlite3_result_int64(context, result);
            else Return(context, function(Number(arguments[0]), Number(arguments[1])));
        });

    private static void Three(sqlite3 connection, string name, Func<BigInteger, BigInteger, BigInteger, BigInteger?> function) =>
        Add(connection, name, 3, (context, arguments) => Return(context, function(Number(arguments[0]), Number(arguments[1]), Number(arguments[2]))));

    private static void Add(sqlite3 connection, string name, int count, Action<sqlite3_context, sqlite3_value[]> function)
    {
        var ofNull = name.StartsWith("text_", StringComparison.Ordinal) ? 0 : (int?)null;
        raw.sqlite3_create_function(connection, name, count, raw.SQLITE_DETERMINISTIC, null, (context, _, arguments) =>
        {
            if (!Array.Exists(arguments, IsNull)) function(context, arguments);
            else if (ofNull is { } no) raw.sqlite3_result_int(context, no);
            else raw.sqlite3_result_null(context);
        });
    }

    private static bool IsNull(sqlite3_value value) => raw.sqlite3_value_type(value) == raw.SQLITE_NULL;

    private static bool IsSmall(sqlite3_value value) => raw.sqlite3_value_type(value) == raw.SQLITE_INTEGER;

    private static BigInteger Number(sqlite3_value value) =>
        raw.sqlite3_value_type(value) == raw.SQLITE_BLOB ? new BigInteger(raw.sqlite3_value_blob(value)) : raw.sqlite3_value_int64(value);

    private static void Return(sqlite3_context context, BigInteger? number)
    {
        if (number is not { } value) raw.sqlite3_result_null(context);
        else if (new ExactNumber(value).TryGetInt64(out var small)) raw.sqlite3_result_int64(context, small);
        else raw.sqlite3_result_blob(context, new ExactNumber(value).ToBytes());
    }

    /// <summary>Arithmetic on 64 bits; <c>null</c> where it overflows.</summary>
    private static class Small
    {
        public static long? Add(long left, long right)
        {
            var sum = unchecked(left + right);
            return ((left ^ sum) & (right ^ sum)) < 0 ? null : sum;
        }

        public static long? Subtract(long left, long right)
        {
            var difference = unchecked(left - right);
            return ((left ^ right) & (left ^ difference)) < 0 ? null : difference;
        }

        public static long? Multiply(long left, long right)
        {
            var high = Math.BigMul(left, right, out var low);
            return high == low >> 63 ? low : null;
        }
    }
}
