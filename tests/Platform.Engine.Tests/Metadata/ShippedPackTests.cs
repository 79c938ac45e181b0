using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.OData.Queries;

namespace Platform.Engine.Tests.Metadata;

/// <summary>The packs of this repository as they are shipped.</summary>
public sealed class ShippedPackTests
{
    [Fact]
    public async Task Core_and_the_sample_packs_compile_without_errors()
    {
        var compilation = MetadataCompiler.Compile(await ReadAllAsync(), 1);

        Assert.True(compilation.Errors.IsEmpty, string.Join("\n", compilation.Errors));
        Assert.Equal("core", compilation.Snapshot!.Packs[0].Id);
        Assert.NotNull(compilation.Snapshot.Find("loy_card"));
    }

    [Fact]
    public async Task Every_label_is_there_in_Korean()
    {
        var snapshot = MetadataCompiler.Compile(await ReadAllAsync(), 1).Snapshot!;

        var missing = Labels(snapshot).Where(named => !named.Label.Translations.ContainsKey("ko")).Select(named => $"{named.Name}: {named.Label}");

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Every_filter_and_order_of_a_view_can_be_parsed()
    {
        var compilation = MetadataCompiler.Compile(await ReadAllAsync(), 1);

        Assert.NotEmpty(compilation.ViewExpressions);
        Assert.Empty(MetadataChecks.ViewExpressions(compilation, new QueryTextParser()));
    }

    private static async Task<IReadOnlyList<PackFiles>> ReadAllAsync()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Platform.sln"))) root = root.Parent ?? throw new InvalidOperationException("The tests run inside the repository.");
        var packs = new List<PackFiles> { await PackReader.ReadAsync(Path.Combine(root.FullName, "metadata", "core"), default) };
        foreach (var folder in Directory.GetDirectories(Path.Combine(root.FullName, "plugins"))) packs.Add(await PackReader.ReadAsync(folder, default));
        return packs;
    }

    private static IEnumerable<(string Name, Label Label)> Labels(MetadataSnapshot snapshot)
    {
        foreach (var pack in snapshot.Packs) foreach (var label in Named(pack.Id, pack.Title, pack.Description)) yield return label;
        foreach (var role in snapshot.Roles) yield return ($"role {role.Name}", role.Title);
        foreach (var app in snapshot.Apps)
        {
            yield return ($"app {app.Name}", app.Title);
            foreach (var group in app.Groups) yield return ($"app {app.Name} {group.Name}", group.Title);
        }

        foreach (var choice in snapshot.Choices)
        {
            yield return ($"choice {choice.Name}", choice.Title);
            foreach (var option in choice.Options) yield return ($"choice {choice.Name} {option.Value}", option.Label);
        }

        foreach (var relationship in snapshot.Entities.SelectMany(entity => entity.ManyToMany)) yield return ($"relationship {relationship.Name}", relationship.Title);
        foreach (var label in snapshot.Entities.SelectMany(Labels)) yield return label;
    }

    private static IEnumerable<(string Name, Label Label)> Labels(EntityDefinition entity)
    {
        foreach (var label in Named(entity.LogicalName, entity.Title, entity.Description)) yield return label;
        yield return ($"{entity} (plural)", entity.CollectionTitle);
        foreach (var key in entity.Keys) yield return ($"{entity} key {key.Name}", key.Title);
        foreach (var view in entity.Views) yield return ($"{entity} view {view.Name}", view.Title);
        foreach (var attribute in entity.Attributes)
        {
            foreach (var label in Named($"{entity}.{attribute}", attribute.Title, attribute.Description)) yield return label;
            foreach (var option in attribute.Options) yield return ($"{entity}.{attribute} {option.Value}", option.Label);
        }

        foreach (var form in entity.Forms)
        {
            yield return ($"{entity} form {form.Name}", form.Title);
            foreach (var tab in form.Tabs)
            {
                yield return ($"{entity} form {form.Name} tab {tab.Name}", tab.Title);
                foreach (var section in tab.Sections) yield return ($"{entity} form {form.Name} section {section.Name}", section.Title);
            }
        }
    }

    private static IEnumerable<(string Name, Label Label)> Named(string name, Label title, Label? description)
    {
        yield return (name, title);
        if (description is not null) yield return ($"{name} description", description);
    }
}
