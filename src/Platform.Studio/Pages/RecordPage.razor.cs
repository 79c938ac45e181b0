using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.JSInterop;
using Platform.Engine.Security;
using Platform.Studio.Components;
using Platform.Studio.Forms;
using Platform.Studio.Lists;
using Platform.Studio.Records;
using Platform.Studio.Text;

namespace Platform.Studio.Pages;

/// <summary>One record in its form.</summary>
public sealed partial class RecordPage
{
    private const string RelatedTab = "~related";

    private readonly CancellationTokenSource gone = new();
    private EntityDefinition? definition;
    private FormDefinition? layout;
    private FormState? form;
    private ValueFormat? format;
    private ImmutableArray<RelationshipDefinition> related = [];
    private ConflictMerge? conflict;
    private Afterwards afterConflict;
    private string tabName = "";
    private string? failure, merged, leavingTo;
    private (string Entity, Guid? Id)? loaded;
    private bool beginAtField, saving, leaving, mayCreate, mayWrite, mayDelete;
    private Dialog dialog;

    private enum Dialog
    {
        None,
        Delete,
        Leave,
        Gone,
        Conflict,
    }

    private enum Afterwards
    {
        Stay,
        Close,
        New,
        Leave,
    }

    [Parameter] public string App { get; set; } = "";

    [Parameter] public string Entity { get; set; } = "";

    [Parameter] public Guid? Id { get; set; }

    private string ListAddress => $"/a/{App}/t/{Entity}";

    private ImmutableArray<string> Columns => FormLayout.ColumnsOf(definition!, layout!);

