using System.Globalization;
using Platform.Engine;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Changes;

/// <summary>Conditions of the queries of <c>RetrieveMetadataChanges</c>.</summary>
internal static class MetadataCondition
{
    private const int DeepestFilter = 20;

    /// <summary>A condition on definitions of a type, or on those of a derived type.</summary>
    /// <returns><c>null</c> for no condition.</returns>
    /// <exception cref="PlatformException">It names a property that there is not, or a value that does not fit (400).</exception>
    public static Func<object, bool>? Compile(MetadataFilterExpression? filter, MetadataType type, int level = 0)
    {
        if (filter is null) return null;
        if (level > DeepestFilter) throw Errors.BadRequest($"The criteria are nested more than {DeepestFilter} levels deep.");
        var conditions = filter.Conditions.Select(condition => Compile(condition, type));
        var inner = filter.Filters.Select(nested => Compile(nested, type, level + 1)).OfType<Func<object, bool>>();
        var parts = conditions.Concat(inner).ToArray();
        if (parts.Length == 0) return null;
        return filter.FilterOperator == LogicalOperator.Or ? item => Array.Exists(parts, part => part(item)) : item => Array.TrueForAll(parts, part => part(item));
    }

    private static Func<object, bool> Compile(MetadataConditionExpression condition, MetadataType type)
    {
        var name = condition.PropertyName ?? throw Errors.BadRequest("A condition has no PropertyName.");
        var properties = MetadataSelections.Derived(type).SelectMany(derived => derived.Properties).ToList();
        var property = properties.FirstOrDefault(property => property.Name == name) ?? throw Errors.UnknownMetadataProperty(type.Name, name, properties.Select(known => known.Name));
        var (clr, inside) = Simple(property, type);
        var text = condition.Value?.Value;
        object? wanted = null;
        HashSet<object?> list = [];
        if (condition.ConditionOperator is MetadataConditionOperator.In or MetadataConditionOperator.NotIn) list = [.. Items(text).Select(item => Parse(item, clr, name))];
        else wanted = Parse(text, clr, name);
        Func<object?, bool> holds = (condition.ConditionOperator ?? MetadataConditionOperator.Equals) switch
        {
            MetadataConditionOperator.Equals => value => Values.AreEqual(value, wanted),
            MetadataConditionOperator.NotEquals => value => !Values.AreEqual(value, wanted),
            MetadataConditionOperator.In => list.Contains,
            MetadataConditionOperator.NotIn => value => !list.Contains(value),
            MetadataConditionOperator.GreaterThan => value => Values.Order(value, wanted) > 0,
            MetadataConditionOperator.LessThan => value => Values.Order(value, wanted) < 0,
            var other => throw Errors.BadRequest($"There is no ConditionOperator {other}."),
        };
        return item => holds(Read(item, name, inside));
    }

    /// <summary>A setting or type name is asked about by its value.</summary>
    private static (Type Clr, MetadataProperty? Inside) Simple(MetadataProperty property, MetadataType type)
    {
        if (!property.IsCollection && !property.IsNavigation)
        {
            if (!MetadataType.IsStructure(property.ItemType)) return (property.ItemType, null);
            if (MetadataType.Of(property.ItemType).Find("Value") is { } value) return (value.ItemType, value);
        }
        throw Errors.BadRequest($"The property '{property.Name}' of {type.Name} cannot stand in a condition.", "Simple values, enumerations and managed properties can.");
    }

    private static object? Read(object item, string name, MetadataProperty? inside) =>
        MetadataType.Of(item).Find(name)?.Of(item) is { } value ? inside is null ? value : inside.Of(value) : null;

    private static object? Parse(string? text, Type clr, string property)
    {
        if (text is null) return null;
        object? value = clr switch
        {
            _ when clr == typeof(string) => text,
            _ when clr == typeof(bool) => bool.TryParse(text, out var flag) ? flag : null,
            _ when clr == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ when clr == typeof(Guid) => Guid.TryParse(text, out var id) ? id : null,
            _ when clr.IsEnum => Enum.TryParse(clr, text, out var member) ? member : null,
            _ => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
        return value ?? throw Errors.BadRequest($"The condition on '{property}' compares with '{text}', which is no {clr.Name}.", clr.IsEnum ? $"Members are {string.Join(", ", Enum.GetNames(clr))}." : "");
    }

    /// <summary><c>['account','contact']</c>, as the documentation writes lists.</summary>
    private static IEnumerable<string> Items(string? text) =>
        (text ?? "").Trim().TrimStart('[').TrimEnd(']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => item.Trim('\'', '"'));
}
