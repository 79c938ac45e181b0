namespace Platform.Engine.Metadata.Compiling;

/// <param name="Attribute">The file or image column.</param>
internal sealed record FileFactDraft(JsonNode Node, string Attribute, FileFactKind Fact) : ComputedDraft(Node);

/// <summary>Gives each file and image column its companions, named as in Dataverse.</summary>
internal static class FileFactColumns
{
    public static IEnumerable<AttributeDraft> Of(EntityDraft entity) =>
        entity.Attributes.Where(attribute => attribute is { Kind: AttributeKind.File or AttributeKind.Image, Node: not null }).ToList().SelectMany(Of);

    private static IEnumerable<AttributeDraft> Of(AttributeDraft file)
    {
        if (file.Kind == AttributeKind.File)
        {
            yield return Column(file, "_name", "_Name", AttributeKind.String, FileFactKind.Name, "file name", "파일 이름");
            yield break;
        }
        yield return Column(file, "id", "Id", AttributeKind.UniqueIdentifier, FileFactKind.Id, "id", "ID");
        yield return Column(file, "_timestamp", "_Timestamp", AttributeKind.BigInt, FileFactKind.Timestamp, "time stamp", "타임스탬프");
        yield return Column(file, "_url", "_URL", AttributeKind.String, FileFactKind.Url, "address", "주소");
    }

    private static AttributeDraft Column(AttributeDraft file, string suffix, string schemaSuffix, AttributeKind kind, FileFactKind fact, string english, string korean)
    {
        var name = file.Name + suffix;
        if (name.Length > Names.Longest) file.Node!.Fail($"The name of its companion '{name}' has more than {Names.Longest} characters.", "Give the column a shorter name.");
        return new(name, file.Pack)
        {
            Kind = kind,
            Origin = AttributeOrigin.Engine,
            SchemaName = file.SchemaName == file.Name ? name : file.SchemaName + schemaSuffix,
            Title = new Label($"{file.Title.English} ({english})", file.Title.Translations.ToDictionary(text => text.Key, text => text.Key == "ko" ? $"{text.Value}({korean})" : $"{text.Value} ({english})")),
            Audited = false,
            MaxLength = 400,
            ComputedDraft = new FileFactDraft(file.Node!, file.Name, fact),
        };
    }
}
