namespace Platform.Studio.Lists;

/// <summary>A reference as text: <c>contact/5c8a…</c>.</summary>
internal static class LookupText
{
    public static string Of(EntityReference reference) => $"{reference.LogicalName}/{reference.Id:D}";

    public static EntityReference? Parse(string text)
    {
        var parts = text.Split('/', 2);
        return parts.Length == 2 && Guid.TryParse(parts[1], out var id) ? new EntityReference(parts[0], id) : null;
    }
}
