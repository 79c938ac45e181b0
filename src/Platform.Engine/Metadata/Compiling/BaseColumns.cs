namespace Platform.Engine.Metadata.Compiling;

/// <summary>Gives each amount of money a column with the same amount in the base currency, named as in Dataverse.</summary>
internal static class BaseColumns
{
    private const string Suffix = "_base";

    /// <summary>Largest amount that is stored with four digits after the point.</summary>
    private static readonly decimal Largest = decimal.Floor(long.MaxValue / 10_000m);

    /// <summary>The money columns of a table's files without those that are the base column of another one, or computed: what is not stored is not converted.</summary>
    public static List<AttributeDraft> AmountsOf(EntityDraft entity) =>
        [.. entity.Attributes.Where(attribute => attribute is { Kind: AttributeKind.Money, ComputedDraft: null } && !IsBase(entity, attribute))];

    public static AttributeDraft Of(AttributeDraft amount)
    {
        var name = amount.Name + Suffix;
        if (name.Length > Names.Longest) amount.Node?.Fail($"The name of its column in the base currency, '{name}', has more than {Names.Longest} characters.", "Give the amount a shorter name.");
        return new(name, amount.Pack)
        {
            Kind = AttributeKind.Money,
            Origin = AttributeOrigin.Engine,
            SchemaName = amount.SchemaName == amount.Name ? name : amount.SchemaName + "_Base",
            Title = TitleOf(amount.Title),
            Audited = false,
            Precision = 4,
            Minimum = -Largest,
            Maximum = Largest,
            BaseOf = amount.Name,
        };
    }

    /// <summary>A file that declares the base column itself chooses its title and the like; the engine fills it all the same.</summary>
    public static void Adopt(AttributeDraft declared, AttributeDraft made)
    {
        if (declared.Kind == AttributeKind.Money) declared.BaseOf = made.BaseOf;
        else declared.Node?.Fail($"'{declared.Name}' holds the amount of '{made.BaseOf}' in the base currency: it is of kind money.", "Make it money, or give it another name.");
    }

    private static bool IsBase(EntityDraft entity, AttributeDraft attribute) =>
        attribute.Name.EndsWith(Suffix, StringComparison.Ordinal) && entity.Find(attribute.Name[..^Suffix.Length]) is { Kind: AttributeKind.Money };

    private static Label TitleOf(Label amount) => new(
        $"{amount.English} (Base)",
        amount.Translations.ToDictionary(text => text.Key, text => text.Key == "ko" ? $"{text.Value}(기준 통화)" : $"{text.Value} (Base)"));
}
