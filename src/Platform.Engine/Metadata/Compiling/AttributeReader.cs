using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads one column under <c>properties</c>.</summary>
internal sealed partial class AttributeReader(string entity, PackDraft pack)
{
    private const int DefaultMemoLength = 2000;
    private const int LongestString = 4000;
    private const int LongestMemo = 1_048_576;

    /// <summary>Dataverse's limits and defaults of content, in units of 1,024 bytes.</summary>
    private const int DefaultFile = 32_768, LargestFile = 10_485_760, DefaultImage = 10_240, LargestImage = 30_720;

    /// <summary>Dataverse's range for decimal columns.</summary>
    private const decimal DecimalRange = 100_000_000_000m;

    /// <summary>A pattern that takes longer refuses the value instead of holding up the server.</summary>
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Where the label files have the table's columns.</summary>
    private LabelPlace? columns;

    public AttributeDraft Read(JsonNode node)
    {
        var place = (columns ??= pack.Labels.Place("entities", entity, "attributes")).Child(node.Name);
        var attribute = new AttributeDraft(node.Name, pack) { Node = node };
        Names.Check(node, node.Name, pack, !pack.IsStandard(entity));
        if (JsonObject.Open(node) is not { } column)
        {
            place.Excuse();
            return attribute;
        }

        attribute.Title = place.Child("title").Read(column.DemandTitle("title", "The English title of the column.") ?? node.Name);
        if (column.Description("description") is { } description) attribute.Description = place.Child("description").Read(description);
        if (column.Text("x-schemaName") is { } schemaName && Names.CheckSchemaName(column.Find("x-schemaName")!, schemaName)) attribute.SchemaName = schemaName;
        attribute.ReadOnly = column.Flag("x-readOnly", false);
        attribute.Audited = column.Flag("x-audit", true);
        attribute.Searchable = column.Flag("x-searchable", false);
        attribute.DefaultNode = column.Find("default");
        attribute.Kind = AttributeKinds.Read(column);
        attribute.ComputedDraft = ComputedReader.Read(column, attribute.Kind);
        if (ComputedReader.IsComputed(column)) attribute.Origin = AttributeOrigin.Engine;
        if (attribute.Kind is { } kind)
        {
            AttributeKinds.RefuseOthers(column, kind);
            ReadKind(attribute, kind, column, place);
        }
        else
        {
            AttributeKinds.PassOver(column);
            place.Excuse();
        }

        column.Close();
        return attribute;
    }

    private void ReadKind(AttributeDraft attribute, AttributeKind kind, JsonObject column, LabelPlace place)
    {
        switch (kind)
        {
            case AttributeKind.String:
                attribute.MaxLength = column.Integer("maxLength", 1, LongestString, attribute.MaxLength);
                attribute.Pattern = column.Find("pattern") is { } pattern ? ReadPattern(pattern) : null;
                attribute.PatternText = attribute.Pattern is null ? null : column.Text("pattern");
                attribute.Format = ReadFormat(column);
                attribute.AutoNumber = AutoNumberReader.Read(column, attribute.MaxLength);
                attribute.FullNameNodes = ReadFullName(column);
                break;
            case AttributeKind.Memo:
                attribute.MaxLength = column.Integer("maxLength", 1, LongestMemo, DefaultMemoLength);
                break;
            case AttributeKind.Integer:
                ReadRange(attribute, column, int.MinValue, int.MaxValue, scale: 0);
                break;
            case AttributeKind.Decimal:
                attribute.Precision = column.Integer("x-precision", 0, 10, attribute.Precision);
                var most = Math.Min(DecimalRange, decimal.Floor(long.MaxValue / PowerOfTen(attribute.Precision)));
                ReadRange(attribute, column, -most, most, attribute.Precision);
                attribute.Minimum ??= -most;
                attribute.Maximum ??= most;
                break;
            case AttributeKind.Money:
                attribute.Precision = column.Integer("x-precision", 0, 4, attribute.Precision);
                var largest = decimal.Floor(long.MaxValue / PowerOfTen(4));
                ReadRange(attribute, column, -largest, largest, attribute.Precision);
                attribute.Minimum ??= -largest;
                attribute.Maximum ??= largest;
                break;
            case AttributeKind.Double:
                ReadRange(attribute, column, decimal.MinValue, decimal.MaxValue, scale: null);
                break;
            case AttributeKind.Boolean:
                attribute.Options = ReadLabels(column, place.Child("choices"));
                break;
            case AttributeKind.DateTime:
                attribute.DateBehavior = column.Find("x-dateBehavior")?.AsOneOf(("userLocal", DateBehavior.UserLocal), ("timeZoneIndependent", DateBehavior.TimeZoneIndependent)) ?? default;
                break;
            case AttributeKind.File or AttributeKind.Image:
                var isImage = kind == AttributeKind.Image;
                attribute.MaxSizeInKB = column.Integer("x-maxSizeInKB", 1, isImage ? LargestImage : LargestFile, isImage ? DefaultImage : DefaultFile);
                attribute.AllowedTypes = [.. column.Texts("x-allowedTypes").Select(ReadAllowedType).OfType<string>()];
                break;
            case AttributeKind.Choice or AttributeKind.MultiChoice:
                ReadChoice(attribute, column, place);
                break;
            case AttributeKind.Lookup:
                attribute.Lookup = LookupReader.Read(column.Find("x-lookup")!, entity, attribute.Name);
                break;
        }
    }

