namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>cascade</c> of a lookup, with <c>onDelete</c>, its short form for the one action that most lookups name.</summary>
internal static class CascadeReader
{
    public static (DeleteBehavior OnDelete, CascadeRules Rules) Read(JsonObject lookup)
    {
        var shortForm = lookup.Find("onDelete");
        var onDelete = shortForm is null ? default : ReadDelete(shortForm);
        if (lookup.Object("cascade") is not { } cascade) return (onDelete, CascadeRules.None);
        if (cascade.Find("delete") is { } delete)
        {
            if (shortForm is not null) shortForm.Fail("What happens on delete is said twice.", "Keep onDelete or cascade.delete.");
            onDelete = ReadDelete(delete);
        }

        var rules = new CascadeRules(
            ReadScope(cascade, "assign"),
            ReadScope(cascade, "share"),
            ReadScope(cascade, "unshare"),
            ReadScope(cascade, "reparent"),
            cascade.Find("merge")?.AsOneOf(("cascade", true), ("none", false)) ?? false);
        cascade.Close();
        return (onDelete, rules);
    }

    private static DeleteBehavior ReadDelete(JsonNode node) => node.AsOneOf(
        ("removeLink", DeleteBehavior.RemoveLink), ("restrict", DeleteBehavior.Restrict), ("cascade", DeleteBehavior.Cascade)) ?? default;

    private static CascadeScope ReadScope(JsonObject cascade, string action) => cascade.Find(action)?.AsOneOf(
        ("cascade", CascadeScope.Cascade), ("active", CascadeScope.Active), ("userOwned", CascadeScope.UserOwned), ("none", CascadeScope.None)) ?? default;
}
