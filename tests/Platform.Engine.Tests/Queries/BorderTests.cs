using System.Globalization;
using Platform.Engine.Messages;
using Platform.Engine.Records;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Formulas;
using Platform.Sdk;

namespace Platform.Engine.Tests.Queries;

public sealed class SqliteBorderTests() : BorderTests(CoreDatabase.SqliteAsync);

public sealed class PostgreSqlBorderTests() : BorderTests(CoreDatabase.PostgreSqlAsync);

/// <summary>Queries that random ones have found to go wrong where values or rows come to an end.</summary>
public abstract class BorderTests(Func<Task<TestDatabase>> open)
{
    [Fact]
    public async Task Values_and_rows_at_an_end_are_found_sorted_and_calculated_with_alike()
    {
        await using var engine = await TestEngine.StartAsync(await open(), [], LabPack.With(
            """
            "lab_last": { "type": "string", "format": "date", "x-formula": "lab_end sub duration'PT0S'", "title": "Last" },
            "lab_sum": { "type": "number", "x-rollup": { "relationship": "lab_row_children", "function": "sum", "attribute": "lab_price" }, "title": "Sum" },
            "lab_mark": { "type": "string", "x-formula": "concat('#',lab_text)", "title": "Mark" }
            """));
        var kim = new EntityReference("contact", await engine.CreateAsync(new EntityRecord("contact") { ["lastname"] = "Kim" }));
        var ends = await InsertAsync(engine, "ends", ("lab_day", DateOnly.MinValue), ("lab_end", DateOnly.MaxValue), ("lab_time", Utc("0001-01-01T00:00:00Z")), ("lab_until", Utc("9999-12-31T23:59:59Z")), ("lab_big", long.MaxValue), ("lab_real", 20.580000000000002), ("lab_price", 1.5m));
        await InsertAsync(engine, "a\\nb", ("lab_day", new DateOnly(2024, 11, 3)), ("lab_end", new DateOnly(2024, 11, 4)), ("lab_time", Utc("2024-11-03T04:30:00Z")), ("lab_big", long.MaxValue - 1), ("lab_real", -0d), ("lab_price", 2m), ("lab_parentid", ends));
        await InsertAsync(engine, "a]b", ("lab_time", Utc("2024-11-03T05:30:00Z")), ("lab_big", long.MaxValue), ("lab_parentid", ends), ("lab_customerid", kim));

        (string Query, string Expected)[] cases =
        [
            ("?$select=lab_real&$filter=lab_real eq 0", "0"),
            ("?$select=lab_text&$filter=lab_parentid/lab_sum eq null", "ends"),
            ("?$select=lab_text&$filter=lab_parentid/lab_sum ge 0&$orderby=lab_text", "a\\nb, a]b"),
            ("?$select=lab_text&$filter=lab_parentid/lab_mark eq null or lab_parentid/lab_sum add 1 eq 1", "ends"),
            ("?$select=lab_text&$orderby=lab_parentid/lab_sum,lab_parentid/lab_mark desc,lab_text", "ends, a\\nb, a]b"),
            ("?$apply=groupby((lab_parentid/lab_sum),aggregate($count as n))", "-/1, 2.00/2"),
            ("<fetch><entity name='lab_row'><attribute name='lab_text'/><order attribute='lab_text'/><link-entity name='lab_row' from='lab_rowid' to='lab_parentid' link-type='outer' alias='p'><attribute name='lab_sum'/><attribute name='lab_mark'/></link-entity></entity></fetch>", "a\\nb/2.00/#ends, a]b/2.00/#ends, ends/-/-"),
            ("?$select=lab_text&$filter=lab_end in (2024-11-04,9999-12-31,null)&$orderby=lab_text", "a\\nb, a]b, ends"),
            ("?$select=lab_text&$filter=lab_time in (2024-11-03T04:30:00Z) or lab_day in ( 0001-01-01 )", "ends, a\\nb"),
            ("?$select=lab_text&$filter=lab_text in ('a\\nb','it''s in (2024-11-04)')", "a\\nb"),
            ("?$select=lab_text&$filter=lab_parentid/lab_end in (9999-12-31) and lab_text ne 'x in (2024-11-04)'&$orderby=lab_text", "a\\nb, a]b"),
            ("?$apply=filter(lab_end in (9999-12-31))/aggregate($count as n)", "1"),
            ("?$filter=_lab_parentid_value in (,00000000-0000-0000-0000-000000000000)", "Invalid"),
            ("?$select=lab_text&$filter=lab_price gt lab_real", "a\\nb"),
            ("?$select=lab_text&$filter=lab_price mul lab_real eq 30.87", "ends"),
            ("?$select=lab_text&$filter=coalesce(lab_parentid/lab_text,lab_text) eq 'ends' and coalesce(lab_price,9) eq 9", "a]b"),
            ("?$select=lab_text&$orderby=coalesce(lab_day,2000-01-01) desc", "a\\nb, a]b, ends"),
            ("?$select=lab_text&$filter=lab_real eq 20.580000000000002 and lab_real in (20.580000000000002)", "ends"),
            ("?$select=lab_text&$filter=lab_last eq 9999-12-31", "ends"),
            ("?$select=lab_text&$filter=Microsoft.Dynamics.CRM.On(PropertyName='lab_last',PropertyValue=2024-11-04) or lab_last lt 0001-01-02", "a\\nb"),
            ("?$select=lab_text&$orderby=date(lab_until) desc,lab_last desc,lab_text", "ends, a\\nb, a]b"),
            ("?$select=lab_last&$filter=year(lab_last) eq 9999", "9999-12-31"),
            ("?$select=lab_text&$filter=Microsoft.Dynamics.CRM.On(PropertyName='lab_end',PropertyValue=9999-12-31)", "ends"),
            ("?$select=lab_text&$filter=Microsoft.Dynamics.CRM.OnOrBefore(PropertyName='lab_end',PropertyValue=9999-12-31)&$orderby=lab_text", "a\\nb, ends"),
            ("?$select=lab_text&$filter=Microsoft.Dynamics.CRM.InFiscalYear(PropertyName='lab_time',PropertyValue=1)", "ends"),
            ("?$select=lab_text&$filter=Microsoft.Dynamics.CRM.On(PropertyName='lab_time',PropertyValue=2024-11-03T12:00:00Z)&$orderby=lab_text", "a\\nb, a]b"),
            ("?$select=lab_text&$filter=date(totimezone(lab_time,'America/New_York')) eq 2024-11-03&$orderby=lab_text", "a\\nb, a]b"),
            ("?$select=lab_text&$filter=hour(totimezone(lab_time,'Asia/Seoul')) eq 13 and totimezone(lab_time,'Korea Standard Time') gt 2024-11-03T13:00:00Z", "a\\nb"),
            ("?$select=lab_text&$filter=hour(totimezone(lab_time,'America/New_York')) eq 0&$orderby=totimezone(lab_time,'America/New_York') desc", "a\\nb, ends"),
            ("?$select=lab_text&$filter=year(totimezone(lab_until,'Asia/Seoul')) eq 9999", "ends"),
            ("?$apply=compute(day(totimezone(lab_time,'Pacific/Kiritimati')) as d)/groupby((d),aggregate($count as n))", "1/1, 3/2"),
            ("?$filter=totimezone(lab_time,'Mars/Olympus') gt 2024-11-03T13:00:00Z", "Invalid"),
            ("?$filter=totimezone(lab_time,lab_text) gt 2024-11-03T13:00:00Z", "Invalid"),
            ("<fetch aggregate='true'><entity name='lab_row'><attribute name='lab_time' groupby='true' dategrouping='year' alias='y'/><attribute name='lab_time' groupby='true' dategrouping='day' alias='d'/></entity></fetch>", "1/1, 2024/3"),
            ("<fetch aggregate='true'><entity name='lab_row'><attribute name='lab_until' groupby='true' dategrouping='year' alias='y'/></entity></fetch>", "-, 9999"),
            ("?$apply=aggregate(lab_big with average as mean)", "9223372036854775806.666666667"),
            ("?$select=lab_text&$orderby=true desc,lab_text", "a\\nb, a]b, ends"),
            ("?$select=lab_text&$filter=Microsoft.Dynamics.CRM.NotIn(PropertyName='lab_text',PropertyValues=['ends',\"a]b\"])", "a\\nb"),
            ("?$select=lab_text&$filter=Microsoft.Dynamics.CRM.Between(PropertyName='lab_text',PropertyValues=['a[''s','a]b'])", "a\\nb, a]b"),
            ("?$select=lab_text&$orderby=lab_customerid_account/accountid desc,lab_text", "a\\nb, a]b, ends"),
            ("?$select=lab_text&$filter=lab_customerid_account/accountid eq _lab_parentid_value", "ends"),
            ("?$select=lab_text&$filter=lab_customerid_contact/contactid ne null and lab_customerid_account/accountid eq null", "a]b"),
            ("?$apply=groupby((lab_parentid/lab_text,lab_price),aggregate($count as n))/groupby((lab_parentid/lab_text),aggregate(n with sum as s))&$filter=lab_parentid/lab_text ne null&$orderby=lab_parentid/lab_text", "ends/2"),
            ("?$apply=groupby((lab_text),aggregate(lab_big with average as mean,lab_price with average as price))/aggregate(mean with max as most,price with min as least)", "9223372036854775807.000000000/1.5000000000"),
            ("?$apply=groupby((lab_text),aggregate(lab_price with sum as price))/groupby((price))&$orderby=price desc", "2.00, 1.50, -"),
        ];
        var wrong = new List<string>();
        foreach (var (query, expected) in cases)
        {
            var found = await FoundAsync(engine, query);
            if (found != expected) wrong.Add($"{query}: '{found}' instead of '{expected}'");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The values of each row that comes, for a caller in Havana, where clocks go back to midnight; page by page.</summary>
    private static async Task<string> FoundAsync(TestEngine engine, string query)
    {
        var caller = engine.Admin with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("America/Havana") };
        try
        {
            var first = (query[0] == '<' ? engine.Parser.ParseFetch(engine.Metadata, query) : engine.Parser.Parse(engine.Metadata, engine.Metadata.Entity("lab_row"), query)) with { PageSize = 2 };
            var rows = new RecordList();
            for (var page = first; rows.Records.Count < 20;)
            {
                if ((await engine.SendAsync(new RetrieveMultiple(page, rows), caller)).Next is not { } next) break;
                page = first with { After = next };
            }
            return string.Join(", ", rows.Records.Select(row => string.Join('/', row.Attributes.Values.Select(value => Convert.ToString(value is DateOnly day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : value ?? "-", CultureInfo.InvariantCulture)))));
        }
        catch (PlatformException refusal)
        {
            return $"{refusal.Kind}";
        }
    }

    private static async Task<EntityReference> InsertAsync(TestEngine engine, string name, params (string Column, object Value)[] values)
    {
        var row = new EntityRecord("lab_row") { ["lab_text"] = name };
        foreach (var (column, value) in values) row[column] = value;
        return new EntityReference("lab_row", await engine.CreateAsync(row));
    }

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
