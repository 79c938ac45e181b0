using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What steps see of messages and send with them, in the names that Dataverse's plug-ins know.</summary>
internal static class StepParameters
{
    public static PluginParameters Links(string relationship, IEnumerable<EntityReference> related) => Of(("Relationship", relationship), ("RelatedEntities", related.Cast<object?>().ToList()));

    public static PluginParameters Of(params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var parameters = new PluginParameters();
        foreach (var (name, value) in values) parameters[name] = value;
        return parameters;
    }

    /// <exception cref="PlatformException">It is missing, or something else.</exception>
    public static EntityReference Row(string message, PluginParameters input, string name) => input[name] switch
    {
        EntityReference row => row,
        null => throw Errors.MissingApiParameter(message, name),
        _ => throw Errors.WrongApiValue(message, name, "a reference to a row", "something else"),
    };

    /// <summary>A whole number; <c>null</c> when it is not given.</summary>
    public static int? Number(string message, PluginParameters input, string name) => input[name] switch
    {
        null => null,
        int number => number,
        _ => throw Errors.WrongApiValue(message, name, "a whole number", "something else"),
    };

    /// <summary>True or false; false when it is not given.</summary>
    public static bool Flag(string message, PluginParameters input, string name) => input[name] switch
    {
        null => false,
        bool flag => flag,
        _ => throw Errors.WrongApiValue(message, name, "true or false", "something else"),
    };

    /// <summary>A row with values; <c>null</c> when it is not given.</summary>
    public static EntityRecord? Record(string message, PluginParameters input, string name) => input[name] switch
    {
        null => null,
        EntityRecord record => record,
        _ => throw Errors.WrongApiValue(message, name, "a row", "something else"),
    };

    /// <summary>Rows with values.</summary>
    public static IReadOnlyList<EntityRecord> Records(string message, PluginParameters input, string name) =>
        input[name] is List<object?> list && list.TrueForAll(row => row is EntityRecord) ? [.. list.Cast<EntityRecord>()] : throw Errors.WrongApiValue(message, name, "a list of rows", "something else");
}
