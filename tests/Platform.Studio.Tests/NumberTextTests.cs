using System.Globalization;
using Platform.Studio.Text;

namespace Platform.Studio.Tests;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("1,234.5", 1234.5)]
    [InlineData("-12", -12)]
    [InlineData("₩ 3,000", 3000)]
    [InlineData("3.5만", 35_000)]
    [InlineData("1억 2천만", 120_000_000)]
    [InlineData("2천5백", 2500)]
    [InlineData("만", 10_000)]
    [InlineData("1억2345", 100_002_345)]
    [InlineData("5천원", 5000)]
    public void Numbers_are_read_as_people_type_them(string text, double expected) =>
        Assert.Equal((decimal)expected, NumberText.Parse(text, CultureInfo.GetCultureInfo("ko-KR")));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1.2.3")]
    [InlineData("1억x")]
    public void What_is_no_number_gives_nothing(string text) =>
        Assert.Null(NumberText.Parse(text, CultureInfo.GetCultureInfo("ko-KR")));
}
