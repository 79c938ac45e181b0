using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Packs;

/// <summary>Rows of the packs that we ship.</summary>
public sealed class ShippedSeedTests
{
    [Fact]
    public async Task The_shipped_packs_bring_their_rows()
    {
        var compilation = MetadataCompiler.Compile(await TestEngine.PacksAsync(["loyalty", "sales", "service"]), 1);

        Assert.Empty(compilation.Errors);
        Assert.All(compilation.Snapshot!.Packs, pack => Assert.NotEmpty(pack.Seeds));
    }
}
