using System.Collections.Immutable;

namespace Platform.Studio.Forms;

/// <summary>A field that the user and somebody else both changed, to different values.</summary>
public sealed record FieldConflict(AttributeDefinition Attribute, object? Original, object? Mine, object? Stored);

/// <summary>Which of the three values a field gets.</summary>
public enum ConflictChoice
{
    Mine,
    Stored,
    Original,
}

/// <summary>How a form stands to a record that was changed meanwhile.</summary>
/// <param name="Conflicts">Fields that the user has to decide.</param>
/// <param name="TheirFields">Fields that only the other side changed, among those on the form.</param>
/// <param name="Stored">The record as it is now.</param>
public sealed record ConflictMerge(ImmutableArray<FieldConflict> Conflicts, ImmutableArray<AttributeDefinition> TheirFields, EntityRecord Stored)
{
    public static ConflictMerge Of(FormState form, EntityRecord stored)
    {
        var conflicts = ImmutableArray.CreateBuilder<FieldConflict>();
        var theirs = ImmutableArray.CreateBuilder<AttributeDefinition>();
        foreach (var (name, value) in stored.Attributes)
        {
            var attribute = form.Entity.Attribute(name);
            var original = form.Original[name];
            if (attribute.Origin == AttributeOrigin.Engine || Equals(value, original)) continue;
            if (!form.IsChanged(name)) theirs.Add(attribute);
            else if (!Equals(form[name], value)) conflicts.Add(new FieldConflict(attribute, original, form[name], value));
        }

        return new ConflictMerge(conflicts.ToImmutable(), theirs.ToImmutable(), stored);
    }

    /// <summary>Puts the decisions into the form: on top of the stored record, what stays the user's.</summary>
    /// <param name="choices">One for each conflict, by logical name.</param>
    public void Apply(FormState form, IReadOnlyDictionary<string, ConflictChoice> choices)
    {
        var given = Conflicts.Where(conflict => choices[conflict.Attribute.LogicalName] != ConflictChoice.Mine).ToList();
        form.Rebase(Stored, form.Changed.Except(given.Select(conflict => conflict.Attribute.LogicalName)).ToHashSet());
        foreach (var conflict in given.Where(conflict => choices[conflict.Attribute.LogicalName] == ConflictChoice.Original))
            form.Set(conflict.Attribute.LogicalName, conflict.Original);
    }
}
