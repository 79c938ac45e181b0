using System.Collections.Frozen;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Sdk;
using Platform.Studio.Text;

namespace Platform.Studio.Tests;

public sealed class ValueFormatTests
{
    private static readonly TimeZoneInfo Seoul = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul");

    [Fact]
    public void Values_read_in_the_sessions_language_and_zone()
    {
        var entity = Samples.Card();
        var format = new ValueFormat(Samples.Ui("ko"), Seoul);

        Assert.Equal("골드", format.Of(entity.Attribute("level"), 1));
        Assert.Equal("1,234.50", format.Of(entity.Attribute("price"), 1234.5m));
        Assert.Equal("1,234", format.Of(entity.Attribute("points"), 1234));
        Assert.Equal("예", format.Of(entity.Attribute("active"), true));
        Assert.Equal("(이름 없음)", format.Of(entity.Attribute("memberid"), new EntityReference("member", Guid.CreateVersion7())));
        Assert.StartsWith("2026. 1. 2.", format.Of(entity.Attribute("issued"), new DateTime(2026, 1, 1, 20, 0, 0, DateTimeKind.Utc)), StringComparison.Ordinal);
        Assert.Equal("", format.Of(entity.Attribute("number"), null));
    }

    [Fact]
    public void An_amount_of_a_row_has_the_symbol_and_digits_of_its_currency()
    {
        var (won, dollar) = (new Currency(Guid.CreateVersion7(), "₩", 0, 1400m), new Currency(Guid.CreateVersion7(), "$", 2, 1m));
        var format = new ValueFormat(Samples.Ui("ko"), Seoul, new CurrencyTable(new[] { won, dollar }.ToFrozenDictionary(currency => currency.Id), dollar));
        var price = Samples.Card().Attribute("price");

        Assert.Equal("₩1,235", format.Of(price, 1234.5m, new EntityRecord("card") { ["transactioncurrencyid"] = new EntityReference("transactioncurrency", won.Id) }));
        Assert.Equal("1,234.50", format.Of(price, 1234.5m, new EntityRecord("card")));
        Assert.Equal("1,234.50", format.Of(price, 1234.5m));
    }

    [Fact]
    public void A_point_in_time_comes_back_as_it_was_shown()
    {
        var attribute = Samples.Card().Attribute("issued");
        var format = new ValueFormat(Samples.Ui(), Seoul);
        var moment = new DateTime(2026, 6, 30, 15, 30, 0, DateTimeKind.Utc);

        Assert.Equal(new DateTime(2026, 7, 1, 0, 30, 0), format.Shown(attribute, moment));
        Assert.Equal(moment, format.Stored(attribute, format.Shown(attribute, moment)));
    }

    [Fact]
    public void An_hour_that_summer_time_leaves_out_becomes_the_next_one()
    {
        var attribute = Samples.Attribute("when", AttributeKind.DateTime);
        var format = new ValueFormat(Samples.Ui(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        Assert.Equal(new DateTime(2026, 3, 29, 1, 30, 0), format.Stored(attribute, new DateTime(2026, 3, 29, 2, 30, 0)));
    }
}
