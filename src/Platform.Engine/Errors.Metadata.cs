using Platform.Engine.Metadata;

namespace Platform.Engine;

/// <content>Failures of changes of metadata.</content>
public static partial class Errors
{
    /// <summary>No component of metadata with this address.</summary>
    public static PlatformException UnknownComponent(string component, string? hint = null) =>
        new(ErrorKind.NotFound, "0x80060888", $"There is no component '{component}'.", hint ?? "Components are named as in plans: entity/account, attribute/account/name, form/account/main, choice/loy_region.");

    /// <summary>A new component of an administrator lacks a prefix, which keeps its name apart from those of packs.</summary>
    public static PlatformException NameWithoutPrefix(string component, string name) =>
        new(ErrorKind.Invalid, "0x8FF00015", $"'{component}' does not begin with a prefix.", $"Names of new components begin with a prefix of two to eight lower-case letters and digits: new_{name}.");

    /// <summary>A new component of an administrator has the prefix of an installed pack, whose next version may bring the same name.</summary>
    public static PlatformException PrefixOfPack(string component, string prefix, string pack) =>
        new(ErrorKind.Invalid, "0x8FF00016", $"'{component}' begins with the prefix '{prefix}' of the pack '{pack}'.", "Give it a prefix of your own, such as 'new'.");

    /// <summary>The content of an app names another app than its address.</summary>
    public static PlatformException NameOfAnotherApp(string component, string name) =>
        new(ErrorKind.Invalid, "0x8FF00017", $"The content of '{component}' has the name '{name}'.", "Leave the name out, or write that of the address.");

    /// <summary>The customization declares an app already; a layer has one.</summary>
    public static PlatformException SecondApp(string component, string app) =>
        new(ErrorKind.Invalid, "0x8FF00018", $"'{component}' cannot be made: the customization has the app '{app}' already.", "Add to that app, or to one of a pack.");

    /// <summary>A table whose rows nobody fills in: its definition says <c>CanCreateAttributes</c> false.</summary>
    /// <param name="what">What the table shall not get: <c>columns</c>.</param>
    public static PlatformException ClosedTable(EntityDefinition entity, string what) =>
        new(ErrorKind.Invalid, "0x80047014", $"The table '{entity.LogicalName}' {(entity.IsIntersect ? "holds the pairs of an N:N relationship" : "is written by the platform only")}: it takes no {what}.", entity.IsIntersect ? "Take a table at one of the ends." : "Take another table.");

    /// <summary>A component that a pack declares cannot be deleted by an administrator.</summary>
    public static PlatformException ManagedComponent(string component, string pack) =>
        new(ErrorKind.Invalid, "0x8004f026", $"'{component}' belongs to the pack '{pack}' and cannot be deleted.", "Uninstall the pack, or hide it: take it out of forms and views.");

    /// <summary>Only administrators publish, see what was published, and purge.</summary>
    public static PlatformException NotAdministrator(Guid user) =>
        new(ErrorKind.Forbidden, "0x80040220", $"Principal user (Id={user:D}) is missing the system administrator role.", "Ask an administrator to do it.");

    /// <summary>Nothing of this name is parked.</summary>
    public static PlatformException NotParked(string name) =>
        new(ErrorKind.NotFound, "0x8FF00010", $"Nothing is parked under the name '{name}'.", "platform metadata parked lists what is.");

    /// <summary>No index of this name is being built or could not be built.</summary>
    public static PlatformException NotBuilding(string name) =>
        new(ErrorKind.NotFound, "0x8FF0001A", $"No index or key is to be built under the name '{name}'.", "platform metadata builds lists those that are.");

    /// <summary>No definition of this name in the metadata API.</summary>
    /// <param name="what">What it would be: "table", "column of 'account'".</param>
    /// <param name="candidates">The names that there are.</param>
    public static PlatformException UnknownDefinition(string what, string name, IEnumerable<string> candidates) =>
        new(ErrorKind.NotFound, "0x80040217", $"Could not find a {what} with the name '{name}'.", Metadata.Compiling.Spelling.Hint(name, candidates, "There is none."));

    /// <summary>A definition of this name exists already.</summary>
    public static PlatformException DefinitionExists(string what, string name) =>
        new(ErrorKind.Invalid, "0x80060891", $"A {what} with the name '{name}' exists already.", "Specify a unique name.");

    /// <summary>A change of metadata that does not fit the rest of it, or the rows; nothing has changed.</summary>
    public static PlatformException MetadataRefused(MetadataException refused) =>
        new(ErrorKind.Invalid, "0x8FF00013", string.Join(' ', refused.Errors.Select(error => error.Reason).Distinct()), string.Join(' ', refused.Errors.Select(error => error.Hint).Distinct()));

    /// <summary>Nothing of this name stands behind a definition in the URL.</summary>
    /// <param name="candidates">What does.</param>
    public static PlatformException UnknownDefinitionPath(string segment, IEnumerable<string> candidates) =>
        new(ErrorKind.NotFound, "0x80060888", $"Resource not found for the segment '{segment}'.", Metadata.Compiling.Spelling.Hint(segment, candidates, "Nothing stands behind it."));

    /// <summary>A definition is not of the type that the URL casts it to.</summary>
    public static PlatformException WrongDefinitionType(string found, string wanted) =>
        new(ErrorKind.NotFound, "0x80060888", $"The definition is no {wanted}.", $"It is a {found}.");

    /// <summary>A type of the metadata API has no such property.</summary>
    /// <param name="candidates">The properties that it has.</param>
    public static PlatformException UnknownMetadataProperty(string type, string property, IEnumerable<string> candidates) =>
        new(ErrorKind.Invalid, "0x80060888", $"Could not find a property named '{property}' on type 'Microsoft.Dynamics.CRM.{type}'.", Metadata.Compiling.Spelling.Hint(property, candidates, "$metadata lists the properties."))
        { Attribute = property };

    /// <summary>A query option that makes no sense for definitions, which come all at once.</summary>
    public static PlatformException MetadataOption(string option) =>
        new(ErrorKind.Invalid, "0x80060888", $"The query parameter {option} is not supported", "Definitions come all at once, in the order of their names; $select, $filter, $expand and $count narrow them down.");

    /// <summary>A stamp from which changes of metadata cannot be told: not one of this system, or of a version that it no longer understands.</summary>
    public static PlatformException ExpiredVersionStamp(string stamp) =>
        new(ErrorKind.Invalid, "0x80044352", $"Version stamp associated with the client has expired. Please perform a full sync. ('{stamp}')", "Ask again without ClientVersionStamp.");

    /// <summary>An expansion that would bring more rows along than one answer takes.</summary>
    public static PlatformException TooManyExpanded(string navigation, int most) =>
        new(ErrorKind.Invalid, "0x8FF0001B", $"$expand={navigation} brings more than {most} rows along.", "Ask for smaller pages (Prefer: odata.maxpagesize), or say $top or $filter in the parentheses of the expansion.");
}
