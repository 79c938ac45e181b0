using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Engine.Metadata;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Projection;

/// <summary>Choices, states and statuses with their values.</summary>
internal sealed class OptionSetProjection(MetadataSnapshot metadata, LabelProjection labels)
{
    private readonly Dictionary<string, OptionSetMetadata> global = [];

    /// <summary>The choices that tables share.</summary>
    public ImmutableArray<OptionSetMetadataBase> Global => [.. metadata.Choices.OrderBy(choice => choice.Name, StringComparer.Ordinal).Select(choice => GlobalOf(choice.Name)!)];

    /// <summary>A choice that tables share; <c>null</c> when there is none of the name.</summary>
    public OptionSetMetadata? GlobalOf(string? name)
    {
        if (name is null) return null;
        if (global.TryGetValue(name, out var made)) return made;
        if (metadata.Choices.FirstOrDefault(choice => choice.Name == name) is not { } definition) return null;
        var id = MetadataIds.GlobalChoice(name);
        return global[name] = Describe(new OptionSetMetadata { Options = Options(definition.Options, id, definition.Pack) }, id, name, definition.Title, null, definition.Pack) with
        {
            IsGlobal = true, OptionSetType = OptionSetType.Picklist,
        };
    }

    /// <summary>The values of a choice, state or status column.</summary>
    public OptionSetMetadata Of(EntityDefinition entity, AttributeDefinition attribute)
    {
        if (GlobalOf(attribute.GlobalChoice) is { } shared) return shared;
        var id = MetadataIds.OptionSet(entity.LogicalName, attribute.LogicalName);
        var (type, options) = attribute.Kind switch
        {
            AttributeKind.State => (OptionSetType.State, States(entity, attribute, id)),
            AttributeKind.Status => (OptionSetType.Status, Statuses(attribute, id)),
            _ => (OptionSetType.Picklist, Options(attribute.Options, id, attribute.Pack)),
        };
        return Describe(new OptionSetMetadata { Options = options }, id, NameOf(entity, attribute), attribute.Title, attribute.Description, attribute.Pack) with { OptionSetType = type };
    }

    /// <summary>The two values of a boolean.</summary>
    public BooleanOptionSetMetadata OfBoolean(EntityDefinition entity, AttributeDefinition attribute)
    {
        var id = MetadataIds.OptionSet(entity.LogicalName, attribute.LogicalName);
        var set = new BooleanOptionSetMetadata
        {
            TrueOption = attribute.OptionOf(1) is { } yes ? Option(new OptionMetadata(), yes, id, attribute.Pack) : null,
            FalseOption = attribute.OptionOf(0) is { } no ? Option(new OptionMetadata(), no, id, attribute.Pack) : null,
        };
        return Describe(set, id, NameOf(entity, attribute), attribute.Title, attribute.Description, attribute.Pack) with { OptionSetType = OptionSetType.Boolean };
    }

    private T Describe<T>(T set, Guid id, string name, Engine.Metadata.Label title, Engine.Metadata.Label? description, string pack)
        where T : OptionSetMetadataBase => set with
        {
            MetadataId = id,
            Name = name,
            IsGlobal = false,
            IsCustomOptionSet = Layer.IsCustom(pack),
            IsManaged = Layer.IsManaged(pack),
            DisplayName = labels.Of(title, id, nameof(set.DisplayName), Layer.IsManaged(pack)),
            Description = labels.Of(description, id, nameof(set.Description), Layer.IsManaged(pack)),
            IsCustomizable = Layer.Setting(pack, true, "iscustomizable"),
        };

    private ImmutableArray<OptionMetadata> Options(ImmutableArray<ChoiceOption> options, Guid set, string pack) =>
        [.. options.Select(option => Option(new OptionMetadata(), option, set, pack))];

    private ImmutableArray<OptionMetadata> States(EntityDefinition entity, AttributeDefinition attribute, Guid set) =>
    [
        .. attribute.Options.Select(option => Option(
            new StateOptionMetadata
            {
                DefaultStatus = entity.Find(SystemAttributes.StatusCode)?.Options.FirstOrDefault(status => status.State == option.Value)?.Value,
                InvariantName = option.Label.English,
            },
            option, set, attribute.Pack)),
    ];

    private ImmutableArray<OptionMetadata> Statuses(AttributeDefinition attribute, Guid set) =>
        [.. attribute.Options.Select(option => Option(new StatusOptionMetadata { State = option.State, TransitionData = Transitions(option) }, option, set, attribute.Pack))];

    private T Option<T>(T described, ChoiceOption option, Guid set, string pack)
        where T : OptionMetadata => described with
        {
            Value = option.Value,
            Color = option.Color,
            IsManaged = Layer.IsManaged(pack),
            Label = labels.Of(option.Label, set, option.Value.ToString(CultureInfo.InvariantCulture), Layer.IsManaged(pack)),
        };

    private static string? Transitions(ChoiceOption status)
    {
        if (status.Transitions is not { } next) return null;
        var xml = new StringBuilder("<allowedtransitions xmlns=\"http://schemas.microsoft.com/crm/2009/WebServices\">");
        foreach (var to in next) xml.Append(CultureInfo.InvariantCulture, $"<allowedtransition sourcestatusid=\"{status.Value}\" tostatusid=\"{to}\" />");
        return xml.Append("</allowedtransitions>").ToString();
    }

    private static string NameOf(EntityDefinition entity, AttributeDefinition attribute) => $"{entity.LogicalName}_{attribute.LogicalName}";
}
