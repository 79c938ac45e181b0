using System.Globalization;
using Platform.Engine.Messages;
using Platform.Engine.Tests.Formulas;
using Platform.Sdk;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Rows with values that databases, collations, calendars and number types disagree about, the same for every seed.</summary>
internal sealed class AgreementRows
{
    private const int Items = 110, Groups = 11, Persons = 9, Tags = 7;

    /// <summary>Texts that differ by case, accents, normal form, blanks; wildcards; other scripts.</summary>
    public static readonly string[] Texts =
    [
        "apple", "Apple", "APPLE", "apple ", " apple", "app", "straße", "STRASSE", "strasse", "Straße", "über", "Über", "ÜBER", "uber", "ısı", "ISI", "isi", "İSİ", "가나", "각산 상회", "나라", "ㄱ",
        "100%", "100", "1_0", "a[b]c", "back\\slash", "it's", "x\"y", "😀", "😀a", "\uFF21", "Z", "z", "_", "%", "é", "É", "e\u0301", "\u212B", "a\tb", "a&b", "a+b", "a<b>", "1", "10", "9", "-1", "true", "null", "~", "{", "\u00A0", "ﬁ",
    ];

    private static readonly int[] Ints = [0, 1, -1, 2, 3, 5, 7, 10, 100, -100, int.MaxValue, int.MinValue, 1000, 42];
    private static readonly long[] Longs = [0, 1, -1, 3, 10, long.MaxValue, long.MinValue, 9007199254740993, 4294967296, -42];
    private static readonly decimal[] Prices = [0m, 0.01m, -0.01m, 1m, 1.1m, 1.10m, 2.5m, 3.33m, 10m, 99.99m, 100m, -5.55m, 12345678.91m, 99999999999.99m, -99999999999.99m];
    private static readonly decimal[] Fines = [0m, 0.0000000001m, -0.0000000001m, 1m, 1.0000000001m, 0.3333333333m, 2.5m, 99999999.9999999999m, -7.5m, 10m];
    private static readonly decimal[] Amounts = [0m, 0.0001m, 19.99m, 1m, 100m, 100.005m, -3.5m, 12345678901.2345m, 1.1m];
    private static readonly double[] Reals = [0, 0, 0.1, 0.2, 0.9099999999999999, 20.580000000000002, 1.6099999999999999, 0.3, 0.30000000000000004, 1, 1.5, -1.5, 1e-17, 1e15, 123456789012345.6, 7.25, 2.0 / 3, 100, 1e20, -1e20, 0.1 + 0.7];

