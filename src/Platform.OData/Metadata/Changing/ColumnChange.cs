using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;

namespace Platform.OData.Metadata.Changing;

/// <summary>Turns a column as Dataverse's clients write it into the form of <c>entity.json</c>.</summary>
/// <param name="merge"><c>MSCRM.MergeLabels</c>: languages that the body leaves out keep their labels.</param>
internal sealed class ColumnChange(MetadataSnapshot metadata, CustomizationDraft draft, string entity, bool merge)
{
    /// <summary>Makes a column.</summary>
    /// <returns>Its logical name.</returns>
    /// <exception cref="PlatformException">The body is no such column, or there is one of the name.</exception>
    public string Create(DefinitionBody body)
    {
        var schemaName = body.DemandText("SchemaName");
        var name = DefinitionNames.Logical(schemaName);
        var component = $"attribute/{entity}/{name}";
        if (metadata.Find(entity)?.Find(name) is not null || draft.Find(component) is not null) throw Errors.DefinitionExists($"column of '{entity}'", name);
        var label = body.Label("DisplayName") ?? throw body.Missing("DisplayName");
        var column = KindOf(body);
        column["title"] = label.English;
        if (schemaName != name) column["x-schemaName"] = schemaName;
        Fill(column, body, component, null);
        draft.Put(component, column);
        WriteLabels(body, component, null);
        return name;
    }

    /// <summary>Changes a column to what the body says of it.</summary>
    /// <exception cref="PlatformException">The column is one that every table has, or the body wants to make another kind of it.</exception>
    public void Update(AttributeDefinition attribute, DefinitionBody body)
    {
        var component = $"attribute/{entity}/{attribute.LogicalName}";
        var column = draft.Find(component);
        // A client that sends back all columns of a table sends those of the system, too.
        if (column is null && (body.Label("DisplayName") is not { HasEnglish: true } title || title.English == attribute.Title.English)) return;
        if (column is null) throw OfTheSystem(attribute.LogicalName, "changed");
        if (body.Type.Length > 0 && column["x-lookup"] is null && !JsonNode.DeepEquals(KindOnly(KindOf(body)), KindOnly(column)))
            throw Errors.BadRequest($"'{attribute.LogicalName}' is of another type than {body.Type}.", "The type of a column does not change.");
        if (body.Label("DisplayName") is { HasEnglish: true } label) column["title"] = label.English;
        Fill(column, body, component, attribute);
        draft.Put(component, column);
        WriteLabels(body, component, attribute);
    }

    /// <summary>Takes a column away.</summary>
    /// <exception cref="PlatformException">The column is one of a pack, or one that the system makes.</exception>
    public void Remove(string name)
    {
        var component = $"attribute/{entity}/{name}";
        if (draft.Find(component) is null) throw OfTheSystem(name, "deleted");
        draft.Delete(component);
    }

    private static PlatformException OfTheSystem(string name, string what) =>
        Errors.BadRequest($"'{name}' is a column that the system gives to tables.", $"It cannot be {what}.");

    private void WriteLabels(DefinitionBody body, string component, AttributeDefinition? known)
    {
        body.Label("DisplayName")?.WriteTranslations(draft, component, "title", known?.Title, merge);
        body.Label("Description")?.WriteTranslations(draft, component, "description", known?.Description, merge);
    }

