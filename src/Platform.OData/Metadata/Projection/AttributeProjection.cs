using Platform.Engine.Metadata;
using Platform.OData.Metadata.Types;
using DateTimeBehavior = Platform.OData.Metadata.Types.DateTimeBehavior;

namespace Platform.OData.Metadata.Projection;

/// <summary>Columns as Dataverse describes them.</summary>
internal sealed class AttributeProjection(LabelProjection labels, OptionSetProjection options)
{
    /// <summary>No value for a new row.</summary>
    private const int NoDefault = -1;

    public AttributeMetadata Of(EntityDefinition entity, AttributeDefinition attribute) => Describe(Typed(entity, attribute), entity, attribute);

    private AttributeMetadata Typed(EntityDefinition entity, AttributeDefinition attribute) => attribute.Kind switch
    {
        AttributeKind.String => Text(attribute),
        AttributeKind.Memo => new MemoAttributeMetadata
        {
            Format = StringFormat.TextArea, FormatName = new MemoFormatName("TextArea"), MaxLength = attribute.MaxLength,
            FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
        },
        AttributeKind.Integer => new IntegerAttributeMetadata
        {
            MinValue = (int)(attribute.Minimum ?? int.MinValue), MaxValue = (int)(attribute.Maximum ?? int.MaxValue),
            FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
        },
        AttributeKind.BigInt => new BigIntAttributeMetadata
        {
            MinValue = long.MinValue, MaxValue = long.MaxValue, FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
        },
        AttributeKind.Decimal => new DecimalAttributeMetadata
        {
            MinValue = attribute.Minimum, MaxValue = attribute.Maximum, Precision = attribute.Precision,
            FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
        },
        AttributeKind.Double => new DoubleAttributeMetadata
        {
            MinValue = (double?)attribute.Minimum, MaxValue = (double?)attribute.Maximum, Precision = attribute.Precision,
            FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
        },
        AttributeKind.Money => Amount(attribute),
        AttributeKind.Boolean => new BooleanAttributeMetadata
        {
            DefaultValue = attribute.Default as bool? ?? false, OptionSet = options.OfBoolean(entity, attribute),
            FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
        },
        AttributeKind.DateTime or AttributeKind.DateOnly => Time(attribute),
        AttributeKind.Choice => Choice(new PicklistAttributeMetadata(), entity, attribute),
        AttributeKind.MultiChoice => Choice(new MultiSelectPicklistAttributeMetadata(), entity, attribute),
        AttributeKind.State => Choice(new StateAttributeMetadata(), entity, attribute) with { DefaultFormValue = null },
        AttributeKind.Status => Choice(new StatusAttributeMetadata(), entity, attribute),
        AttributeKind.Lookup => new LookupAttributeMetadata { Targets = attribute.Lookup!.Targets },
        AttributeKind.UniqueIdentifier => new UniqueIdentifierAttributeMetadata(),
        AttributeKind.File => new FileAttributeMetadata { MaxSizeInKB = attribute.MaxSizeInKB },
        AttributeKind.Image => new ImageAttributeMetadata { MaxSizeInKB = attribute.MaxSizeInKB, IsPrimaryImage = attribute.LogicalName == "entityimage" },
        AttributeKind.GeoPoint => new GeoPointAttributeMetadata(),
        _ => throw new InvalidOperationException($"Attribute kind {attribute.Kind} has no metadata type."),
    };

    private AttributeMetadata Describe(AttributeMetadata described, EntityDefinition entity, AttributeDefinition attribute)
    {
        var id = MetadataIds.Attribute(entity.LogicalName, attribute.LogicalName);
        var managed = Layer.IsManaged(attribute.Pack);
        var type = TypeOf(attribute);
        return described with
        {
            MetadataId = id,
            AttributeType = type,
            AttributeTypeName = new AttributeTypeDisplayName(TypeName(attribute, type)),
            EntityLogicalName = entity.LogicalName,
            LogicalName = attribute.LogicalName,
            SchemaName = attribute.SchemaName,
            DisplayName = labels.Of(attribute.Title, id, nameof(described.DisplayName), managed),
            Description = labels.Of(attribute.Description, id, nameof(described.Description), managed),
            IsCustomAttribute = Layer.IsCustom(attribute),
            IsManaged = managed,
            IsPrimaryId = attribute.LogicalName == entity.PrimaryIdAttribute,
            IsPrimaryName = attribute.LogicalName == entity.PrimaryNameAttribute,
            IsValidForCreate = IsWritable(entity, attribute),
            IsValidForUpdate = IsWritable(entity, attribute) && attribute.LogicalName != entity.PrimaryIdAttribute && attribute.LogicalName != SystemAttributes.OverriddenCreatedOn,
            IsSearchable = attribute.Searchable,
            SourceType = attribute.Computed switch { null => 0, RollupColumn => 2, FileFact => 0, _ => 1 },
            AutoNumberFormat = attribute.AutoNumber is { } numbers ? string.Concat(numbers.Parts.Select(Format)) : described is StringAttributeMetadata ? "" : null,
            RequiredLevel = new AttributeRequiredLevelManagedProperty(Level(entity, attribute), CanBeChanged: !managed),
            IsAuditEnabled = Layer.Setting(attribute.Pack, attribute.Audited && entity.Audited, "canmodifyauditsettings"),
            IsGlobalFilterEnabled = Layer.Setting(attribute.Pack, false, "canmodifyglobalfiltersettings"),
            IsSortableEnabled = Layer.Setting(attribute.Pack, false, "canmodifyissortablesettings"),
            IsCustomizable = Layer.Setting(attribute.Pack, !entity.EngineOwned, "iscustomizable"),
            IsRenameable = Layer.Setting(attribute.Pack, !entity.EngineOwned, "isrenameable"),
            IsValidForAdvancedFind = Layer.Setting(attribute.Pack, true, "canmodifysearchsettings"),
            CanModifyAdditionalSettings = Layer.Setting(attribute.Pack, !entity.EngineOwned, "canmodifyadditionalsettings"),
        };
    }

