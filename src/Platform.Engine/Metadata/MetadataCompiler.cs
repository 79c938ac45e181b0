using System.Collections.Immutable;
using Platform.Engine.Metadata.Compiling;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Metadata;

/// <summary>Turns the files of packs into metadata. The format is that of <c>docs/packs.md</c>.</summary>
public static class MetadataCompiler
{
    /// <summary>Compiles packs together.</summary>
    /// <param name="packs">All packs of the installation, core among them, in any order.</param>
    /// <param name="version">Version of the snapshot.</param>
    /// <returns>A snapshot, or all errors at once. Equal files give equal snapshots, order included.</returns>
    public static MetadataCompilation Compile(IReadOnlyList<PackFiles> packs, long version) => Compile(packs, version, null);

    /// <summary>Compiles packs together, reading only what has changed.</summary>
    /// <param name="before">A compilation of much the same packs; <c>null</c> for none.</param>
    /// <param name="isStored">Tells by <see cref="MetadataError.File"/> whether a file stands as it is in force already: limits of lengths that came later do not hold for it.</param>
    /// <returns>What a compilation of everything gives.</returns>
    internal static MetadataCompilation Compile(IReadOnlyList<PackFiles> packs, long version, CompiledPacks? before, Func<string, bool>? isStored = null)
    {
        ArgumentNullException.ThrowIfNull(packs);
        var errors = new ErrorList(isStored);
        var read = packs.Select(files => ManifestReader.Read(files, errors)).ToList();
        var order = PackOrder.Sort(read, errors);
        var draft = new MetadataDraft(errors, order, errors.Any ? SettledTables.None : SettledTables.Of(before, order));
        var compilation = Compile(draft, version);
        // All errors at once, in the order of the files: who reads only a part does not know them.
        return draft.Settled.Any && compilation is null ? Compile(packs, version, null, isStored) : compilation ?? new MetadataCompilation(null, errors.ToImmutable());
    }

    /// <returns><c>null</c> when there are errors, or a table has become such that settled ones must be looked at again.</returns>
    private static MetadataCompilation? Compile(MetadataDraft draft, long version)
    {
        LayerStack.Merge(draft.Packs, draft.Settled);
        PackLabels.Stack(draft.Packs);
        foreach (var pack in draft.Packs) pack.Layout.ReportStrayExtensions(pack);
        ReadTables(draft);
        if (draft.Settled.Before is { } before && draft.OpenEntities.Any(entity => before.Snapshot.Find(entity.Name) is { } known && known.Ownership != entity.Ownership)) return null;
        LinkTables(draft);
        var expressions = ReadRest(draft);
        foreach (var entity in draft.OpenEntities) GeneratedLayouts.AddTo(entity);
        foreach (var pack in draft.Packs)
        {
            pack.Labels.Excuse(draft.Settled);
            pack.Labels.ReportUnused();
        }

        if (draft.Errors.Any) return null;
        var snapshot = SnapshotBuilder.Build(draft, version);
        ImmutableArray<ViewExpression> views =
        [
            .. draft.Settled.Before?.ViewExpressions.Where(expression => draft.Settled.Contains(expression.Entity.LogicalName)).Select(expression => expression with { Entity = snapshot.Entity(expression.Entity.LogicalName) }) ?? [],
            .. expressions.Select(expression => ToPublic(expression.Node, expression.Kind, snapshot.Entity(expression.Entity.Name))),
        ];
        return new MetadataCompilation(snapshot, [])
        {
            Tolerated = draft.Errors.Tolerated,
            ViewExpressions = views,
            Compiled = new CompiledPacks([.. draft.Packs.Select(CompiledPack.Of)], snapshot, views),
        };
    }

    private static ViewExpression ToPublic(JsonNode node, ViewExpressionKind kind, EntityDefinition entity) =>
        new(node.File.Path, node.Pointer, entity, kind, node.Value.GetString()!);

    private static void ReadTables(MetadataDraft draft)
    {
        draft.AddSettled();
        foreach (var pack in draft.Packs) ChoiceReader.Read(pack, draft);
        var extensions = draft.Packs.SelectMany(pack => EntityReader.Read(pack, draft).Select(file => (pack, file))).ToList();
        draft.AddUnread();
        foreach (var (pack, file) in extensions) EntityReader.Extend(pack, file, draft);
        foreach (var pack in draft.Packs) new ManyToManyReader(pack, draft).Read();
        StandardTableCheck.Run(draft);
    }

    private static void LinkTables(MetadataDraft draft)
    {
        if (draft.Packs.FirstOrDefault(pack => pack.IsCore) is { } core)
        {
            var columns = new SystemColumns(core);
            columns.ExpectLabels();
            foreach (var entity in draft.OpenEntities) columns.AddTo(entity);
        }
        else
        {
            // Without core nothing has its system columns; what else is wrong is said once core is there.
            foreach (var entity in draft.Entities.Values) entity.Broken = true;
        }

        var linker = new EntityLinker(draft);
        foreach (var entity in draft.OpenEntities) linker.LinkColumns(entity);
        foreach (var entity in draft.OpenEntities) linker.LinkRest(entity);
        new RelationshipLinker(draft).Link();
        new ManyToManyLinker(draft).Link();
        new CascadeLinker(draft).Link();
        new ComputedLinker(draft).Link();
    }

    // Every API before any step: a pack may put steps around those of the packs below it.
    private static void ReadApis(MetadataDraft draft)
    {
        foreach (var pack in draft.Packs)
        {
            var apis = new ApiReader(draft, pack);
            foreach (var folder in pack.Layout.Apis) apis.Read(folder);
            apis.CheckStandard();
        }

        foreach (var pack in draft.Packs) ApiStepReader.ReadAll(pack, draft);
        foreach (var api in draft.Apis.Values) api.CheckOperation();
    }

    /// <summary>What refers to tables but is not referred to by them.</summary>
    private static List<(EntityDraft Entity, JsonNode Node, ViewExpressionKind Kind)> ReadRest(MetadataDraft draft)
    {
        var expressions = new List<(EntityDraft, JsonNode, ViewExpressionKind)>();
        ReadApis(draft);
        foreach (var pack in draft.Packs)
        {
            foreach (var folder in pack.Layout.Tables)
            {
                if (draft.Settled.Contains(folder.Name)) continue;
                if (draft.ResolveFolder(folder, pack) is not { } entity) continue;
                var forms = new FormReader(entity, pack);
                foreach (var file in folder.Forms) forms.Read(file);
                var views = new ViewReader(entity, pack, expressions);
                foreach (var file in folder.Views) views.Read(file);
                new TableStepReader(entity, pack, folder, draft).Read();
            }

            var roles = new RoleReader(draft, pack);
            foreach (var file in pack.Layout.Roles) roles.Read(file);
            SiteMapReader.Read(pack, draft);
            var seeds = new SeedReader(draft, pack);
            foreach (var file in pack.Layout.Data) seeds.Read(file);
            MessageReader.Read(pack, draft);
        }

        return expressions;
    }
}
