using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Server.Tests.OData;

/// <summary>Two tables with one column of each kind, built without files: tests of texts need no database.</summary>
internal static class SampleMetadata
{
    public static MetadataSnapshot Snapshot { get; } = new(7, [Account(), Contact(), User()]);

    public static EntityDefinition AccountEntity => Snapshot.Entity("account");

    private static EntityDefinition Account() => Entity("account", "accounts", "name",
        Column("name", AttributeKind.String, maxLength: 160),
        Column("description", AttributeKind.Memo, maxLength: 2000),
        Column("numberofemployees", AttributeKind.Integer),
        Column("views", AttributeKind.BigInt),
        Column("discount", AttributeKind.Decimal),
        Column("revenue", AttributeKind.Money),
        Column("creditlimit", AttributeKind.Money),
        Column("score", AttributeKind.Double),
        Column("creditonhold", AttributeKind.Boolean,
            options: [new ChoiceOption(0, Korean("No", "아니요")), new ChoiceOption(1, Korean("Yes", "예"))]),
        Column("lastcall", AttributeKind.DateTime),
        Column("founded", AttributeKind.DateOnly),
        Column("industrycode", AttributeKind.Choice,
            options: [new ChoiceOption(1, Korean("Accounting", "회계")), new ChoiceOption(2, Korean("Farming", "농업"))]),
        Column("perks", AttributeKind.MultiChoice,
            options: [new ChoiceOption(1, Korean("Lounge", "라운지")), new ChoiceOption(3, Korean("Parking", "주차"))]),
        Column("externalid", AttributeKind.UniqueIdentifier),
        Lookup("primarycontactid", "contact"),
        Lookup("parentaccountid", "account"),
        Lookup("ownerid", "systemuser", "contact"),
        Lookup("transactioncurrencyid", "contact"));

    private static EntityDefinition Contact() => Entity("contact", "contacts", "fullname",
        Column("fullname", AttributeKind.String),
        Lookup("parentcustomerid", "account", "contact"));

    private static EntityDefinition User() => Entity("systemuser", "systemusers", "fullname", Column("fullname", AttributeKind.String));

    private static Label Korean(string english, string korean) => new(english, new Dictionary<string, string> { ["ko"] = korean });

    private static EntityDefinition Entity(string name, string set, string primaryName, params AttributeDefinition[] columns)
    {
        AttributeDefinition[] all =
        [
            Column(name + "id", AttributeKind.UniqueIdentifier),
            .. columns,
            Column("createdon", AttributeKind.DateTime, origin: AttributeOrigin.Engine),
            Lookup("createdby", AttributeOrigin.Engine, "systemuser"),
            Column("statecode", AttributeKind.State, options: [new ChoiceOption(0, "Active"), new ChoiceOption(1, "Inactive")]),
            Column("versionnumber", AttributeKind.BigInt, origin: AttributeOrigin.Engine),
        ];
        return new EntityDefinition(all.Select(WithOrdinal))
        {
            LogicalName = name, SchemaName = name, EntitySetName = set, Title = name, CollectionTitle = set, Pack = "core",
            Ownership = Ownership.User, PrimaryIdAttribute = name + "id", PrimaryNameAttribute = primaryName,
            ManyToOne = [.. all.SelectMany(column => Relationships(name, column))],
            OneToMany = [.. PointingTo(name)],
        };
    }

    // Only what the tests write about: the collection of contacts on an account.
    private static IEnumerable<RelationshipDefinition> PointingTo(string name) =>
        name == "account" ? [new RelationshipDefinition("contact_parentcustomerid_account", "contact", "parentcustomerid", "account", "parentcustomerid_account", DeleteBehavior.RemoveLink)] : [];

    private static IEnumerable<RelationshipDefinition> Relationships(string entity, AttributeDefinition column) =>
        (column.Lookup?.Targets ?? []).Select(target => new RelationshipDefinition(
            column.IsPolymorphic ? $"{entity}_{column.LogicalName}_{target}" : $"{entity}_{column.LogicalName}",
            entity, column.LogicalName, target,
            column.IsPolymorphic ? $"{column.LogicalName}_{target}" : column.LogicalName,
            DeleteBehavior.RemoveLink));

    private static AttributeDefinition Lookup(string name, params string[] targets) => Lookup(name, AttributeOrigin.Custom, targets);

    private static AttributeDefinition Lookup(string name, AttributeOrigin origin, params string[] targets) => new()
    {
        LogicalName = name, SchemaName = name, Kind = AttributeKind.Lookup, Title = name, Pack = "core", Origin = origin,
        Lookup = new LookupDefinition([.. targets], DeleteBehavior.RemoveLink),
    };

    private static AttributeDefinition Column(
        string name, AttributeKind kind, int maxLength = 100, AttributeOrigin origin = AttributeOrigin.Custom, ImmutableArray<ChoiceOption> options = default) => new()
    {
        LogicalName = name, SchemaName = name, Kind = kind, Title = name, Pack = "core", MaxLength = maxLength, Origin = origin,
        Options = options.IsDefault ? [] : options,
    };

    private static AttributeDefinition WithOrdinal(AttributeDefinition column, int ordinal) => new()
    {
        LogicalName = column.LogicalName, SchemaName = column.SchemaName, Kind = column.Kind, Title = column.Title, Pack = column.Pack,
        Ordinal = ordinal, MaxLength = column.MaxLength, Origin = column.Origin, Options = column.Options, Lookup = column.Lookup,
    };
}