    private static StringAttributeMetadata Text(AttributeDefinition attribute)
    {
        var format = attribute.Format switch
        {
            TextFormat.Email => StringFormat.Email,
            TextFormat.Url => StringFormat.Url,
            TextFormat.Phone => StringFormat.Phone,
            TextFormat.Ticker => StringFormat.TickerSymbol,
            _ => StringFormat.Text,
        };
        return new StringAttributeMetadata
        {
            Format = format, FormatName = new StringFormatName(format.ToString()), MaxLength = attribute.MaxLength,
            FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
        };
    }

    private static MoneyAttributeMetadata Amount(AttributeDefinition attribute) => new()
    {
        MinValue = (double?)attribute.Minimum, MaxValue = (double?)attribute.Maximum, Precision = attribute.Precision,
        CalculationOf = attribute.BaseOf, IsBaseCurrency = attribute.BaseOf is not null,
        FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
    };

    private static DateTimeAttributeMetadata Time(AttributeDefinition attribute) => new()
    {
        Format = attribute.Kind == AttributeKind.DateOnly ? DateTimeFormat.DateOnly : DateTimeFormat.DateAndTime,
        DateTimeBehavior = new DateTimeBehavior(attribute.Kind == AttributeKind.DateOnly ? "DateOnly" : attribute.DateBehavior.ToString()),
        CanChangeDateTimeBehavior = Layer.Setting(attribute.Pack, false, "canchangedatetimebehavior"),
        FormulaDefinition = Formula(attribute), SourceTypeMask = Mask(attribute),
    };

    private T Choice<T>(T described, EntityDefinition entity, AttributeDefinition attribute)
        where T : EnumAttributeMetadata => described with
        {
            DefaultFormValue = attribute.Default as int? ?? NoDefault,
            OptionSet = options.Of(entity, attribute),
            GlobalOptionSet = options.GlobalOf(attribute.GlobalChoice),
            FormulaDefinition = Formula(attribute),
            SourceTypeMask = Mask(attribute),
        };

    private static AttributeTypeCode TypeOf(AttributeDefinition attribute) => attribute.Kind switch
    {
        AttributeKind.Choice => AttributeTypeCode.Picklist,
        AttributeKind.MultiChoice or AttributeKind.File or AttributeKind.Image or AttributeKind.GeoPoint => AttributeTypeCode.Virtual,
        AttributeKind.UniqueIdentifier => AttributeTypeCode.Uniqueidentifier,
        AttributeKind.DateOnly => AttributeTypeCode.DateTime,
        AttributeKind.Lookup when attribute.LogicalName == SystemAttributes.OwnerId => AttributeTypeCode.Owner,
        AttributeKind.Lookup when attribute.Lookup!.Targets is [var one, var other] && (one, other) is ("account", "contact") or ("contact", "account") => AttributeTypeCode.Customer,
        var kind => Enum.Parse<AttributeTypeCode>(kind.ToString()),
    };

    private static string TypeName(AttributeDefinition attribute, AttributeTypeCode type) => attribute.Kind switch
    {
        AttributeKind.MultiChoice => "MultiSelectPicklistType",
        AttributeKind.File or AttributeKind.Image or AttributeKind.GeoPoint => $"{attribute.Kind}Type",
        _ => $"{type}Type",
    };

    /// <summary>A caller's value is taken: not one that the engine finds itself, nor one that only steps write.</summary>
    private static bool IsWritable(EntityDefinition entity, AttributeDefinition attribute) =>
        !entity.EngineOwned && !attribute.ReadOnly && !attribute.IsComputed && attribute.Origin == AttributeOrigin.Custom;

    private static AttributeRequiredLevel Level(EntityDefinition entity, AttributeDefinition attribute)
    {
        if (attribute.LogicalName == entity.PrimaryIdAttribute || attribute.Kind == AttributeKind.State || attribute.LogicalName == SystemAttributes.OwnerId) return AttributeRequiredLevel.SystemRequired;
        // A status follows from the state when nobody says one.
        return attribute.Required && attribute.Kind != AttributeKind.Status ? AttributeRequiredLevel.ApplicationRequired : AttributeRequiredLevel.None;
    }

    private static string Format(AutoNumberPart part) => part switch
    {
        LiteralPart literal => literal.Text,
        SequencePart sequence => $"{{SEQNUM:{sequence.Width}}}",
        RandomPart random => $"{{RANDSTRING:{random.Length}}}",
        TimePart time => $"{{DATETIMEUTC:{time.Format}}}",
        _ => throw new InvalidOperationException($"{part} has no form in a format."),
    };

    private static string? Formula(AttributeDefinition attribute) => attribute.Computed is CalculatedColumn calculated ? calculated.Text : "";

    private static int Mask(AttributeDefinition attribute) => SourceTypes.MaskOf(attribute);
}
