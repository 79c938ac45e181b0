using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Customization;

namespace Platform.Engine.Tests.Layers;

/// <summary>The three-way merge over random packs, customizations and upgrades.</summary>
public sealed class MergePropertyTests
{
    private static readonly string[] Components =
    [
        "entity/tst_item", "attribute/tst_item/tst_size", "attribute/account/tst_rank", "key/tst_item/tst_code_key", "form/tst_item/main", "view/tst_item/all",
        "choice/tst_region", "role/keeper", "relationship/tst_item_tags", "app/stock",
    ];

    private static readonly string[] Additions = ["attribute/tst_item/new_colour", "attribute/account/new_itemid", "attribute/account/new_region", "attribute/account/new_free", "view/tst_item/new_view", "role/clerk", "app/ours"];

    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_merge_compiles_whoever_prevails_and_leaves_alone_what_nobody_touched(int seed)
    {
        var random = new Random(seed);
        var core = (await TestEngine.PacksAsync([]))[0];
        var deployed = PackSet.Of([core, new StockPack().Files]).AsDeployed();
        var draft = new CustomizationDraft(deployed);
        var touched = Customize(draft, random);
        deployed = deployed.With(new PackSet([(PackDefinition.Customization, draft.ToFiles())]));
        Assert.Empty(MetadataCompiler.Compile(deployed.Files, 1).Errors);
        var dropped = Components[random.Next(Components.Length)];
        var uninstalls = random.Next(4) == 0;
        var next = uninstalls ? deployed.Without(["stock"]) : deployed.With(PackSet.Of([Upgrade(dropped, random)]));

        foreach (var choice in new LayerChoice?[] { LayerChoice.Customization, LayerChoice.Pack, null })
        {
            var merged = ThreeWayMerge.Run(deployed, next, new MetadataChange { ResolveAll = choice, WithDependents = true });

            // A second app is the one thing that cannot be kept.
            Assert.All(merged.Refusals, refusal => Assert.Contains("no more than one", refusal.Reason, StringComparison.Ordinal));
            Assert.Empty(MetadataCompiler.Compile(merged.Packs.Files, 2).Errors);
            var (before, after) = (ComponentSet.Of(deployed), ComponentSet.Of(merged.Packs));
            var others = before.Addresses.Where(component => before.PackOf(component) == "core" && !touched.Contains(component));
            Assert.All(others, component => Assert.True(JsonNode.DeepEquals(before.Find(component), after.Find(component)), component));
            if (touched.Contains("attribute/account/new_free")) Assert.NotNull(after.Find("attribute/account/new_free"));
            Assert.All(touched.Where(component => after.PackOf(component) is null), component => Assert.True(choice != LayerChoice.Customization || merged.Dependents.Any(part => part.Component == component) || merged.Refusals.Length > 0, component));
        }
    }

    /// <returns>What was changed or added.</returns>
    private static HashSet<string> Customize(CustomizationDraft draft, Random random)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var component in Components.Where(_ => random.Next(3) == 0))
        {
            var content = draft.Find(component)!;
            content["title"] = $"Ours {random.Next(3)}";
            draft.Put(component, content);
            touched.Add(component);
        }

        foreach (var component in Additions.Where(_ => random.Next(3) == 0))
        {
            draft.Put(component, Addition(component));
            if (component.StartsWith("attribute/", StringComparison.Ordinal)) draft.SetLabel("ko", component, "title", "우리");
            touched.Add(component);
        }

        return touched;
    }

    private static JsonObject Addition(string component) => JsonNode.Parse(component switch
    {
        "attribute/account/new_itemid" => """{ "title": "Item", "x-lookup": { "targets": ["tst_item"], "relationship": "new_item_accounts" } }""",
        "attribute/account/new_region" => """{ "type": "integer", "title": "Region", "x-choice": "tst_region" }""",
        "view/tst_item/new_view" => """{ "title": "Ours", "columns": [ { "attribute": "tst_size" }, { "attribute": "tst_region" } ], "orderby": "tst_code asc" }""",
        "role/clerk" => """{ "id": "5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e77", "title": "Clerk", "privileges": { "tst_item": { "read": "user" }, "tst_tag": { "read": "user" } } }""",
        "app/ours" => """{ "title": "Ours", "groups": [ { "name": "all", "title": "All", "items": [ { "entity": "tst_item" }, { "entity": "tst_tag" } ] } ] }""",
        _ => """{ "type": "string", "title": "Text" }""",
    })!.AsObject();

    /// <summary>Without a component, and with another title for some others.</summary>
    private static PackFiles Upgrade(string dropped, Random random)
    {
        var pack = new StockPack().Without(dropped);
        var files = pack.Files.ToBuilder();
        foreach (var (path, text) in pack.Files.Where(file => file.Key.StartsWith("entities/tst_item/", StringComparison.Ordinal) || file.Key.StartsWith("roles/", StringComparison.Ordinal)))
        {
            if (random.Next(2) == 0) files[path] = text.Replace("\"title\":\"Item\"", "\"title\":\"Theirs\"", StringComparison.Ordinal).Replace("\"title\":\"Keeper\"", "\"title\":\"Theirs\"", StringComparison.Ordinal).Replace("\"title\":\"Size\"", "\"title\":\"Theirs\"", StringComparison.Ordinal);
        }

        return pack with { Files = files.ToImmutable() };
    }
}
