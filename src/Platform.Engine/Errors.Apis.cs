namespace Platform.Engine;

// Custom APIs.
public static partial class Errors
{
    /// <summary>No custom API, and no message that a step may send, has the name.</summary>
    public static PlatformException UnknownApi(string name) =>
        new(ErrorKind.NotFound, "0x8006088a", $"Resource not found for the segment '{name}'.", "Custom APIs are called by their unique names; $metadata lists them.");

    /// <summary>No steps run on a message of this name about the entity.</summary>
    public static PlatformException UnknownMessage(string entity, string message) =>
        new(ErrorKind.NotFound, "0x8006088a", $"There is no message '{message}' about '{entity}'.", $"Messages are {string.Join(", ", Metadata.Compiling.StepMessage.Names)}, and the custom APIs that are bound to the entity.");

    /// <summary>A function was called as an action, or the other way round.</summary>
    public static PlatformException OtherSortOfApi(string name, bool isFunction) =>
        new(ErrorKind.Invalid, "0x80060888", $"'{name}' is {(isFunction ? "a function" : "an action")}.", isFunction ? "Call it with GET." : "Call it with POST.");

    /// <summary>A request parameter that must be given is not.</summary>
    public static PlatformException MissingApiParameter(string api, string parameter) =>
        new(ErrorKind.Invalid, "0x80040203", $"Required field '{parameter}' is missing for '{api}'.", "Parameters that are not optional must be given.") { Attribute = parameter };

    /// <summary>A request parameter that the API does not have.</summary>
    public static PlatformException UnknownApiParameter(string api, string parameter, IEnumerable<string> known) =>
        new(ErrorKind.Invalid, "0x80048d19", $"'{api}' has no parameter '{parameter}'.", known.Any() ? $"It has {string.Join(", ", known)}." : "It has none.") { Attribute = parameter };

    /// <summary>A request parameter of another type.</summary>
    public static PlatformException WrongApiValue(string api, string parameter, string expected, string found) =>
        new(ErrorKind.Invalid, "0x80048d19", $"The parameter '{parameter}' of '{api}' expects {expected}, found {found}.") { Attribute = parameter };

    /// <summary>The script of an API has set a response property to a value of another type.</summary>
    public static PlatformException WrongApiAnswer(string api, string property, string expected, string found) =>
        new(ErrorKind.Invalid, "0x80040224", $"The API '{api}' failed: its response property '{property}' is {expected}, and a step has set it to {found}.", "Correct the script, or the type in api.json.");

    /// <summary>A step after a read left rows that the read had not found.</summary>
    public static PlatformException RowsOfOthers(string message) =>
        new(ErrorKind.Invalid, "0x8FF00033", $"A step on {message} has left rows that were not read.", "Steps after a read take rows out and change their values; they add none.");

    /// <summary>A step after a read changed what it cannot.</summary>
    public static PlatformException NotChangedByRead(string entity, string name) =>
        new(ErrorKind.Invalid, "0x8FF00034", $"A step after the read has changed '{name}' of '{entity}'.", "Ids, groups and expressions stay what they are.");

    /// <summary>A step on a bulk message left other rows than it was given.</summary>
    public static PlatformException OtherTargets(string message) =>
        new(ErrorKind.Invalid, "0x8FF00035", $"A step on {message} has left other rows in Targets than it was given.", "Steps change the values of Targets; their number, tables and ids stay.");

    /// <summary>Something that only reads, a function or a read, tried to write.</summary>
    public static PlatformException WriteInRead(string message, string within) =>
        new(ErrorKind.Invalid, "0x8FF00032", $"{message} is refused: '{within}' only reads.", "A custom API that writes is an action: take isFunction out of its api.json.");
}
