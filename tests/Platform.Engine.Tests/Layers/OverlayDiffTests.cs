using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Tests.Layers;

/// <summary>What the diff finds, laid over what was below, gives what was wanted.</summary>
public sealed class OverlayDiffTests
{
    [Fact]
    public void A_change_of_one_label_says_nothing_but_that()
    {
        var below = JsonNode.Parse("""{ "title": "A", "x-choice": [ { "value": 1, "label": "One" }, { "value": 2, "label": "Two" } ] }""")!.AsObject();
        var wanted = JsonNode.Parse("""{ "title": "A", "x-choice": [ { "value": 1, "label": "One" }, { "value": 2, "label": "Second" } ] }""")!.AsObject();

        Assert.Equal("""{"x-choice":[{"label":"Second","value":2}]}""", OverlayDiff.Between(below, wanted)!.ToJsonString());
        Assert.Null(OverlayDiff.Between(below, (JsonObject)below.DeepClone()));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_changes_of_random_documents_come_out_as_wanted(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var below = Document(random, 3);
            var wanted = random.Next(4) == 0 ? Document(random, 3) : Changed((JsonObject)below.DeepClone(), random);
            var part = OverlayDiff.Between(below, wanted);
            var result = part is null ? below : Laid(part, below);

            Assert.True(JsonNode.DeepEquals(wanted, result), $"seed {seed}, round {round}\nbelow  {below.ToJsonString()}\nwanted {wanted.ToJsonString()}\npart   {part?.ToJsonString()}\nresult {result.ToJsonString()}");
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    private static JsonObject Laid(JsonObject part, JsonObject below)
    {
        part["x-extends"] = "shop";
        below = (JsonObject)below.DeepClone();
        below["name"] = "shop";
        var packs = EffectiveFiles.Of([Pack("core", "app/sitemap.json", below), Pack("zeta", "app/shop.json", part)]);
        var laid = JsonNode.Parse(packs[0].Pack.Files["app/sitemap.json"])!.AsObject();
        laid.Remove("name");
        return laid;
    }

    private static PackFiles Pack(string id, string path, JsonObject document) => new(id, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add("pack.json", $$"""{ "id": "{{id}}", "version": "1.0.0", "publisher": { "prefix": "{{(id == "core" ? "" : id)}}", "name": "Us" }, "title": "Us" }""")
        .Add(path, document.ToJsonString()));

    private static JsonObject Document(Random random, int depth)
    {
        var document = new JsonObject();
        foreach (var name in new[] { "title", "icon", "fields", "columns", "tabs", "settings" })
        {
            if (random.Next(3) > 0) document[name] = Value(name, random, depth);
        }

        return document;
    }

    private static JsonNode Value(string name, Random random, int depth) => name switch
    {
        "fields" => new JsonArray([.. Names(random).Select(text => (JsonNode)text)]),
        "columns" => new JsonArray([.. Names(random).Select(text => (JsonNode)new JsonObject { ["attribute"] = text, ["width"] = random.Next(3) })]),
        "tabs" when depth > 0 => new JsonArray([.. Names(random).Select(text => { var tab = Document(random, depth - 1); tab["name"] = text; return (JsonNode)tab; })]),
        "settings" when depth > 0 => Document(random, depth - 1),
        _ => random.Next(3),
    };

    private static IEnumerable<string> Names(Random random)
    {
        string[] names = ["a", "b", "c", "d", "e"];
        random.Shuffle(names);
        return names.Take(random.Next(6));
    }

    private static JsonObject Changed(JsonObject document, Random random)
    {
        var other = Document(random, 2);
        foreach (var (name, value) in other.ToList())
        {
            if (random.Next(2) == 0) document[name] = value?.DeepClone();
            else if (random.Next(4) == 0) document.Remove(name);
        }

        return document;
    }
}
