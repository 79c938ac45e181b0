using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>
/// Gives a table without forms or views a main form and a default view. Their titles are labels that the table has
/// anyway, so that they come translated.
/// </summary>
internal static class GeneratedLayouts
{
    private const string MainForm = "main";
    private const int OtherViewColumns = 4;

    public static void AddTo(EntityDraft entity)
    {
        var declared = entity.Attributes.Where(attribute => attribute.Node is not null).ToList();
        if (entity.Forms.Count == 0) entity.Forms.Add(Form(entity, declared));
        if (entity.Views.Count == 0) entity.Views.Add(View(entity, declared));
        else if (!entity.Views.Any(view => view.IsDefault)) entity.Views[0] = entity.Views[0] with { IsDefault = true };
    }

    /// <summary>One section of all columns, and one of its own for each memo, which wants the width.</summary>
    private static FormDefinition Form(EntityDraft entity, List<AttributeDraft> declared)
    {
        string[] wanted = [SystemAttributes.OwnerId, SystemAttributes.StatusCode];
        var sections = ImmutableArray.CreateBuilder<FormSection>();
        sections.Add(new("general", entity.Title, 2, [.. declared.Where(attribute => attribute.Kind != AttributeKind.Memo).Select(attribute => attribute.Name)]));
        foreach (var memo in declared.Where(attribute => attribute.Kind == AttributeKind.Memo)) sections.Add(new(memo.Name, memo.Title, 1, [memo.Name]));
        return new(MainForm, entity.Title, [.. wanted.Where(name => entity.Find(name) is not null)], [new("general", entity.Title, sections.ToImmutable())]);
    }

    private static ViewDefinition View(EntityDraft entity, List<AttributeDraft> declared)
    {
        var others = declared.Where(attribute => attribute.Name != entity.PrimaryNameAttribute && attribute.Kind != AttributeKind.Memo).Take(OtherViewColumns).Select(attribute => attribute.Name);
        string[] primary = entity.PrimaryNameAttribute is { } name ? [name] : [];
        var columns = primary.Concat(others).Append(SystemAttributes.CreatedOn).Select(column => new ViewColumn(column, ViewReader.DefaultWidth));
        // Where the states are wrong, or the pack that has them all is missing, there are none; that is told elsewhere.
        var filter = entity.HasState && entity.States is [var first, ..] ? $"{SystemAttributes.StateCode} eq {first.Value}" : null;
        var orderBy = entity.PrimaryNameAttribute is { } sorted ? $"{sorted} asc" : $"{SystemAttributes.CreatedOn} desc";
        return new(entity.HasState ? "active" : "all", entity.CollectionTitle, true, [.. columns], filter, orderBy) { Pack = entity.Pack.Id };
    }
}