    /// <summary>Around changes of clocks, ends of weeks, months, quarters and years, leap days, and the ends of time.</summary>
    public static readonly DateTime[] Times = [.. new[]
    {
        "2024-03-10T07:59:59Z", "2024-03-10T08:00:00Z", "2024-03-10T10:00:00Z", "2024-03-10T09:59:59Z", "2024-11-03T04:00:00Z", "2024-11-03T04:30:00Z", "2024-11-03T05:00:00Z", "2024-11-03T07:00:00Z", "2024-11-03T08:00:00Z", "2024-11-03T09:30:00Z",
        "2023-12-31T14:59:59Z", "2023-12-31T15:00:00Z", "2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z", "2024-01-01T07:59:59Z", "2024-01-01T08:00:00Z", "2024-02-28T15:00:00Z", "2024-02-29T12:00:00Z", "2024-03-01T00:00:00Z",
        "2024-03-31T15:00:00Z", "2024-04-01T07:00:00Z", "2024-06-30T23:59:59Z", "2024-07-01T00:00:00Z", "2024-09-30T15:00:00Z", "2024-03-09T00:00:00Z", "2024-03-08T23:59:59Z", "2024-03-03T00:00:00Z", "2024-03-16T23:59:59Z", "2024-03-17T00:00:00Z",
        "2025-01-01T00:00:00Z", "2024-12-31T23:59:59Z", "2024-12-29T00:00:00Z", "2022-06-15T12:00:00Z", "2034-03-10T08:00:00Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1899-12-31T16:00:00Z", "0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-30T12:00:00Z",
        "2024-03-10T12:00:00Z", "2024-03-10T11:59:59Z", "2024-03-10T12:00:01Z", "2024-03-10T04:59:59Z", "2024-03-10T05:00:00Z", "2024-03-10T04:00:00Z", "2018-11-04T03:00:00Z", "2018-11-04T02:59:59Z", "2024-03-09T15:00:00Z", "2024-03-09T14:59:59Z",
    }.Select(text => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal))];

    public static readonly DateOnly[] Days = [.. Times.Select(DateOnly.FromDateTime).Append(DateOnly.MaxValue).Append(new DateOnly(2024, 3, 11)).Distinct()];

    private readonly Random random = new(20240310);
    private int ids;

    public PlainData Data { get; } = new();

    public static AgreementRows Make()
    {
        var rows = new AgreementRows();
        rows.MakeAll();
        return rows;
    }

    /// <summary>Writes the rows into an engine's database.</summary>
    public async Task InsertAsync(TestEngine engine)
    {
        foreach (var table in (string[])["cmp_person", "cmp_group", "cmp_tag", "cmp_item"])
        {
            foreach (var row in Data.Of(table)) await engine.CreateAsync(ToRecord(row));
        }
        foreach (var pairs in Data.Pairs.GroupBy(pair => pair.Item))
            await engine.SendAsync(new Associate(new EntityReference("cmp_item", pairs.Key), "cmp_item_tags", [.. pairs.Select(pair => new EntityReference("cmp_tag", pair.Tag))]));
    }

    private EntityRecord ToRecord(PlainRow row)
    {
        var record = new EntityRecord(row.Table.Name, row.Id);
        foreach (var (name, value) in row.Values)
        {
            if (AgreementPack.Calculated.Contains(name)) continue;
            record[name] = value switch
            {
                Guid id => new EntityReference(Data.Find(id)!.Table.Name, id),
                int[] choices => new ChoiceValues(choices),
                // There is one zero, however it is written.
                double and 0 => -0d,
                _ => value,
            };
        }
        return record;
    }

    private void MakeAll()
    {
        for (var number = 0; number < Persons; number++)
        {
            var row = Row(AgreementPack.Person, number == 3 ? null : Texts[(number * 5) % Texts.Length]);
            (row["cmp_born"], row["cmp_score"], row["cmp_seen"]) = (Perhaps(Days), Perhaps(Reals), Perhaps(Times));
            if (number > 0 && number % 3 != 0) row["cmp_bossid"] = Data.Of("cmp_person")[random.Next(number)].Id;
            Data.Add(row);
        }
        for (var number = 0; number < Groups; number++)
        {
            var row = Row(AgreementPack.Group, number == 5 ? null : Texts[(number * 7) % Texts.Length]);
            (row["cmp_rank"], row["cmp_budget"], row["cmp_since"], row["cmp_at"], row["cmp_open"]) = (Perhaps(Ints), Perhaps(Amounts), Perhaps(Days), Perhaps(Times), Perhaps([true, false]));
            if (number % 4 != 0) row["cmp_leadid"] = Pick(Data.Of("cmp_person")).Id;
            Data.Add(row);
        }
        for (var number = 0; number < Tags; number++)
        {
            var row = Row(AgreementPack.Tag, Texts[(number * 3) + 1]);
            row["cmp_weight"] = Perhaps(Ints);
            Data.Add(row);
        }
        for (var number = 0; number < Items; number++) MakeItem(number);
        foreach (var row in Data.Of("cmp_item"))
        {
            foreach (var tag in Data.Of("cmp_tag").Where(_ => random.Next(4) == 0)) Data.Pair(row, tag);
            Calculate(row);
        }
        foreach (var row in Data.Of("cmp_group")) RollUp(row);
    }

    private void MakeItem(int number)
    {
        var row = Row(AgreementPack.Item, number % 9 == 8 ? null : Texts[number % Texts.Length]);
        (row["cmp_code"], row["cmp_memo"]) = (Text(), Text());
        (row["cmp_int"], row["cmp_other"], row["cmp_big"]) = (Perhaps(Ints), Perhaps(Ints), Perhaps(Longs));
        (row["cmp_whole"], row["cmp_price"], row["cmp_cost"], row["cmp_fine"], row["cmp_money"]) = (Perhaps([0m, 1m, -1m, 7m, 12345678901m]), Perhaps(Prices), Perhaps(Prices), Perhaps(Fines), Perhaps(Amounts));
        (row["cmp_real"], row["cmp_float"], row["cmp_flag"]) = (Perhaps(Reals), Perhaps(Reals), Perhaps([true, false]));
        (row["cmp_time"], row["cmp_until"], row["cmp_clock"]) = (Perhaps(Times), Perhaps(Times), Perhaps(Times));
        (row["cmp_day"], row["cmp_end"], row["cmp_choice"]) = (Perhaps(Days), Perhaps(Days), Perhaps([1, 2, 3, -7]));
        int[] many = [.. new[] { 1, 2, 10, 11 }.Where(_ => random.Next(3) == 0)];
        row["cmp_many"] = many.Length == 0 ? null : many;
        if (random.Next(4) > 0) row["cmp_groupid"] = Pick(Data.Of("cmp_group")).Id;
        if (number > 0 && random.Next(3) > 0) row["cmp_parentid"] = Pick(Data.Of("cmp_item")).Id;
        if (random.Next(3) > 0) row["cmp_relatedid"] = Pick(Data.Of(random.Next(2) == 0 ? "cmp_group" : "cmp_person")).Id;
        Data.Add(row);
    }

    private void Calculate(PlainRow row)
    {
        row["cmp_total"] = row["cmp_int"] is int count && row["cmp_price"] is decimal price && Math.Abs(count * price) <= 100_000_000_000m ? count * price : null;
        var group = row["cmp_groupid"] is Guid id ? Data.Find(id)!["cmp_name"] : null;
        row["cmp_label"] = string.Concat($"{row["cmp_name"]}/{group}".Normalize().EnumerateRunes().Take(12));
        row["cmp_late"] = row["cmp_day"] is DateOnly day && day < new DateOnly(2024, 3, 10) && row["cmp_flag"] is true;
        row["cmp_next"] = row["cmp_day"] is DateOnly last && last < DateOnly.MaxValue ? last.AddDays(1) : null;
    }

    private void RollUp(PlainRow group)
    {
        var items = Data.Of("cmp_item").Where(item => Equals(item["cmp_groupid"], group.Id)).ToList();
        var prices = items.Select(item => item["cmp_price"]).OfType<decimal>().ToList();
        var sum = prices.Sum();
        group["cmp_sum"] = Math.Abs(sum) <= 100_000_000_000m ? sum : null;
        group["cmp_count"] = items.Count(item => item["cmp_flag"] is true);
        group["cmp_last"] = items.Select(item => item["cmp_day"]).OfType<DateOnly>().Cast<DateOnly?>().Max();
        if (prices.Count > 0 && PlainNumber.Of(sum).Over(PlainNumber.Of(prices.Count), 20)!.Value.At(4) is var mean && Math.Abs((decimal)mean.Units / 10_000m) <= 100_000_000_000m) group["cmp_mean"] = (decimal)mean.Units / 10_000m;
    }

    private PlainRow Row(PlainTable table, string? name) => new(table, Id()) { ["cmp_name"] = name?.Normalize() };

    // Neither the order in which rows are made nor that of their bytes.
    private Guid Id() => new((uint)random.Next() * 2, (ushort)random.Next(65536), 0x7000, 0x80, (byte)ids++, (byte)random.Next(256), 1, 2, 3, 4, 5);

    private string? Text() => random.Next(5) == 0 ? null : (random.Next(3) == 0 ? Pick(Texts) + Pick(Texts) : Pick(Texts)).Normalize();

    private object? Perhaps<T>(IReadOnlyList<T> values) => random.Next(6) == 0 ? null : Pick(values);

    private T Pick<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];
}
