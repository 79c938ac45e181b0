using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Clients;

/// <summary><c>$metadata</c> of a large model, as parsers of others read it.</summary>
public sealed class CsdlTests
{
    [Fact]
    public async Task The_model_of_a_hundred_tables_is_understood_by_other_parsers_in_both_forms()
    {
        await using var server = await TestServer.StartAsync(packs: LargePack.WriteTo);

        await NodeCases.RunAsync(server, "csdl.mjs", least: 13);
    }
}
