using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Platform.Engine.Metadata;
using Platform.Sdk;
using Platform.Studio.Session;
using Platform.Studio.Text;

namespace Platform.Studio.Tests;

/// <summary>A small entity with every kind of attribute, built fresh for each test.</summary>
internal static class Samples
{
    public static UiText Ui(string language = "en")
    {
        var session = new StudioSession();
        session.Use(new Preferences(language, Preferences.SystemTheme, null));
        return new UiText(session);
    }

    public static AttributeDefinition Attribute(string name, AttributeKind kind, bool required = false, bool searchable = false, Action<Draft>? more = null)
    {
        var draft = new Draft();
        more?.Invoke(draft);
        return new AttributeDefinition
        {
            LogicalName = name, SchemaName = name, Kind = kind, Pack = "test", Required = required, Searchable = searchable,
            Title = new Label(name, new Dictionary<string, string> { ["ko"] = name + "-ko" }),
            Options = draft.Options, Lookup = draft.Lookup, Pattern = draft.Pattern, MaxLength = draft.MaxLength, Minimum = draft.Minimum,
            Maximum = draft.Maximum, ReadOnly = draft.ReadOnly, Origin = draft.Origin, DateBehavior = draft.DateBehavior, Default = draft.Default, Format = draft.Format, MaxSizeInKB = draft.MaxSizeInKB, AllowedTypes = draft.AllowedTypes,
        };
    }

    public static EntityDefinition Card() => new(
    [
        Attribute("cardid", AttributeKind.UniqueIdentifier),
        Attribute("number", AttributeKind.String, required: true, searchable: true, more: draft => (draft.MaxLength, draft.Pattern) = (19, new Regex("^[0-9]+$"))),
        Attribute("note", AttributeKind.Memo, searchable: true),
        Attribute("points", AttributeKind.Integer, more: draft => (draft.Minimum, draft.Maximum) = (0, 1000)),
        Attribute("price", AttributeKind.Money),
        Attribute("active", AttributeKind.Boolean, more: draft => draft.Default = true),
        Attribute("level", AttributeKind.Choice, more: draft => draft.Options = [new(1, new Label("Gold", new Dictionary<string, string> { ["ko"] = "골드" })), new(2, "Silver")]),
        Attribute("perks", AttributeKind.MultiChoice, more: draft => draft.Options = [new(1, new Label("Lounge", new Dictionary<string, string> { ["ko"] = "라운지" })), new(2, "Gift"), new(3, "Parking")]),
        Attribute("memberid", AttributeKind.Lookup, more: draft => draft.Lookup = new(["member"], DeleteBehavior.RemoveLink)),
        Attribute("place", AttributeKind.GeoPoint),
        Attribute("contract", AttributeKind.File, more: draft => (draft.MaxSizeInKB, draft.AllowedTypes) = (2048, [".pdf"])),
        Attribute("contract_name", AttributeKind.String, more: draft => draft.Origin = AttributeOrigin.Engine),
        Attribute("photo", AttributeKind.Image, more: draft => draft.MaxSizeInKB = 1024),
        Attribute("issued", AttributeKind.DateTime),
        Attribute("validuntil", AttributeKind.DateOnly),
        Attribute("balance", AttributeKind.Integer, more: draft => (draft.ReadOnly, draft.Default) = (true, 0)),
        Attribute("website", AttributeKind.String, more: draft => draft.Format = TextFormat.Url),
        Attribute(SystemAttributes.StateCode, AttributeKind.State, more: draft => draft.Options = [new(0, "Active"), new(1, "Inactive")]),
        Attribute(SystemAttributes.StatusCode, AttributeKind.Status, more: draft => draft.Options = [new(1, "Open", State: 0), new(2, "Closed", State: 1)]),
        Attribute(SystemAttributes.ModifiedOn, AttributeKind.DateTime, more: draft => draft.Origin = AttributeOrigin.Engine),
    ])
    {
        LogicalName = "card", SchemaName = "card", EntitySetName = "cards", Title = "Card", CollectionTitle = "Cards", Pack = "test",
        Ownership = Ownership.Organization, PrimaryIdAttribute = "cardid", PrimaryNameAttribute = "number",
        Views =
        [
            new("all", "All cards", IsDefault: false, [new("number", 100), new("gone", 100)], Filter: null, OrderBy: null),
            new("active", "Active cards", IsDefault: true, [new("number", 100), new("points", 80)], Filter: null, OrderBy: null),
        ],
    };

    public static EntityRecord Record(EntityDefinition entity, params (string Name, object? Value)[] values)
    {
        var record = new EntityRecord(entity.LogicalName, Guid.CreateVersion7()) { Version = 7 };
        foreach (var (name, value) in values) record[name] = value;
        return record;
    }

    internal sealed class Draft
    {
        public ImmutableArray<ChoiceOption> Options { get; set; } = [];
        public LookupDefinition? Lookup { get; set; }
        public Regex? Pattern { get; set; }
        public int MaxLength { get; set; } = 100;
        public int MaxSizeInKB { get; set; }
        public ImmutableArray<string> AllowedTypes { get; set; } = [];
        public decimal? Minimum { get; set; }
        public decimal? Maximum { get; set; }
        public bool ReadOnly { get; set; }
        public AttributeOrigin Origin { get; set; }
        public DateBehavior DateBehavior { get; set; }
        public object? Default { get; set; }
        public TextFormat Format { get; set; }
    }
}
