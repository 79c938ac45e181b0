namespace Platform.Studio.Text;

/// <summary>Failures of the engine in the words of the app. What a plugin says is shown as it is: the engine translated it.</summary>
public sealed class ErrorText(UiText ui, MetadataSnapshot metadata)
{
    public string Of(PlatformException failure, EntityDefinition? entity)
    {
        var title = failure.Attribute is { } name && entity?.Find(name) is { } attribute ? ui[attribute.Title] : "";
        return failure.Code switch
        {
            _ when failure.SubCode is not null => failure.Message,
            "0x80044330" when title.Length > 0 => ui["error.required", title],
            "0x80044331" or "0x8FF00001" or "0x8004431a" or "0x80048d19" when title.Length > 0 => ui["error.value", title],
            "0x8FF00002" when title.Length > 0 => ui["error.readonly", title],
            "0x80040217" when failure.Kind == ErrorKind.NotFound => ui["error.notfound"],
            "0x80060882" => ui["error.version"],
            "0x80040237" => ui["error.duplicate"],
            "0x80040227" => ui["error.referenced"],
            "0x80040220" => ui["error.forbidden"],
            "0x80044151" => ui["error.timeout"],
            "0x80060888" when failure.Kind == ErrorKind.NotFound && entity is null => ui["error.noentity"],
            _ when failure.Kind == ErrorKind.Unavailable => ui["error.unavailable"],
            _ => failure.Message,
        };
    }

    /// <summary>The entity's text in <see cref="Of(PlatformException, EntityDefinition?)"/> by logical name.</summary>
    public string Of(PlatformException failure, string entity) => Of(failure, metadata.Find(entity));
}
