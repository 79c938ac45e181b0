using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine;

/// <summary>All failures that callers see, each with its code. Codes and texts are Dataverse's where it has the case; ours begin with <c>0x8FF0</c>.</summary>
public static class Errors
{
    /// <summary>Code of <see cref="InvalidFetch"/>.</summary>
    public const string InvalidFetchCode = "0x80040203";

    /// <summary>No entity with this logical name.</summary>
    public static PlatformException UnknownEntity(string name) =>
        new(ErrorKind.NotFound, "0x80060888", $"There is no entity '{name}'.", "Names are logical names, lower case.");

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

    /// <summary>A component that a pack declares cannot be deleted by an administrator.</summary>
    public static PlatformException ManagedComponent(string component, string pack) =>
        new(ErrorKind.Invalid, "0x8004f026", $"'{component}' belongs to the pack '{pack}' and cannot be deleted.", "Uninstall the pack, or hide it: take it out of forms and views.");

    /// <summary>No entity set with this name in the URL.</summary>
    public static PlatformException UnknownEntitySet(string name) =>
        new(ErrorKind.NotFound, "0x80060888", $"Resource not found for the segment '{name}'.", "The service document lists the entity sets.");

    /// <summary>The entity has no such attribute.</summary>
    public static PlatformException UnknownAttribute(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x80060888", $"Could not find a property named '{attribute}' on type 'Microsoft.Dynamics.CRM.{entity}'.", "$metadata lists the properties.")
        { Attribute = attribute };

    /// <summary>A FetchXML query that cannot be read.</summary>
    public static PlatformException InvalidFetch(string message, string hint = "") => new(ErrorKind.Invalid, InvalidFetchCode, message, hint);

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

    /// <summary>Only administrators publish, see what was published, and purge.</summary>
    public static PlatformException NotAdministrator(Guid user) =>
        new(ErrorKind.Forbidden, "0x80040220", $"Principal user (Id={user:D}) is missing the system administrator role.", "Ask an administrator to do it.");

    /// <summary>Nothing of this name is parked.</summary>
    public static PlatformException NotParked(string name) =>
        new(ErrorKind.NotFound, "0x8FF00010", $"Nothing is parked under the name '{name}'.", "platform metadata parked lists what is.");

    /// <summary>No index of this name is being built or could not be built.</summary>
    public static PlatformException NotBuilding(string name) =>
        new(ErrorKind.NotFound, "0x8FF0001A", $"No index or key is to be built under the name '{name}'.", "platform metadata builds lists those that are.");

    /// <summary>A script refused the message.</summary>
    /// <param name="message">The sentence in the caller's language.</param>
    public static PlatformException Rejected(string message, string code, IReadOnlyList<string> trace) =>
        new(ErrorKind.Invalid, "0x80040265", message) { SubCode = code, Trace = trace };

    /// <summary>A step failed in a way its author did not intend.</summary>
    public static PlatformException StepFailed(string step, PluginFailedException failure) =>
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

    /// <summary>A request whose text cannot be read.</summary>
    public static PlatformException BadRequest(string message, string hint = "") => new(ErrorKind.Invalid, "0x80060888", message, hint);

    /// <summary>A request of a batch names another by its Content-ID, which is not that of one before it.</summary>
    /// <param name="reference">With its dollar sign: <c>$1</c>.</param>
    public static PlatformException UnknownContentId(string reference) =>
        new(ErrorKind.Invalid, "0x80060888", $"Content-ID Reference: '{reference}' does not exist in the batch context.", "A request can refer to requests before it that were carried out.");

    /// <summary>A batch whose text is not that of a batch; nothing of it was carried out.</summary>
    public static PlatformException BadBatch(string message, string hint = "") => new(ErrorKind.Invalid, "0x8FF00060", $"The batch cannot be read: {message}", hint);

    /// <summary>More requests than a batch holds.</summary>
    public static PlatformException TooManyRequests(int most) =>
        new(ErrorKind.Invalid, "0x8FF00061", $"The batch holds more than {most} requests, those in change sets included.", "Send them in several batches.");

    /// <summary>An answer within a batch that is over the limit.</summary>
    /// <param name="limit">Bytes.</param>
    public static PlatformException AnswerTooLarge(long limit) =>
        new(ErrorKind.TooLarge, "0x8FF00062", $"The answer is over the limit of {limit} bytes for one in a batch.", "Send the request on its own, or ask for fewer rows or columns.");

    /// <summary>A request of a batch that was not carried out, because one that it depends on has failed.</summary>
    public static PlatformException DependencyFailed(string id) =>
        new(ErrorKind.FailedDependency, "0x8FF00063", $"The request depends on '{id}', which has failed.");

    /// <summary>A request of a batch of which nothing remains, because another of its change set has failed.</summary>
    public static PlatformException RolledBack(string group) =>
        new(ErrorKind.FailedDependency, "0x8FF00064", $"Another request of '{group}' has failed: all of them were rolled back.");

    /// <summary>A request that cannot be part of a transaction with others.</summary>
    public static PlatformException NotInChangeSet(string what) =>
        new(ErrorKind.Invalid, "0x8FF00065", $"{what} cannot stand in a change set.", "Send it in the batch beside change sets.");

    /// <summary>A method that the resource does not have.</summary>
    /// <param name="allowed">Methods that it has, as in the Allow header.</param>
    public static PlatformException MethodNotAllowed(string method, string allowed) =>
        new(ErrorKind.NotAllowed, "0x80060888", $"The method '{method}' is not allowed here.", $"Allowed: {allowed}.");

    /// <summary>A body that is no valid JSON of the expected form.</summary>
    public static PlatformException BadJson(string message) => new(ErrorKind.Invalid, "0x80048d19", $"Error identified in Payload provided by the user: {message}");

    /// <summary>The attribute holds neither a file nor an image.</summary>
    public static PlatformException NotAFile(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x8FF00050", $"The attribute '{attribute}' of '{entity}' is no file and no image.") { Attribute = attribute };

    /// <summary>A file or image column without content.</summary>
    public static PlatformException NoFile(string entity, string attribute) =>
        new(ErrorKind.NotFound, "0x80040217", $"No file is stored in the attribute '{attribute}' of this record of '{entity}'.") { Attribute = attribute };

    /// <summary>An image of which there is no small one.</summary>
    public static PlatformException NoThumbnail(string entity, string attribute) =>
        new(ErrorKind.NotFound, "0x8FF00056", $"There is no small image of '{attribute}' of this record of '{entity}'.", "Ask for the whole image: ?size=full.") { Attribute = attribute };

    /// <summary>A name that no file can have.</summary>
    /// <param name="longest">Characters.</param>
    public static PlatformException BadFileName(string entity, string attribute, int longest) =>
        new(ErrorKind.Invalid, "0x8FF00051", $"The file for '{attribute}' of '{entity}' has no name, or one that is not possible.", $"A name has 1 to {longest} characters. The Web API takes it from the header x-ms-file-name.") { Attribute = attribute };

    /// <summary>A file of a type that its column does not take.</summary>
    public static PlatformException FileTypeNotAllowed(string entity, AttributeDefinition attribute, string name) =>
        new(ErrorKind.Invalid, "0x80043e09", $"The attribute '{attribute}' of '{entity}' does not take the file '{name}'.", $"It takes {string.Join(", ", attribute.AllowedTypes)}.") { Attribute = attribute.LogicalName };

    /// <summary>A file whose first bytes are not those of the type that its name says.</summary>
    public static PlatformException FileIsSomethingElse(string entity, string attribute, string name, string claimed) =>
        new(ErrorKind.Invalid, "0x8FF00052", $"The file '{name}' for '{attribute}' of '{entity}' is not what its name says ({claimed}).", "Give the file the ending of what it is.") { Attribute = attribute };

    /// <summary>Content that is no image.</summary>
    /// <param name="reason">Half a sentence.</param>
    public static PlatformException NoImage(string entity, string attribute, string reason) =>
        new(ErrorKind.Invalid, "0x80072553", $"The attribute '{attribute}' of '{entity}' takes an image, which this is not: {reason}.", "PNG, JPEG, GIF, WebP and BMP are possible.") { Attribute = attribute };

    /// <summary>More bytes than a column takes.</summary>
    /// <param name="most">In units of 1,024 bytes.</param>
    public static PlatformException FileTooLarge(string entity, string attribute, int most) =>
        new(ErrorKind.TooLarge, "0x80044a02", $"The file for '{attribute}' of '{entity}' is over the limit of {most} KB.") { Attribute = attribute };

    /// <summary>No upload of this id is under way, or none of this user.</summary>
    public static PlatformException NoSuchUpload(Guid id) =>
        new(ErrorKind.NotFound, "0x8FF00053", $"There is no upload {id:D} under way.", "It may be complete, or have been given up. Begin again.");

    /// <summary>A column that is set to content which its user has not uploaded for it.</summary>
    public static PlatformException NotUploaded(string entity, string attribute, Guid id) =>
        new(ErrorKind.Invalid, "0x8FF00054", $"The attribute '{attribute}' of '{entity}' cannot be set to {id:D}, which is not a complete upload of this user for it.", "Content is uploaded, never copied by its id.") { Attribute = attribute };

    /// <summary>A chunk that does not begin where the one before ended, or is none.</summary>
    public static PlatformException BadChunk(string expected, string found) =>
        new(ErrorKind.Invalid, "0x8FF00055", $"The Content-Range of the chunk is '{found}', expected is '{expected}'.", "Chunks are sent one after the other, from the first byte to the last.");

    /// <summary>A body over the limit.</summary>
    /// <param name="limit">Bytes.</param>
    public static PlatformException BodyTooLarge(long limit) =>
        new(ErrorKind.TooLarge, "0x8FF00004", $"The request body is over the limit of {limit} bytes.");

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

    /// <summary>An option of the protocol that is not offered.</summary>
    public static PlatformException NotOffered(string what) => new(ErrorKind.NotImplemented, "0x80060888", $"{what} is not supported.");
}
