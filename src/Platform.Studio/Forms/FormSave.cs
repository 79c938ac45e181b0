using System.Collections.Immutable;
using Platform.Studio.Records;

namespace Platform.Studio.Forms;

/// <summary>What a save came to.</summary>
/// <param name="Id">The record saved; its form was brought up to date unless it was new.</param>
/// <param name="Conflict">Set when nothing was saved: the user has to decide first.</param>
/// <param name="Merged">Set when changes of somebody else to other fields were taken over.</param>
public sealed record SaveOutcome(Guid Id, ConflictMerge? Conflict = null, ConflictMerge? Merged = null);

/// <summary>Sends a form. What others changed meanwhile is merged in as long as no field was changed by both.</summary>
public sealed class FormSave(StudioRecords records)
{
    /// <summary>A record that changes between reading and writing this often is too busy to merge.</summary>
    private const int MostMerges = 3;

    /// <param name="columns">Logical names that the form shows.</param>
    /// <exception cref="PlatformException">The engine refused the record.</exception>
    public async Task<SaveOutcome> SendAsync(FormState form, ImmutableArray<string> columns, CancellationToken ct)
    {
        if (form.IsNew) return new SaveOutcome(await records.CreateAsync(form.ToTarget(), ct));

        var target = form.Original.ToReference();
        ConflictMerge? merged = null;
        for (var attempt = 1; ; attempt++)
        {
            var sent = form.ToTarget();
            try
            {
                await records.UpdateAsync(sent, form.Original.Version, ct);
                form.Accept(await records.ReadAsync(target, columns, ct), sent);
                return new SaveOutcome(target.Id, Merged: merged);
            }
            catch (PlatformException refused) when (IsVersionMismatch(refused) && attempt <= MostMerges)
            {
                var merge = ConflictMerge.Of(form, await records.ReadAsync(target, columns, ct));
                if (!merge.Conflicts.IsEmpty) return new SaveOutcome(target.Id, Conflict: merge);
                form.Rebase(merge.Stored, form.Changed.ToHashSet());
                if (!merge.TheirFields.IsEmpty) merged = merge;
            }
        }
    }

    private static bool IsVersionMismatch(PlatformException refused) =>
        refused.Kind == ErrorKind.Precondition && refused.Code == Errors.VersionMismatch().Code;
}
