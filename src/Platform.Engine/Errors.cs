using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine;

/// <summary>All failures that callers see, each with its code. Codes and texts are Dataverse's where it has the case; ours begin with <c>0x8FF0</c>.</summary>
public static partial class Errors
{
    /// <summary>No entity with this logical name.</summary>
    public static PlatformException UnknownEntity(string name) =>
        new(ErrorKind.NotFound, "0x80060888", $"There is no entity '{name}'.", "Names are logical names, lower case.");

    /// <summary>The entity has no such attribute.</summary>
    public static PlatformException UnknownAttribute(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x80060888", $"Could not find a property named '{attribute}' on type 'Microsoft.Dynamics.CRM.{entity}'.", "$metadata lists the properties.")
        { Attribute = attribute };

    /// <summary>The entity has no such relationship or navigation property.</summary>
    public static PlatformException UnknownRelationship(string entity, string name) =>
        new(ErrorKind.Invalid, "0x80060888", $"'{entity}' has no navigation property or relationship '{name}'.", "$metadata lists the navigation properties.");

    /// <summary>A value of the wrong type.</summary>
    public static PlatformException WrongType(string entity, string attribute, string expected, string found) =>
        new(ErrorKind.Invalid, "0x80048d19", $"The attribute '{attribute}' of '{entity}' expects {expected}, found {found}.") { Attribute = attribute };

    /// <summary>A text longer than its attribute.</summary>
    public static PlatformException TooLong(string entity, string attribute, int most, int found) =>
        new(ErrorKind.Invalid, "0x80044331", $"A validation error occurred. The length of the '{attribute}' attribute of the '{entity}' entity exceeded the maximum allowed length of '{most}': it is {found}.")
        { Attribute = attribute };

    /// <summary>A number outside its attribute's range.</summary>
    public static PlatformException OutOfRange(string entity, string attribute, object? least, object? most) =>
        new(ErrorKind.Invalid, "0x80044331", $"A validation error occurred. The value of '{attribute}' on record of type '{entity}' is outside the valid range of {least ?? "any"} to {most ?? "any"}.")
        { Attribute = attribute };

    /// <summary>A choice value that is not among the options.</summary>
    public static PlatformException NoSuchOption(string entity, string attribute, int value, IEnumerable<int> options) =>
        new(ErrorKind.Invalid, "0x8004431a", $"A validation error occurred. The value {value} of '{attribute}' on record of type '{entity}' is not one of {string.Join(", ", options)}.")
        { Attribute = attribute };

    /// <summary>More values of a choice than one attribute holds.</summary>
    public static PlatformException TooManyChoices(string entity, string attribute, int most, int found) =>
        new(ErrorKind.Invalid, "0x80044331", $"A validation error occurred. '{attribute}' on record of type '{entity}' holds at most {most} values: it is given {found}.")
        { Attribute = attribute };

    /// <summary>Degrees that are no point on the earth.</summary>
    public static PlatformException NoSuchPlace(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x80044331", $"A validation error occurred. The value of '{attribute}' on record of type '{entity}' is no point on the earth.", "A latitude is -90 to 90 degrees, a longitude -180 to 180.")
        { Attribute = attribute };

    /// <summary>A text that does not match its attribute's pattern.</summary>
    public static PlatformException PatternMismatch(string entity, string attribute, string pattern) =>
        new(ErrorKind.Invalid, "0x8FF00001", $"The value of '{attribute}' on record of type '{entity}' does not have the form {pattern}.") { Attribute = attribute };

    /// <summary>A required attribute without a value.</summary>
    public static PlatformException Required(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x80044330", $"The attribute '{attribute}' of '{entity}' is required and has no value.") { Attribute = attribute };

    /// <summary>An attribute that only steps may write.</summary>
    public static PlatformException ReadOnlyAttribute(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x8FF00002", $"The attribute '{attribute}' of '{entity}' is read-only: only steps of its pack write it.") { Attribute = attribute };

    /// <summary>A status that does not belong to the state.</summary>
    public static PlatformException StatusNotOfState(string entity, int state, int status) =>
        new(ErrorKind.Invalid, "0x80048408", $"{status} is not a valid status code for state code {state} on '{entity}'.") { Attribute = SystemAttributes.StatusCode };

    /// <summary>A status that may not follow the row's status.</summary>
    /// <param name="from">Label of the row's status.</param>
    /// <param name="to">Label of the status asked for.</param>
    public static PlatformException InvalidTransition(string entity, string from, string to) =>
        new(ErrorKind.Invalid, "0x8FF00031", $"A record of '{entity}' cannot go from '{from}' to '{to}'.", "The status of the record says which ones may follow.") { Attribute = SystemAttributes.StatusCode };

    /// <summary>No row with this id, or none that the caller may see: the two are not told apart.</summary>
    public static PlatformException RecordNotFound(EntityReference reference) =>
        new(ErrorKind.NotFound, "0x80040217", $"Entity '{reference.LogicalName}' With Id = {reference.Id:D} Does Not Exist");

    /// <summary>A path goes on behind a lookup that is empty, or that points to a row of another entity.</summary>
    public static PlatformException NothingBehind(EntityReference row, string navigation) =>
        new(ErrorKind.NotFound, "0x80040217", $"'{navigation}' of the row {row.Id:D} of '{row.LogicalName}' leads to no row.");

    /// <summary>Attributes in the parentheses of a URL that are no alternate key of the entity.</summary>
    /// <param name="keys">The keys that there are, as a URL writes them.</param>
    public static PlatformException UnknownKey(string entity, string found, IReadOnlyList<string> keys) =>
        new(ErrorKind.Invalid, "0x80060890", $"The specified key attributes ({found}) are not a defined key for the {entity} entity.",
            keys.Count == 0 ? $"'{entity}' has no alternate keys: use the id." : $"The keys are {string.Join(", ", keys)}.");

    /// <summary>Rows cannot be named by a key that is being built, or that rows break.</summary>
    /// <param name="state">How far it is.</param>
    public static PlatformException KeyNotActive(string entity, string key, string state) =>
        new(ErrorKind.Invalid, "0x8FF00019", $"The key '{key}' of the {entity} entity is not active: {state}.", "Use the id until it is. EntityKeyIndexStatus of the key tells how far it is.");

    /// <summary>No row with these values of an alternate key, or none that the caller may see.</summary>
    public static PlatformException KeyNotFound(string entity, string key) =>
        new(ErrorKind.NotFound, "0x80060891", $"A record with the specified key values ({key}) does not exist in {entity} entity");

    /// <summary>A lookup to a row named by an alternate key that no row has, or none that the caller may see.</summary>
    public static PlatformException LookupKeyNotFound(string attribute, string entity, string key) =>
        new(ErrorKind.Invalid, "0x80060891", $"A record with the specified key values ({key}) does not exist in {entity} entity", $"'{attribute}' must name an existing row.") { Attribute = attribute };

    /// <summary>A lookup to a row that does not exist.</summary>
    public static PlatformException LookupTargetNotFound(string attribute, EntityReference target) =>
        new(ErrorKind.Invalid, "0x80040217", $"Entity '{target.LogicalName}' With Id = {target.Id:D} Does Not Exist", $"'{attribute}' must name an existing row.") { Attribute = attribute };

    /// <summary>A lookup whose target was deleted at the same moment, or a row that is still referred to.</summary>
    public static PlatformException ForeignKey(string entity) =>
        new(ErrorKind.Invalid, "0x80040217", $"A lookup of '{entity}' refers to a record that does not exist, or the record is still referred to.");

    /// <summary>A row that would stand above itself in its hierarchy.</summary>
    /// <param name="way">Names of the rows from the row to itself; those that the caller may not see are left out.</param>
    public static PlatformException Circle(string entity, string attribute, IReadOnlyList<string> way) =>
        new(ErrorKind.Invalid, "0x8FF00021", $"This value of '{attribute}' would close a circle in the hierarchy of '{entity}': {string.Join(" → ", way)}.", "Name a row that is not below this one.") { Attribute = attribute };

    /// <summary>A lookup to an entity that is not among its targets.</summary>
    public static PlatformException WrongLookupTarget(string entity, string attribute, string found, IEnumerable<string> targets) =>
        new(ErrorKind.Invalid, "0x80040217", $"The attribute '{attribute}' of '{entity}' refers to {string.Join(" or ", targets)}, not to {found}.") { Attribute = attribute };

    /// <summary>The row has another version than the caller demanded.</summary>
    public static PlatformException VersionMismatch() =>
        new(ErrorKind.Precondition, "0x80060882", "The version of the existing record doesn't match the RowVersion property provided.", "Read the row again and repeat the change.");

    /// <summary>A second row with the values of an alternate key.</summary>
    public static PlatformException DuplicateKey(string entity, string key, IEnumerable<string> attributes) =>
        new(ErrorKind.Precondition, "0x80040237", $"A record with the same values already exists: the key '{key}' of '{entity}' ({string.Join(", ", attributes)}) is unique.");

    /// <summary>Values that an index or key of the table cannot take; only PostgreSQL has such a limit.</summary>
    /// <param name="index">Name of the index; empty when the database does not tell.</param>
    public static PlatformException TooLongForIndex(string entity, string index) =>
        new(ErrorKind.Invalid, "0x8FF0001C", $"The values of a record of '{entity}' are too long for {(index.Length == 0 ? "one of its keys or indexes" : $"'{index}'")}.", "On PostgreSQL the values of a key or index have room for about 2,700 bytes in each row: shorten them, or take long columns out of it.");

    /// <summary>A second row with the same primary key.</summary>
    public static PlatformException DuplicateId(string entity, Guid id) =>
        new(ErrorKind.Precondition, "0x80040237", $"Cannot insert duplicate key: '{entity}' already has a record with id {id:D}.");

    /// <summary>A row that was to be made only if it is not there.</summary>
    public static PlatformException RecordExists(string entity) =>
        new(ErrorKind.Precondition, "0x80040237", $"A record with matching key values already exists in {entity} entity.", "Without If-None-Match it is changed.");

    /// <summary>A body with another id than that of the row that it is about.</summary>
    public static PlatformException OtherId(string entity, Guid id) =>
        new(ErrorKind.Invalid, "0x80060888", $"The id in the body ({id:D}) is not the id of the record of '{entity}'.", "A row keeps its id.");

    /// <summary>A row of another entity than the others.</summary>
    public static PlatformException OtherEntity(string entity, string found) =>
        new(ErrorKind.Invalid, "0x80048d19", $"The row is one of '{found}', expected is one of '{entity}'.");

    /// <summary>A message about several rows with none, or with too many.</summary>
    /// <param name="found"><c>null</c> where nobody counted to the end.</param>
    public static PlatformException RowCount(string message, int? found, int most) =>
        new(ErrorKind.Invalid, "0x80060888", $"{message} takes 1 to {most} rows, found {found?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "more"}.", "Send them in several requests.");

    /// <summary>Rows without an owner cannot be assigned.</summary>
    public static PlatformException NoOwner(string entity) =>
        new(ErrorKind.Invalid, "0x8FF00060", $"Records of '{entity}' have no owner.", "They belong to the organization.");

    /// <summary>Only users and teams get rights on rows.</summary>
    public static PlatformException NoPrincipal(string entity) =>
        new(ErrorKind.Invalid, "0x8FF00066", $"A row can be shared with a user or a team, not with a record of '{entity}'.", "Name a row of systemusers or teams.");

    /// <summary>A right on a row that the caller wants to grant and does not have.</summary>
    public static PlatformException CannotGrant(Guid user, AccessRights right, string entity) =>
        new(ErrorKind.Forbidden, "0x80040220", $"Principal user (Id={user:D}) does not have {right} on this record of '{entity}' and cannot grant it.", "Grant only rights that you have on the record yourself.");

    /// <summary>Rows without a state cannot get one.</summary>
    public static PlatformException NoState(string entity) =>
        new(ErrorKind.Invalid, "0x8FF00061", $"Records of '{entity}' have no statecode.");

    /// <summary>A table whose rows cannot be merged.</summary>
    public static PlatformException NotMergeable(string entity) =>
        new(ErrorKind.NotAllowed, "0x8FF00062", $"Records of '{entity}' cannot be merged.", "Only rows that can be deactivated, and on which no caller's rights depend, can be.");

    /// <summary>Two rows that cannot be merged.</summary>
    /// <param name="reason">Half a sentence.</param>
    public static PlatformException CannotMerge(string entity, string reason) =>
        new(ErrorKind.Invalid, "0x8FF00063", $"The records of '{entity}' cannot be merged: {reason}.");

    /// <summary>A column that is no rollup.</summary>
    public static PlatformException NotARollup(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x8FF00064", $"The attribute '{attribute}' of '{entity}' is no rollup.") { Attribute = attribute };

    /// <summary>Rows refer to the row to be deleted.</summary>
    public static PlatformException Referenced(string entity, string referencing, string attribute) =>
        new(ErrorKind.NotAllowed, "0x80040227", $"The record of '{entity}' cannot be deleted: records of '{referencing}' refer to it by '{attribute}'.", "Delete or re-assign those first.");

    /// <summary>The caller's roles do not grant a privilege.</summary>
    public static PlatformException MissingPrivilege(Guid user, Privilege privilege, string entity) =>
        new(ErrorKind.Forbidden, "0x80040220", $"Principal user (Id={user:D}) is missing prv{privilege}{entity} privilege.", "A role has to grant it.");

    /// <summary>A message that only system administrators may send.</summary>
    public static PlatformException AdministratorsOnly(Guid user, string message) =>
        new(ErrorKind.Forbidden, "0x80040220", $"Principal user (Id={user:D}) may not send {message}.", "Only users with the role System Administrator may.");

    /// <summary>The attribute counts no rows.</summary>
    public static PlatformException NotNumbered(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x8FF00030", $"The attribute '{attribute}' of '{entity}' is not numbered automatically.", "Its definition has no x-autoNumber.") { Attribute = attribute };

    /// <summary>The signed-in user is not, or no longer, a user of this system.</summary>
    public static PlatformException UnknownUser(Guid user) =>
        new(ErrorKind.Forbidden, "0x80040225", $"The user (Id={user:D}) is disabled or does not exist.");

    /// <summary>Rows that only the engine writes.</summary>
    public static PlatformException EngineOwned(string entity) =>
        new(ErrorKind.NotAllowed, "0x8FF00003", $"Records of '{entity}' are written by the platform only.");

    /// <summary>A role of a pack is where its users' rights come from.</summary>
    public static PlatformException RoleOfPack(string role, string pack) =>
        new(ErrorKind.NotAllowed, "0x8FF00011", $"The role '{role}' belongs to the pack '{pack}' and cannot be deleted.", "Take it away from users and teams instead.");

    /// <summary>Nobody could administer the system any more.</summary>
    public static PlatformException LastAdministrator() =>
        new(ErrorKind.NotAllowed, "0x8FF00012", "After this change no enabled user would have the system administrator role.", "Give the role to another user first.");

    /// <summary>Each user has settings.</summary>
    public static PlatformException SettingsOfUser() =>
        new(ErrorKind.NotAllowed, "0x8FF00020", "Each user has settings: they go with the user only.", "Empty their columns instead.");

    /// <summary>Rates would be against nothing.</summary>
    public static PlatformException LastBaseCurrency() =>
        new(ErrorKind.NotAllowed, "0x8FF0001D", "After this change no currency would be the base currency, against which all rates are.", "Move the mark to another one in one request: UpdateMultiple with both rows.");

    /// <summary>Rates would be against two.</summary>
    public static PlatformException SecondBaseCurrency() =>
        new(ErrorKind.NotAllowed, "0x8FF0001E", "Another currency is the base currency, against which all rates are; there is only one.", "Move the mark in one request: UpdateMultiple with both rows.");

    /// <summary>Rates would be against one that nobody should use.</summary>
    public static PlatformException InactiveBaseCurrency() =>
        new(ErrorKind.NotAllowed, "0x8FF0001F", "The base currency, against which all rates are, cannot be inactive.", "Make another active currency the base currency first.");

    private const string RejectedCode = "0x80040265";

    /// <summary>A script refused the message.</summary>
    /// <param name="message">The sentence in the caller's language.</param>
    public static PlatformException Rejected(string message, string code, IReadOnlyList<string> trace) =>
        new(ErrorKind.Invalid, RejectedCode, message) { SubCode = code, Trace = trace };

    /// <summary>A step failed in a way its author did not intend. What a script further down said with Reject stays what it said: it is meant for the user.</summary>
    public static PlatformException StepFailed(string step, PluginFailedException failure) => Refusal(failure) is { Code: RejectedCode } rejected ? rejected :
        new(KindOf(failure), Refusal(failure)?.Code ?? "0x80040224", $"The step '{step}' failed: {failure.Message}", inner: failure) { Trace = failure.Trace };

    // A service call that was refused and not caught is why the message fails: a missing privilege stays one.
    private static ErrorKind KindOf(PluginFailedException failure)
    {
        if (failure.Failure == PluginFailure.Unavailable) return ErrorKind.Unavailable;
        return Refusal(failure)?.Kind is ErrorKind.Forbidden ? ErrorKind.Forbidden : ErrorKind.Invalid;
    }

    private static PlatformException? Refusal(PluginFailedException failure) => (failure.InnerException as ServiceCallException)?.InnerException as PlatformException;

    /// <summary>Steps sent messages to each other without end.</summary>
    public static PlatformException TooDeep(int depth) =>
        new(ErrorKind.Invalid, "0x80044182", $"This message was cancelled because it includes an infinite loop: steps called each other to depth {depth}.");

    /// <summary>A message ran longer than two minutes.</summary>
    public static PlatformException MessageTimeout() =>
        new(ErrorKind.Unavailable, "0x80044151", "The message took longer than two minutes and was rolled back.");

    /// <summary>The failure of one row of several, with the place of the row.</summary>
    /// <param name="place">A property, or one of its rows: <c>contact_customer_accounts[1]</c>.</param>
    public static PlatformException At(string place, PlatformException refused)
    {
        var whole = refused.Place is { } inner ? $"{place}/{inner}" : place;
        return new(refused.Kind, refused.Code, $"{whole}: {refused.Sentence}", refused.Hint, refused)
        {
            Place = whole, Sentence = refused.Sentence, Attribute = refused.Attribute, SubCode = refused.SubCode, Trace = refused.Trace,
        };
    }
}