    private static string? ReadAllowedType(JsonNode node)
    {
        var text = node.AsText()!;
        if (AllowedType().IsMatch(text)) return text;
        node.Fail($"'{text}' is neither the ending of a name nor a media type.", "Write \".pdf\", \"application/pdf\" or \"image/*\", in lower case.");
        return null;
    }

    [GeneratedRegex(@"^(\.[a-z0-9]{1,10}|[a-z]+/(\*|[a-z0-9][a-z0-9.+-]*))\z", RegexOptions.CultureInvariant)]
    private static partial Regex AllowedType();

    private static TextFormat ReadFormat(JsonObject column)
    {
        var own = column.Find("x-format");
        var format = column.Find("format")?.AsOneOf(("email", TextFormat.Email), ("uri", TextFormat.Url));
        if (own is null) return format ?? TextFormat.Text;
        if (format is not null) own.Fail("A column has one format.", "Keep format or x-format, not both.");
        return own.AsOneOf(("phone", TextFormat.Phone), ("ticker", TextFormat.Ticker)) ?? TextFormat.Text;
    }

    private static (JsonNode Given, JsonNode Family)? ReadFullName(JsonObject column)
    {
        if (column.Find("x-fullName") is not { } node || JsonObject.Open(node) is not { } parts) return null;
        var given = parts.Demand("given", "The column of the given name.");
        var family = parts.Demand("family", "The column of the family name.");
        parts.Close();
        return given is null || family is null ? null : (given, family);
    }

    private Regex? ReadPattern(JsonNode node)
    {
        if (node.AsText() is not { } pattern) return null;
        if (pack.Patterns.TryGetValue(pattern, out var known)) return known;
        return MakePattern(node, pattern) is { } made ? pack.Patterns[pattern] = made : null;
    }

    private static Regex? MakePattern(JsonNode node, string written)
    {
        var pattern = WithEndOfText(written);
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            // Look-around and back references need the backtracking engine; the timeout keeps it in bounds.
            return new Regex(pattern, RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (ArgumentException broken)
        {
            node.Fail($"The pattern is not a regular expression: {broken.Message}", "Patterns are .NET regular expressions; a backslash is written twice in JSON.");
            return null;
        }
    }

    // .NET's $ also matches before a line feed at the end: "123\n" would pass for digits.
    private static string WithEndOfText(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 2);
        var inClass = false;
        for (var at = 0; at < pattern.Length; at++)
        {
            var character = pattern[at];
            if (character == '\\' && at + 1 < pattern.Length) text.Append(character).Append(pattern[++at]);
            else if (character == '$' && !inClass) text.Append("\\z");
            else text.Append(character);
            if (character == '[') inClass = true;
            else if (character == ']') inClass = false;
        }
        return text.ToString();
    }

    /// <param name="scale">Most digits after the decimal point; <c>null</c> for any.</param>
    private static void ReadRange(AttributeDraft attribute, JsonObject column, decimal least, decimal most, int? scale)
    {
        attribute.Minimum = ReadBound(column.Find("minimum"), least, most, scale);
        attribute.Maximum = ReadBound(column.Find("maximum"), least, most, scale);
        if (attribute.Minimum > attribute.Maximum)
            column.Find("minimum")!.Fail($"The minimum {attribute.Minimum} is greater than the maximum {attribute.Maximum}.", "Swap the two.");
    }

    private static decimal? ReadBound(JsonNode? node, decimal least, decimal most, int? scale)
    {
        if (node is null) return null;
        if (node.Value.ValueKind != System.Text.Json.JsonValueKind.Number || !node.Value.TryGetDecimal(out var bound) || bound < least || bound > most)
        {
            node.Fail($"A number that the column can hold is expected here, found {node.Found}.", $"It holds {least} to {most}.");
            return null;
        }

        if (scale is not { } digits || decimal.Round(bound, digits) == bound) return bound;
        node.Fail($"{bound} has more digits after the decimal point than the column, which has {digits}.", "Round it, or raise x-precision.");
        return null;
    }

    private static ImmutableArray<ChoiceOption> ReadLabels(JsonObject column, LabelPlace place)
    {
        string? yes = null, no = null;
        if (column.Object("x-labels") is { } labels)
        {
            yes = labels.DemandTitle("true", "What the app shows for true.");
            no = labels.DemandTitle("false", "What the app shows for false.");
            labels.Close();
        }

        return [new(0, BooleanLabel(place.Child("false"), no, "No", "아니요")), new(1, BooleanLabel(place.Child("true"), yes, "Yes", "예"))];
    }

    /// <param name="written">The file's word; <c>null</c> for the default, whose translation is part of the engine.</param>
    private static Label BooleanLabel(LabelPlace place, string? written, string otherwise, string korean)
    {
        var translations = place.Translations();
        if (written is null) (translations ??= []).TryAdd("ko", korean);
        return new Label(written ?? otherwise, translations);
    }

    private static void ReadChoice(AttributeDraft attribute, JsonObject column, LabelPlace place)
    {
        var choice = column.Find("x-choice")!;
        if (choice.IsArray)
        {
            if (choice.Value.GetArrayLength() == 0) choice.Fail("A choice without values.", "Give it at least one value.");
            attribute.Options = OptionReader.Read(column.Objects("x-choice"), [], place.Child("choices"));
        }
        else if (choice.IsText)
        {
            attribute.ChoiceNode = choice;
            attribute.GlobalChoice = choice.AsText();
        }
        else
        {
            choice.Fail($"An array of values or the name of a global choice is expected here, found {choice.Found}.", "[ { \"value\": 1, \"label\": \"…\" } ], or the name of a file under choices/.");
        }
    }

    private static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