    /// <summary>What says which kind of column it is.</summary>
    private static JsonObject KindOf(DefinitionBody body) => body.Type switch
    {
        "StringAttributeMetadata" => new() { ["type"] = "string" },
        "MemoAttributeMetadata" => new() { ["type"] = "string", ["x-kind"] = "memo" },
        "IntegerAttributeMetadata" => new() { ["type"] = "integer" },
        "BigIntAttributeMetadata" => new() { ["type"] = "integer", ["x-kind"] = "bigint" },
        "DecimalAttributeMetadata" => new() { ["type"] = "number" },
        "DoubleAttributeMetadata" => new() { ["type"] = "number", ["x-kind"] = "double" },
        "MoneyAttributeMetadata" => new() { ["type"] = "number", ["x-kind"] = "money" },
        "BooleanAttributeMetadata" => new() { ["type"] = "boolean" },
        "DateTimeAttributeMetadata" when body.Object("DateTimeBehavior")?.Text("Value") is { } behavior and not ("UserLocal" or "DateOnly" or "TimeZoneIndependent") =>
            throw Errors.BadRequest($"The DateTimeBehavior '{behavior}' is not possible.", "UserLocal, DateOnly or TimeZoneIndependent."),
        "DateTimeAttributeMetadata" when body.Text("Format") is { } format and not ("DateOnly" or "DateAndTime") => throw Errors.BadRequest($"The Format '{format}' is not possible.", "DateOnly or DateAndTime."),
        "DateTimeAttributeMetadata" => new() { ["type"] = "string", ["format"] = IsDate(body) ? "date" : "date-time" },
        "PicklistAttributeMetadata" => new() { ["type"] = "integer" },
        "MultiSelectPicklistAttributeMetadata" => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer" } },
        "FileAttributeMetadata" => new() { ["type"] = "string", ["x-kind"] = "file" },
        "ImageAttributeMetadata" => new() { ["type"] = "string", ["x-kind"] = "image" },
        "GeoPointAttributeMetadata" => new() { ["type"] = "object", ["x-kind"] = "geoPoint" },
        "UniqueIdentifierAttributeMetadata" => new() { ["type"] = "string", ["format"] = "uuid" },
        "LookupAttributeMetadata" => throw Errors.BadRequest("A lookup is made together with its relationship.", "POST RelationshipDefinitions with a OneToManyRelationshipMetadata and its Lookup."),
        "" => throw body.Missing("@odata.type"),
        var other => throw Errors.NotOffered($"The column type {other}"),
    };

    private static JsonObject KindOnly(JsonObject column)
    {
        var kind = new JsonObject();
        foreach (var key in new[] { "type", "x-kind", "items" }) kind[key] = column[key]?.DeepClone();
        if ((string?)column["format"] is "date" or "date-time" or "uuid") kind["format"] = (string?)column["format"];
        return kind;
    }

    private static bool IsDate(DefinitionBody body) => body.Object("DateTimeBehavior")?.Text("Value") == "DateOnly"
        || (body.Object("DateTimeBehavior") is null && body.Text("Format") == "DateOnly");

    /// <summary>What can be said again later, for a new column and for a known one.</summary>
    private void Fill(JsonObject column, DefinitionBody body, string component, AttributeDefinition? known)
    {
        if (body.Label("Description") is { } description && (description.HasEnglish || known?.Description is null)) column["description"] = description.English;
        // What the engine itself demands is no property of the file.
        if (body.Object("RequiredLevel")?.Text("Value") is { } level && level != "SystemRequired")
        {
            if (level is not ("None" or "Recommended" or "ApplicationRequired")) throw body.Object("RequiredLevel")!.Wrong("Value", "None, Recommended or ApplicationRequired");
            Set(column, "required", level == "ApplicationRequired" ? true : null);
        }

        if (body.Setting("IsAuditEnabled") is { } audit && audit != (known is null || (known.Audited && metadata.Entity(entity).Audited))) Set(column, "x-audit", audit ? null : false);
        if (body.Flag("IsSearchable") is { } searchable) Set(column, "x-searchable", searchable ? true : null);
        FillKind(column, body, component, known);
        // A formula makes the column one that is not stored.
        if (body.Text("FormulaDefinition") is { Length: > 0 } formula) column["x-formula"] = formula;
    }

    private void FillKind(JsonObject column, DefinitionBody body, string component, AttributeDefinition? known)
    {
        switch ((string?)column["type"], (string?)column["x-kind"])
        {
            case ("string", "memo"):
                if (body.Integer("MaxLength") is { } lines && lines != known?.MaxLength) column["maxLength"] = lines;
                break;
            case ("string", "file" or "image"):
                if (body.Integer("MaxSizeInKB") is { } size && size != known?.MaxSizeInKB) column["x-maxSizeInKB"] = size;
                break;
            case ("string", _) when (string?)column["format"] is "date-time":
                if (body.Object("DateTimeBehavior")?.Text("Value") is { } behavior && behavior != (known?.DateBehavior ?? DateBehavior.UserLocal).ToString()) Set(column, "x-dateBehavior", behavior == "TimeZoneIndependent" ? "timeZoneIndependent" : null);
                break;
            case ("string", _) when (string?)column["format"] is not ("date" or "uuid"):
                FillText(column, body, known);
                break;
            case ("integer" or "array", _) when HasOptions(column, body):
                FillChoice(column, body, component, known);
                break;
            case ("integer" or "number", "bigint"):
                break;
            case ("integer" or "number", _):
                FillNumber(column, body, known);
                break;
            case ("boolean", _):
                FillBoolean(column, body, component, known);
                break;
        }
    }

