using Platform.Server.SignIn;

namespace Platform.Server.Tests.SignIn;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("ko", "ko")]
    [InlineData("ko-KR,ko;q=0.9,en-US;q=0.8", "ko")]
    [InlineData("en-US,ko;q=0.5", "en")]
    [InlineData("fr-FR,ko;q=0.5,en;q=0.1", "ko")]
    [InlineData("kok", null)]
    [InlineData("ko;q=0, en", "en")]
    [InlineData("*", null)]
    [InlineData(";;;q=x", null)]
    public void The_most_wanted_language_that_we_have_is_taken_or_none(string header, string? language) =>
        Assert.Equal(language, RequestCaller.Language(header));
}
