using Platform.Engine.Messages;

namespace Platform.Studio.Forms;

/// <summary>
/// One record in a form: what was read, what the user changed, and what is wrong with it. A value set back to what was
/// read is no change.
/// </summary>
public sealed class FormState
{
    private readonly Dictionary<string, object?> changes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> errors = new(StringComparer.Ordinal);
    private readonly HashSet<string> unreadable = new(StringComparer.Ordinal);

    private FormState(EntityDefinition entity, EntityRecord original, bool isNew)
    {
        Entity = entity;
        Original = original;
        IsNew = isNew;
    }

    public EntityDefinition Entity { get; }

    /// <summary>The record as read; for a new one its defaults.</summary>
    public EntityRecord Original { get; private set; }

    public bool IsNew { get; }

    /// <summary>Grows when values come from the store, so that editors show them anew.</summary>
    public int Revision { get; private set; }

    public bool IsDirty => changes.Count > 0;

    /// <summary>Logical names of the attributes that differ from the original.</summary>
    public IReadOnlyCollection<string> Changed => changes.Keys;

    /// <summary>Sentences by logical name.</summary>
    public IReadOnlyDictionary<string, string> Errors => errors;

    public static FormState ForNew(EntityDefinition entity)
    {
        var defaults = new EntityRecord(entity.LogicalName);
        foreach (var attribute in entity.Attributes.Where(attribute => attribute.Default is not null && FieldRules.IsEditable(attribute)))
            defaults[attribute.LogicalName] = attribute.Default;
        return new FormState(entity, defaults, isNew: true);
    }

    public static FormState ForExisting(EntityDefinition entity, EntityRecord record) => new(entity, record, isNew: false);

    public object? this[string attribute] => changes.TryGetValue(attribute, out var changed) ? changed : Original[attribute];

    /// <summary>Takes a value from an editor. Clears the field's error: the user has answered it.</summary>
    public void Set(string attribute, object? value)
    {
        if (value is "") value = null;
        errors.Remove(attribute);
        unreadable.Remove(attribute);
        if (Equals(value, Original[attribute])) changes.Remove(attribute);
        else changes[attribute] = value;
    }

    /// <summary>Sets what a new record starts with; not a change of the user's.</summary>
    public void Preset(string attribute, object? value) => Original[attribute] = value;

    public bool IsChanged(string attribute) => changes.ContainsKey(attribute);

    public void Fail(string attribute, string sentence) => errors[attribute] = sentence;

    /// <summary>An editor holds text that is no value: the field keeps its last value, and the form cannot be saved until that is mended.</summary>
    public void FailUnreadable(string attribute, string sentence)
    {
        Fail(attribute, sentence);
        unreadable.Add(attribute);
    }

    /// <summary>Forgets what was said about values, before they are checked anew.</summary>
    public void ClearErrors()
    {
        foreach (var attribute in errors.Keys.Except(unreadable).ToList()) errors.Remove(attribute);
    }

    public void Discard()
    {
        changes.Clear();
        errors.Clear();
        unreadable.Clear();
        Revision++;
    }

    /// <summary>Takes what was read after a save. What the user typed while the save was under way stays a change.</summary>
    /// <param name="sent">What the save held.</param>
    public void Accept(EntityRecord stored, EntityRecord sent)
    {
        var later = changes.Where(change => !sent.Contains(change.Key) || !Equals(sent[change.Key], change.Value)).Select(change => change.Key).ToHashSet();
        Rebase(stored, later);
    }

    /// <summary>Takes the stored record as the new original and keeps the user's changes on top of it.</summary>
    /// <param name="mine">Attributes whose value stays the user's; the other changes give way to the stored value.</param>
    public void Rebase(EntityRecord stored, IReadOnlySet<string> mine)
    {
        var kept = changes.Where(change => mine.Contains(change.Key)).ToList();
        changes.Clear();
        Original = stored;
        Revision++;
        foreach (var (attribute, value) in kept) Set(attribute, value);
    }

    /// <summary>What a save sends: for a new record all values, for an existing one only the changed ones.</summary>
    public EntityRecord ToTarget()
    {
        var target = new EntityRecord(Entity.LogicalName, Original.Id);
        if (IsNew)
        {
            foreach (var (attribute, value) in Original.Attributes.Where(value => value.Value is not null)) target[attribute] = value;
        }

        foreach (var (attribute, value) in changes) target[attribute] = value;
        return target;
    }

    /// <summary>The message that saves the form: all values of a new record, else only what changed, under the version that the user saw.</summary>
    public Message ToMessage() => IsNew ? new Create(ToTarget()) : new Update(ToTarget(), Original.Version);
}
