using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Tests;
using Platform.Engine.Tests.Metadata;

namespace Platform.Packs.Tests.Schemas;

/// <summary>The schemas of metadata/schema say what the compiler says, as a validator that is not ours reads them.</summary>
public sealed class SchemaTests
{
    [Fact]
    public async Task Every_schema_is_a_valid_schema()
    {
        var files = Directory.GetFiles(RepositoryRoot.At("metadata", "schema"));

        await DemandValidAsync(await Task.WhenAll(files.Select(async file => (Path.GetFileName(file), "draft", await File.ReadAllTextAsync(file)))));
    }

    [Fact]
    public async Task Every_file_that_we_ship_is_valid() => await DemandValidAsync(FilesOf(await ShippedAsync()));

    [Fact]
    public async Task Files_of_tables_are_valid_JSON_Schemas_that_rows_can_be_checked_with()
    {
        var tables = FilesOf(await ShippedAsync()).Where(file => file.Schema == "entity").ToList();

        await DemandValidAsync(tables.Select(file => (file.Name, "draft", file.Text)));
        // An empty object is no row of a table that demands something; anything else would mean that the schema says nothing.
        var demanding = tables.Where(file => JsonNode.Parse(file.Text)!["required"] is JsonArray { Count: > 0 }).ToList();
        Assert.NotEmpty(demanding);
        var answers = await JsonSchemas.ValidateAsync(demanding.Select(file => (file.Text, "{}")));
        Assert.All(answers, errors => Assert.NotEmpty(errors));
    }

    [Fact]
    public async Task What_the_compiler_takes_is_valid_layers_included()
    {
        Assert.Empty(LayeredPacks.Make().Compile().Errors);
        Assert.Empty(new SmallPacks().Compile().Errors);

        await DemandValidAsync(FilesOf(LayeredPacks.Make().Files));
        await DemandValidAsync(FilesOf(new SmallPacks().Files));
        await DemandValidAsync(FilesOf([new ProjectPack().Files]));
    }

    [Fact]
    public async Task Each_broken_file_is_refused_by_its_schema_and_by_the_compiler()
    {
        var rows = BrokenFiles.All.ToList();
        Assert.True(rows.Count >= 60);
        var answers = await JsonSchemas.ValidateAsync(rows.Select(row => (JsonSchemas.KindOf(row.File), row.Text())));

        var passed = rows.Zip(answers).Where(pair => pair.Second.Length == 0).Select(pair => $"the schema takes {pair.First}");
        var compiled = rows.Where(row => row.Packs().Compile().Errors.IsEmpty).Select(row => $"the compiler takes {row}");
        var wrong = string.Join("\n", passed.Concat(compiled));
        Assert.True(wrong.Length == 0, wrong);
    }

    private static async Task<List<PackFiles>> ShippedAsync()
    {
        var packs = new List<PackFiles> { await PackReader.ReadAsync(RepositoryRoot.At("metadata", "core"), default) };
        foreach (var folder in Directory.GetDirectories(RepositoryRoot.At("plugins"))) packs.Add(await PackReader.ReadAsync(folder, default));
        return packs;
    }

    private static IEnumerable<(string Name, string Schema, string Text)> FilesOf(IEnumerable<PackFiles> packs) =>
        from pack in packs
        from file in pack.Files
        where file.Key.EndsWith(".json", StringComparison.Ordinal)
        select ($"{pack.Origin}/{file.Key}", JsonSchemas.KindOf(file.Key), file.Value);

    private static async Task DemandValidAsync(IEnumerable<(string Name, string Schema, string Text)> files)
    {
        var all = files.ToList();
        var answers = await JsonSchemas.ValidateAsync(all.Select(file => (file.Schema, file.Text)));

        Assert.NotEmpty(all);
        var wrong = string.Join("\n", all.Zip(answers).Where(pair => pair.Second.Length > 0).Select(pair => $"{pair.First.Name}: {string.Join("; ", pair.Second.Take(4))}"));
        Assert.True(wrong.Length == 0, wrong);
    }
}
