namespace Platform.Engine.Metadata.Compiling;

/// <summary>Gives a table the columns that every table has, in Dataverse's names and kinds.</summary>
/// <param name="core">Translations of the columns, under the entity <c>"*"</c>.</param>
internal sealed class SystemColumns(PackDraft core)
{
    public const string User = "systemuser";
    public const string Team = "team";
    public const string BusinessUnit = "businessunit";
    public const string Currency = "transactioncurrency";

    /// <summary>Columns that a file may declare itself; then the engine adds none.</summary>
    private static readonly string[] Replaceable = [SystemAttributes.TransactionCurrencyId, SystemAttributes.ExchangeRate];

    private readonly Dictionary<string, Label> shared = new(StringComparer.Ordinal);

    /// <summary>Makes the labels of all system columns known, whether or not some table has them.</summary>
    public void ExpectLabels()
    {
        var table = new EntityDraft(RoleDefinition.AnyEntity, core, new JsonNode(new JsonFile("", "", core.Errors), null, "", default));
        StateReader.SetDefaults(table, core.Labels);
        // Making a column asks for its label.
        _ = OfMoney(table).Concat(OfOwner(table)).Concat(OfState(table)).Concat(OfAll(table)).Count();
    }

    public void AddTo(EntityDraft entity)
    {
        StateReader.SetDefaults(entity, core.Labels);
        foreach (var column in Of(entity))
        {
            if (entity.Add(column)) continue;
            var declared = entity.Find(column.Name)!;
            if (column.BaseOf is not null) BaseColumns.Adopt(declared, column);
            else if (!Replaceable.Contains(column.Name)) declared.Node?.Fail($"'{column.Name}' is a column that every such table has.", "Take it out, or give it another name.");
        }
    }

    private IEnumerable<AttributeDraft> Of(EntityDraft entity)
    {
        yield return new(entity.PrimaryIdAttribute, entity.Pack) { Kind = AttributeKind.UniqueIdentifier, Title = entity.Title, SchemaName = PrimaryIdSchemaName(entity), Audited = false };
        var amounts = BaseColumns.AmountsOf(entity);
        if (amounts.Count > 0) foreach (var column in OfMoney(entity)) yield return column;
        foreach (var column in amounts.Select(BaseColumns.Of)) yield return column;
        foreach (var column in FileFactColumns.Of(entity)) yield return column;
        if (entity.Ownership == Ownership.User) foreach (var column in OfOwner(entity)) yield return column;
        if (entity.HasState) foreach (var column in OfState(entity)) yield return column;
        foreach (var column in OfAll(entity)) yield return column;
    }

    private IEnumerable<AttributeDraft> OfAll(EntityDraft entity)
    {
        yield return Column(entity, SystemAttributes.CreatedOn, "CreatedOn", "Created on", AttributeKind.DateTime, AttributeOrigin.Engine);
        yield return Lookup(entity, SystemAttributes.CreatedBy, "CreatedBy", "Created by", $"lk_{entity.Name}_createdby", AttributeOrigin.Engine, User);
        yield return Column(entity, SystemAttributes.ModifiedOn, "ModifiedOn", "Modified on", AttributeKind.DateTime, AttributeOrigin.Engine);
        yield return Lookup(entity, SystemAttributes.ModifiedBy, "ModifiedBy", "Modified by", $"lk_{entity.Name}_modifiedby", AttributeOrigin.Engine, User);
        yield return Column(entity, SystemAttributes.OverriddenCreatedOn, "OverriddenCreatedOn", "Record created on", AttributeKind.DateTime);
        yield return Column(entity, SystemAttributes.ImportSequenceNumber, "ImportSequenceNumber", "Import sequence number", AttributeKind.Integer);
        yield return Column(entity, SystemAttributes.VersionNumber, "VersionNumber", "Version number", AttributeKind.BigInt, AttributeOrigin.Engine);
    }

    private IEnumerable<AttributeDraft> OfMoney(EntityDraft entity)
    {
        yield return Lookup(entity, SystemAttributes.TransactionCurrencyId, "TransactionCurrencyId", "Currency", $"transactioncurrency_{entity.Name}", AttributeOrigin.Custom, Currency);
        var rate = Column(entity, SystemAttributes.ExchangeRate, "ExchangeRate", "Exchange rate", AttributeKind.Decimal, AttributeOrigin.Engine);
        rate.Precision = 10;
        rate.Minimum = 0.0000000001m;
        rate.Maximum = 100_000_000m;
        yield return rate;
    }

    private IEnumerable<AttributeDraft> OfOwner(EntityDraft entity)
    {
        var owner = Lookup(entity, SystemAttributes.OwnerId, "OwnerId", "Owner", $"owner_{entity.Name}", AttributeOrigin.Custom, User, Team);
        owner.Required = true;
        owner.Audited = true;
        yield return owner;
        yield return Lookup(entity, SystemAttributes.OwningBusinessUnit, "OwningBusinessUnit", "Owning business unit", $"business_unit_{entity.Name}", AttributeOrigin.Engine, BusinessUnit);
    }

    private IEnumerable<AttributeDraft> OfState(EntityDraft entity)
    {
        var state = Column(entity, SystemAttributes.StateCode, "statecode", "Status", AttributeKind.State);
        state.Options = entity.States;
        state.Default = entity.States.FirstOrDefault()?.Value;
        var status = Column(entity, SystemAttributes.StatusCode, "statuscode", "Status reason", AttributeKind.Status);
        status.Options = entity.Statuses;
        status.Default = entity.Statuses.FirstOrDefault(option => option.State == entity.States[0].Value)?.Value;
        foreach (var column in (AttributeDraft[])[state, status])
        {
            column.Required = true;
            column.Audited = true;
            yield return column;
        }
    }

    private AttributeDraft Lookup(EntityDraft entity, string name, string schemaName, string english, string relationship, AttributeOrigin origin, params string[] targets)
    {
        var column = Column(entity, name, schemaName, english, AttributeKind.Lookup, origin);
        // Deleting a user, team, unit or currency that rows name is refused, as in Dataverse.
        column.Lookup = new(targets, LookupReader.Named(relationship, targets), DeleteBehavior.Restrict);
        return column;
    }

    private AttributeDraft Column(EntityDraft entity, string name, string schemaName, string english, AttributeKind kind, AttributeOrigin origin = AttributeOrigin.Custom)
    {
        return new(name, entity.Pack) { Kind = kind, Origin = origin, SchemaName = schemaName, Title = Title(entity, name, english), Audited = false };
    }

    /// <summary>The table's own translation, else the one that all tables share.</summary>
    private Label Title(EntityDraft entity, string name, string english)
    {
        if (entity.Pack.Labels.Translations("entities", entity.Name, "attributes", name, "title") is { } own) return new Label(english, own);
        if (!shared.TryGetValue(name, out var label)) shared[name] = label = core.Labels.Read(english, "entities", RoleDefinition.AnyEntity, "attributes", name, "title");
        return label;
    }

    private static string PrimaryIdSchemaName(EntityDraft entity) =>
        entity.PrimaryIdAttribute == $"{entity.Name}id" && entity.SchemaName != entity.Name ? $"{entity.SchemaName}Id" : entity.PrimaryIdAttribute;
}