    private static bool HasOptions(JsonObject column, DefinitionBody body) => column["x-choice"] is not null || body.Type is "PicklistAttributeMetadata" or "MultiSelectPicklistAttributeMetadata";

    private static void FillText(JsonObject column, DefinitionBody body, AttributeDefinition? known)
    {
        if (body.Integer("MaxLength") is { } length && length != known?.MaxLength) column["maxLength"] = length;
        if (body.Text("AutoNumberFormat") is { } numbers) Set(column, "x-autoNumber", numbers.Length == 0 ? null : AutoNumber(column, numbers));
        if ((body.Object("FormatName")?.Text("Value") ?? body.Text("Format")) is not { } format) return;
        column.Remove("format");
        column.Remove("x-format");
        switch (format)
        {
            case "Email":
                column["format"] = "email";
                break;
            case "Url":
                column["format"] = "uri";
                break;
            case "Phone":
                column["x-format"] = "phone";
                break;
            case "TickerSymbol":
                column["x-format"] = "ticker";
                break;
            case "Text":
                break;
            default:
                throw Errors.BadRequest($"The format '{format}' is not possible for a text column.", "Text, Email, Url, Phone or TickerSymbol; for many lines use MemoAttributeMetadata.");
        }
    }

    private static JsonObject AutoNumber(JsonObject column, string format)
    {
        var numbers = column["x-autoNumber"]?.DeepClone() as JsonObject ?? [];
        numbers["format"] = format;
        return numbers;
    }

    private static void FillNumber(JsonObject column, DefinitionBody body, AttributeDefinition? known)
    {
        if (body.Integer("Precision") is { } precision && precision != known?.Precision && (string?)column["type"] == "number" && (string?)column["x-kind"] != "double") column["x-precision"] = precision;
        Bound("MinValue", "minimum", known?.Minimum);
        Bound("MaxValue", "maximum", known?.Maximum);

        void Bound(string theirs, string ours, decimal? current)
        {
            if (body.Number(theirs) is not { } bound || bound == current) return;
            // The limits of 32 bits are those of every whole number: nothing to say.
            if ((string?)column["type"] == "integer" && bound is int.MinValue or int.MaxValue) column.Remove(ours);
            else column[ours] = bound;
        }
    }

    private void FillChoice(JsonObject column, DefinitionBody body, string component, AttributeDefinition? known)
    {
        if (GlobalChoice(body) is { } name) column["x-choice"] = name;
        else if (body.Object("OptionSet") is { } set && set.Has("Options") && set.Flag("IsGlobal") != true)
            column["x-choice"] = OptionsBody.Read(set.Objects("Options"), draft, component, known?.Options ?? [], merge);
        else if (column["x-choice"] is null) throw body.Missing("OptionSet");
        if (body.Integer("DefaultFormValue") is { } value) Set(column, "default", value == -1 ? null : (string?)column["type"] == "array" ? new JsonArray(value) : value);
    }

    private string? GlobalChoice(DefinitionBody body)
    {
        if (body.Text("GlobalOptionSet@odata.bind") is { } link) return DefinitionLink.GlobalChoice(metadata, link);
        var set = body.Object("GlobalOptionSet") ?? (body.Object("OptionSet") is { } own && own.Flag("IsGlobal") == true ? own : null);
        return set?.Text("Name");
    }

    private void FillBoolean(JsonObject column, DefinitionBody body, string component, AttributeDefinition? known)
    {
        if (body.Flag("DefaultValue") is { } value && (value || column["default"] is not null)) column["default"] = value;
        if (body.Object("OptionSet") is not { } set || set.Object("TrueOption")?.Label("Label") is not { } yes || set.Object("FalseOption")?.Label("Label") is not { } no) return;
        var (currentYes, currentNo) = (known?.Options.FirstOrDefault(option => option.Value == 1)?.Label, known?.Options.FirstOrDefault(option => option.Value == 0)?.Label);
        var labels = new JsonObject { ["true"] = yes.English, ["false"] = no.English };
        if (column["x-labels"] is not null || yes.English != currentYes?.English || no.English != currentNo?.English) column["x-labels"] = labels;
        yes.WriteTranslations(draft, component, "choices/true", currentYes, merge);
        no.WriteTranslations(draft, component, "choices/false", currentNo, merge);
    }

    private static void Set(JsonObject column, string key, JsonNode? value)
    {
        if (value is null) column.Remove(key);
        else column[key] = value;
    }
}
