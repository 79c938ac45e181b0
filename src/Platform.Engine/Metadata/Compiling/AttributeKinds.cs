namespace Platform.Engine.Metadata.Compiling;

/// <summary>How a file tells the kind of a column, and which keys each kind takes.</summary>
internal static class AttributeKinds
{
    /// <summary>Keys that not every column takes, with the kinds that take them.</summary>
    private static readonly (string Key, AttributeKind[] Kinds)[] Keys =
    [
        ("maxLength", [AttributeKind.String, AttributeKind.Memo]),
        ("pattern", [AttributeKind.String]),
        ("format", [AttributeKind.String, AttributeKind.DateTime, AttributeKind.DateOnly, AttributeKind.UniqueIdentifier]),
        ("x-format", [AttributeKind.String]),
        ("x-fullName", [AttributeKind.String]),
        ("x-autoNumber", [AttributeKind.String]),
        ("minimum", [AttributeKind.Integer, AttributeKind.Decimal, AttributeKind.Double, AttributeKind.Money]),
        ("maximum", [AttributeKind.Integer, AttributeKind.Decimal, AttributeKind.Double, AttributeKind.Money]),
        ("x-precision", [AttributeKind.Decimal, AttributeKind.Money]),
        ("x-labels", [AttributeKind.Boolean]),
        ("x-dateBehavior", [AttributeKind.DateTime]),
        ("x-choice", [AttributeKind.Choice, AttributeKind.MultiChoice]),
        ("items", [AttributeKind.MultiChoice]),
        ("x-lookup", [AttributeKind.Lookup]),
        ("x-maxSizeInKB", [AttributeKind.File, AttributeKind.Image]),
        ("x-allowedTypes", [AttributeKind.File, AttributeKind.Image]),
    ];

    /// <summary>The word of packs.md for a kind.</summary>
    public static string Word(AttributeKind kind) => kind switch
    {
        AttributeKind.BigInt => "bigint",
        AttributeKind.DateTime => "dateTime",
        AttributeKind.DateOnly => "dateOnly",
        AttributeKind.GeoPoint => "geoPoint",
        AttributeKind.MultiChoice => "multiChoice",
        AttributeKind.UniqueIdentifier => "uniqueidentifier",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>The kind that <c>type</c>, <c>format</c> and the <c>x-</c> keywords tell; reports a contradiction and returns <c>null</c>.</summary>
    public static AttributeKind? Read(JsonObject column)
    {
        var type = column.Find("type");
        var format = column.Find("format");
        var written = column.Find("x-kind");
        if (column.Has("x-lookup"))
        {
            if (type is null && format is null && written is null) return AttributeKind.Lookup;
            (type ?? format ?? written)!.Fail("A lookup has neither type nor format nor kind.", "Leave the key out; x-lookup says it all.");
            return null;
        }

        if (type is null)
        {
            column.Node.Fail("The key 'type' is missing.", "Write \"type\": \"string\", \"integer\", \"number\", \"boolean\", \"array\" or \"object\", or x-lookup.");
            return null;
        }

        if (OfType(column, type, format) is not { } kind) return null;
        if (kind == AttributeKind.MultiChoice) return OfItems(column, type, written);
        if (kind == AttributeKind.GeoPoint) return OfObject(column, type, written);
        if (!column.Has("x-choice")) return written is null ? kind : Refine(written, kind);
        if (kind == AttributeKind.Integer && written is null) return AttributeKind.Choice;
        (written ?? type).Fail("A choice is an integer.", "Write \"type\": \"integer\" beside x-choice, and no x-kind.");
        return null;
    }

    /// <summary>Reports the keys that columns of the kind do not take.</summary>
    public static void RefuseOthers(JsonObject column, AttributeKind kind)
    {
        foreach (var (key, kinds) in Keys)
        {
            if (column.Find(key) is not { } node || kinds.Contains(kind)) continue;
            var own = Keys.Where(row => row.Kinds.Contains(kind)).Select(row => row.Key).ToList();
            node.Fail($"The key '{key}' does not apply to a column of kind {Word(kind)}.", own.Count == 0 ? "Take it out." : $"Beside what all columns take, it takes {string.Join(", ", own)}.");
        }
    }

    /// <summary>Marks all keys as known when the kind is wrong, so that one mistake is one error.</summary>
    public static void PassOver(JsonObject column)
    {
        foreach (var (key, _) in Keys) column.Find(key);
    }

    private static AttributeKind? OfType(JsonObject column, JsonNode type, JsonNode? format) => type.AsText() switch
    {
        null => null,
        "string" when format is null => AttributeKind.String,
        "string" => format.AsOneOf(
            ("email", AttributeKind.String), ("uri", AttributeKind.String), ("date-time", AttributeKind.DateTime),
            ("date", AttributeKind.DateOnly), ("uuid", AttributeKind.UniqueIdentifier)),
        "integer" => AttributeKind.Integer,
        "number" => AttributeKind.Decimal,
        "boolean" => AttributeKind.Boolean,
        "array" => AttributeKind.MultiChoice,
        "object" => AttributeKind.GeoPoint,
        var other => Fail(type, $"The type '{other}' is not possible for a column.", Spelling.Hint(other, ["string", "integer", "number", "boolean", "array", "object"], "")),
    };

    /// <summary>The only arrays are those of a choice's values.</summary>
    private static AttributeKind? OfItems(JsonObject column, JsonNode type, JsonNode? written)
    {
        const string form = "Write \"type\": \"array\", \"items\": { \"type\": \"integer\" } and x-choice, and no x-kind.";
        if (!column.Has("x-choice") || written is not null) return Fail(written ?? type, "An array holds values of a choice.", form);
        if (JsonObject.Open(column.Demand("items", form)) is not { } items) return null;
        if (items.DemandText("type", form) is { } item && item != "integer") items.Find("type")!.Fail($"The values of a choice are integers, not '{item}'.", form);
        items.Close();
        return AttributeKind.MultiChoice;
    }

    /// <summary>The only objects are points on the earth, which the Web API writes as GeoJSON.</summary>
    private static AttributeKind? OfObject(JsonObject column, JsonNode type, JsonNode? written)
    {
        const string form = "Write \"type\": \"object\", \"x-kind\": \"geoPoint\".";
        return written?.AsText() == Word(AttributeKind.GeoPoint) && !column.Has("x-choice")
            ? AttributeKind.GeoPoint
            : Fail(written ?? type, "An object is a point on the earth.", form);
    }

    /// <summary>What <c>x-kind</c> makes of the kind that the type alone tells.</summary>
    private static AttributeKind? Refine(JsonNode written, AttributeKind kind)
    {
        if (written.AsText() is not { } word) return null;
        AttributeKind[] possible = kind switch
        {
            AttributeKind.String => [AttributeKind.String, AttributeKind.Memo, AttributeKind.File, AttributeKind.Image],
            AttributeKind.Integer => [AttributeKind.Integer, AttributeKind.BigInt],
            AttributeKind.Decimal => [AttributeKind.Decimal, AttributeKind.Double, AttributeKind.Money],
            _ => [kind],
        };
        foreach (var candidate in possible)
        {
            if (Word(candidate) == word) return candidate;
        }

        return Fail(written, $"The kind '{word}' does not go with this type and format.", Spelling.Hint(word, possible.Select(Word), ""));
    }

    private static AttributeKind? Fail(JsonNode node, string reason, string hint)
    {
        node.Fail(reason, hint);
        return null;
    }
}