    private string Title
    {
        get
        {
            var attribute = definition!.PrimaryNameAttribute ?? "";
            var name = form![attribute] as string ?? form.Original[attribute] as string; // An emptied name cannot be saved: the old one still tells which record this is.
            if (name is { Length: > 0 }) return name;
            if (form.IsNew) return Ui["record.new", Ui[definition.Title]];
            return definition.PrimaryNameAttribute is null ? Ui[definition.Title] : Ui["value.unnamed"];
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || loaded == (Entity, Id)) return;
        loaded = (Entity, Id);
        form = null;
        merged = null;
        leaving = false;
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!beginAtField || form is null) return;
        beginAtField = false;
        if (FormLayout.FieldsOf(definition!, layout!).FirstOrDefault(FieldRules.IsEditable) is { } first)
            await Js.InvokeVoidAsync("studio.focus", gone.Token, AkField.IdOf(first.LogicalName));
    }

    public void Dispose()
    {
        gone.Cancel();
        gone.Dispose();
    }

    private async Task LoadAsync()
    {
        failure = null;
        try
        {
            var metadata = Records.Metadata;
            var caller = await CallerSource.GetAsync(gone.Token);
            definition = metadata.Entity(Entity);
            layout = FormLayout.Of(definition);
            format = new ValueFormat(Ui, caller.TimeZone, await Records.CurrenciesAsync(definition, gone.Token));
            var access = new RecordAccess(metadata, caller);
            mayCreate = access.May(Privilege.Create, definition);
            mayWrite = Id is null ? mayCreate : access.May(Privilege.Write, definition);
            mayDelete = access.May(Privilege.Delete, definition);
            related = Id is null ? [] : AkRelated.Of(metadata, definition, access, App);
            if (!layout.Tabs.Any(tab => tab.Name == tabName) && tabName != RelatedTab) tabName = layout.Tabs[0].Name;
            if (Id is { } id) form = FormState.ForExisting(definition, await ReadAsync(id));
            else form = await NewFormAsync(caller);
            beginAtField = Id is null;
        }
        catch (PlatformException refused)
        {
            failure = Words(refused);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private Task<EntityRecord> ReadAsync(Guid id) =>
        Records.ReadAsync(new EntityReference(Entity, id), Columns, gone.Token);

    /// <summary>A new record with its defaults, the user as owner, and what the address presets (<c>?p=contactid~contact/5c8a…</c>).</summary>
    private async Task<FormState> NewFormAsync(Caller caller)
    {
        var fresh = FormState.ForNew(definition!);
        if (definition!.Ownership == Ownership.User) fresh.Preset(SystemAttributes.OwnerId, await Records.NamedAsync(caller.User, gone.Token));
        if (!QueryHelpers.ParseQuery(new Uri(Nav.Uri).Query).TryGetValue("p", out var presets)) return fresh;
        foreach (var preset in presets.Select(text => (text ?? "").Split('~', 3)).Where(parts => parts.Length >= 2))
        {
            if (definition.Find(preset[0]) is { Lookup: not null } && LookupText.Parse(preset[1]) is { } reference)
                fresh.Preset(preset[0], reference with { Name = preset.ElementAtOrDefault(2) });
        }

        return fresh;
    }

    private Task RunCommandAsync(CommandEventArgs command)
    {
        switch (command.Name)
        {
            case "save" when mayWrite: return SaveAsync(Afterwards.Stay);
            case "save-close" when mayWrite: return SaveAsync(Afterwards.Close);
            case "save-new" when mayWrite: return SaveAsync(Afterwards.New);
            case "new" when mayCreate:
                Nav.NavigateTo($"{ListAddress}/new");
                break;
        }

        return Task.CompletedTask;
    }

    private async Task SaveAsync(Afterwards afterwards)
    {
        if (saving || form is null || definition is null) return;
        (failure, merged, dialog) = (null, null, Dialog.None);
        form.ClearErrors();
        if (!FieldRules.Check(form, FormLayout.FieldsOf(definition, layout!), Ui))
        {
            await JumpAsync(form.Errors.Keys.First());
            return;
        }

        saving = true;
        try
        {
            var outcome = form.IsDirty || form.IsNew
                ? await new FormSave(Records).SendAsync(form, Columns, gone.Token)
                : new SaveOutcome(form.Original.Id);
            if (outcome.Conflict is not null) (conflict, afterConflict, dialog) = (outcome.Conflict, afterwards, Dialog.Conflict);
            else await GoOnAsync(afterwards, outcome);
        }
        catch (PlatformException refused) when (refused.Kind == ErrorKind.NotFound && refused.Attribute is null && !form.IsNew)
        {
            dialog = Dialog.Gone;
        }
        catch (PlatformException refused)
        {
            await ShowAsync(refused);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was left.
        }
        finally
        {
            saving = false;
        }
    }

    private async Task GoOnAsync(Afterwards afterwards, SaveOutcome saved)
    {
        var wasNew = form!.IsNew;
        if (saved.Merged is { } merge)
            merged = Ui["record.merged", merge.Stored.Get<EntityReference>(SystemAttributes.ModifiedBy)?.Name ?? Ui["conflict.someone"], string.Join(", ", merge.TheirFields.Select(field => Ui[field.Title]))];
        Notices.Show("success", Ui["record.saved", Title]);
        leaving = true;
        switch (afterwards)
        {
            case Afterwards.Close:
                ToList();
                break;
            case Afterwards.New when wasNew:
                leaving = false;
                await LoadAsync();
                break;
            case Afterwards.New:
                Nav.NavigateTo($"{ListAddress}/new");
                break;
            case Afterwards.Leave when leavingTo is { } target:
                Nav.NavigateTo(target);
                break;
            case Afterwards.Stay when wasNew:
                Nav.NavigateTo($"{ListAddress}/{saved.Id:D}", replace: true);
                break;
            default:
                leaving = false;
                break;
        }
    }

    private Task ResolveAsync(IReadOnlyDictionary<string, ConflictChoice> choices)
    {
        conflict!.Apply(form!, choices);
        return SaveAsync(afterConflict);
    }

    private async Task DeleteAsync()
    {
        saving = true;
        dialog = Dialog.None;
        try
        {
            await Records.DeleteAsync(form!.Original.ToReference(), form.Original.Version, gone.Token);
            Notices.Show("success", Ui["delete.done.one", Title]);
            ToList();
        }
        catch (PlatformException refused)
        {
            failure = Words(refused);
        }
        finally
        {
            saving = false;
        }
    }

    /// <summary>The record was deleted while it was edited: it comes back under its own id, with the user's values.</summary>
    private async Task CreateAgainAsync()
    {
        saving = true;
        dialog = Dialog.None;
        try
        {
            var again = new EntityRecord(Entity, form!.Original.Id);
            // The content of its files went with the record.
            foreach (var attribute in FormLayout.FieldsOf(definition!, layout!).Where(attribute => FieldRules.IsEditable(attribute) && (!attribute.IsFile || form.IsChanged(attribute.LogicalName))))
            {
                if (form[attribute.LogicalName] is { } value) again[attribute.LogicalName] = value;
            }

            await Records.CreateAsync(again, gone.Token);
            form = FormState.ForExisting(definition!, await ReadAsync(again.Id));
            Notices.Show("success", Ui["record.saved", Title]);
        }
        catch (PlatformException refused)
        {
            await ShowAsync(refused);
        }
        finally
        {
            saving = false;
        }
    }

    /// <summary>A refusal appears at its field where it names one that the form shows, else above the form.</summary>
    private async Task ShowAsync(PlatformException refused)
    {
        var field = FormLayout.FieldsOf(definition!, layout!).FirstOrDefault(attribute => attribute.LogicalName == refused.Attribute);
        if (field is null)
        {
            failure = Words(refused);
            return;
        }

        form!.Fail(field.LogicalName, Words(refused));
        await JumpAsync(field.LogicalName);
    }

    private string Words(PlatformException refused) => new ErrorText(Ui, Records.Metadata).Of(refused, definition);

    private bool HasError(FormTab tab) => tab.Sections.SelectMany(section => section.Fields).Any(form!.Errors.ContainsKey);

    private async Task JumpAsync(string attribute)
    {
        if (layout!.Tabs.FirstOrDefault(tab => tab.Sections.Any(section => section.Fields.Contains(attribute))) is { } tab) tabName = tab.Name;
        StateHasChanged();
        await Js.InvokeVoidAsync("studio.focus", gone.Token, AkField.IdOf(attribute));
    }

    private Task GuardAsync(LocationChangingContext change)
    {
        if (form is not { IsDirty: true } || leaving) return Task.CompletedTask;
        change.PreventNavigation();
        leavingTo = change.TargetLocation;
        dialog = Dialog.Leave;
        return InvokeAsync(StateHasChanged);
    }

    private void Leave()
    {
        leaving = true;
        Nav.NavigateTo(leavingTo!);
    }

    private void ToList()
    {
        leaving = true;
        Nav.NavigateTo(ListAddress);
    }

    private void CloseDialog() => dialog = Dialog.None;
}
