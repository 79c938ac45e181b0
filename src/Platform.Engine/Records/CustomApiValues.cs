using System.Collections;
using System.Globalization;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>
/// Checks what goes into a custom API and what comes out of it, and brings each value into the .NET type that
/// <see cref="EntityRecord"/> has for it; JavaScript writes ids and times as text, and knows one sort of numbers.
/// </summary>
internal static class CustomApiValues
{
    /// <summary>Checks request parameters.</summary>
    /// <exception cref="PlatformException">One is missing, unknown or of another type (400).</exception>
    public static PluginParameters CheckRequest(CustomApiDefinition api, PluginParameters given, MetadataSnapshot metadata)
    {
        var input = new PluginParameters();
        if (api.Binding == ApiBinding.Entity)
        {
            if (given[CustomApiRequest.Target] is not EntityReference row || row.LogicalName != api.BoundEntity) throw Errors.WrongApiValue(api.Name, CustomApiRequest.Target, $"a row of '{api.BoundEntity}'", Found(given[CustomApiRequest.Target]));
            input[CustomApiRequest.Target] = row;
        }
        foreach (var parameter in api.RequestParameters)
        {
            if (given[parameter.Name] is { } value) input[parameter.Name] = Read(parameter, value, metadata) ?? throw Errors.WrongApiValue(api.Name, parameter.Name, Word(parameter), Found(value));
            else if (!parameter.IsOptional) throw Errors.MissingApiParameter(api.Name, parameter.Name);
        }
        var known = input.Values;
        foreach (var (name, value) in given.Values)
        {
            if (value is not null && !known.ContainsKey(name)) throw Errors.UnknownApiParameter(api.Name, name, api.RequestParameters.Select(parameter => parameter.Name));
        }
        return input;
    }

    /// <summary>Checks response properties; those that no step has set are absent.</summary>
    /// <exception cref="PlatformException">A step has set one to a value of another type.</exception>
    public static PluginParameters CheckResponse(CustomApiDefinition api, PluginParameters given, MetadataSnapshot metadata)
    {
        var output = new PluginParameters();
        foreach (var property in api.ResponseProperties)
        {
            if (given[property.Name] is not { } value) continue;
            output[property.Name] = Read(property, value, metadata) ?? throw Errors.WrongApiAnswer(api.Name, property.Name, Word(property), Found(value));
        }
        return output;
    }

    /// <returns><c>null</c> when the value is of another type.</returns>
    private static object? Read(ApiParameter parameter, object value, MetadataSnapshot metadata) => parameter.Kind switch
    {
        ApiValueKind.Boolean => value as bool?,
        ApiValueKind.Integer or ApiValueKind.Choice => Whole(value) is >= int.MinValue and <= int.MaxValue and { } number ? (int)number : null,
        ApiValueKind.BigInt => Whole(value) is >= long.MinValue and <= long.MaxValue and { } number ? (long)number : null,
        ApiValueKind.Decimal or ApiValueKind.Money => Number(value),
        ApiValueKind.Double => value is double real && double.IsFinite(real) ? real : (double?)Number(value),
        ApiValueKind.String => value is string text && NormalForm.IsText(text) ? text : null,
        ApiValueKind.StringArray => Items(value) is { } texts && texts.TrueForAll(item => item is string) ? texts : null,
        ApiValueKind.DateTime => Time(value),
        ApiValueKind.UniqueIdentifier => value as Guid? ?? (Guid.TryParse(value as string, out var id) ? id : null),
        ApiValueKind.EntityReference => value is EntityReference row && IsOf(parameter, row.LogicalName, metadata) ? row : null,
        ApiValueKind.Entity => Row(parameter, value, metadata),
        ApiValueKind.EntityCollection => Items(value) is { } rows && rows.TrueForAll(row => row is not null && Row(parameter, row, metadata) is not null) ? rows : null,
        _ => null,
    };

    private static object? Row(ApiParameter parameter, object value, MetadataSnapshot metadata)
    {
        // An object of any members; Dataverse calls it expando.
        if (value is PluginParameters) return parameter.Entity is null ? value : null;
        if (value is not EntityRecord record || !IsOf(parameter, record.LogicalName, metadata)) return null;
        RecordValidator.Check(metadata.Entity(record.LogicalName), record);
        return record;
    }

    private static bool IsOf(ApiParameter parameter, string entity, MetadataSnapshot metadata) => (parameter.Entity is null || parameter.Entity == entity) && metadata.Find(entity) is not null;

    private static decimal? Whole(object value) => Number(value) is { } number && decimal.Truncate(number) == number ? number : null;

    private static decimal? Number(object value) => value switch
    {
        int number => number,
        long number => number,
        decimal number => number,
        double number when double.IsFinite(number) && Math.Abs(number) < 7.9e28 => (decimal)number,
        _ => null,
    };

    private static DateTime? Time(object value) => value switch
    {
        DateTime time => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc),
        DateOnly date => date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time.UtcDateTime,
        _ => null,
    };

    private static List<object?>? Items(object value) => value is IEnumerable list and not (string or byte[]) ? [.. list.Cast<object?>()] : null;

    private static string Word(ApiParameter parameter) => parameter.Kind switch
    {
        ApiValueKind.Boolean => "true or false",
        ApiValueKind.DateTime => "a time",
        ApiValueKind.Integer or ApiValueKind.BigInt => "a whole number",
        ApiValueKind.Choice => "the number of an option",
        ApiValueKind.Decimal or ApiValueKind.Double or ApiValueKind.Money => "a number",
        ApiValueKind.String => "a text",
        ApiValueKind.StringArray => "a list of texts",
        ApiValueKind.UniqueIdentifier => "a GUID",
        ApiValueKind.EntityReference => $"a reference to a row of {Table(parameter)}",
        ApiValueKind.Entity => parameter.Entity is null ? "a row or an object" : $"a row of {Table(parameter)}",
        _ => $"a list of rows of {Table(parameter)}",
    };

    private static string Table(ApiParameter parameter) => parameter.Entity is { } entity ? $"'{entity}'" : "any table";

    private static string Found(object? value) => value switch
    {
        null => "nothing",
        bool => "a truth value",
        int or long or decimal or double => "a number",
        string => "a text",
        DateTime or DateOnly => "a time",
        Guid => "a GUID",
        EntityReference row => $"a reference to a row of '{row.LogicalName}'",
        EntityRecord row => $"a row of '{row.LogicalName}'",
        PluginParameters => "an object",
        IEnumerable => "a list",
        _ => $"a {value.GetType().Name}",
    };
}
