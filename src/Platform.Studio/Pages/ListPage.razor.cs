using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using Platform.Engine.Queries;
using Platform.Studio.Components;
using Platform.Studio.Lists;
using Platform.Studio.Records;
using Platform.Studio.Text;

namespace Platform.Studio.Pages;

/// <summary>Rows of an entity. The address holds all that is shown; every change of it is a navigation.</summary>
public sealed partial class ListPage
{
    private readonly CancellationTokenSource gone = new();
    private readonly Dictionary<string, EntityReference> filterRecords = [];
    private EntityDefinition? entity;
    private ViewDefinition? view;
    private ListRequest request = new();
    private ImmutableArray<(AttributeDefinition Attribute, int Width)> columns = [];
    private IReadOnlyList<OrderBy> orders = [];
    private ValueFormat? format;
    private List<EntityRecord>? records;
    private PageToken? next;
    private long? total;
    private HashSet<Guid> selected = [];
    private AttributeDefinition? filtering;
    private string? failure;
    private bool loading, confirming, mayCreate, mayDelete;
    private int asked;

    [Parameter] public string App { get; set; } = "";

    [Parameter] public string Entity { get; set; } = "";

    private string EmptyTitle => Ui[request.Narrows ? "list.empty.filtered" : "list.empty", Ui[entity!.CollectionTitle]];

    private string EmptyText => Ui[request.Narrows ? "list.empty.filtered.text" : mayCreate ? "list.empty.text" : "list.empty.readonly"];

    private string FootText => records is null ? "" : total is { } all && all > records.Count
        ? Ui["list.some", Ui.Count(records.Count), Ui.Count(all)]
        : Ui["list.all", Ui.Count(records.Count)];

    protected override void OnInitialized() => Nav.LocationChanged += Follow;

    protected override Task OnParametersSetAsync() => ShowRequestedAsync();

    public void Dispose()
    {
        Nav.LocationChanged -= Follow;
        gone.Cancel();
        gone.Dispose();
    }

    /// <summary>A change of the query alone sets no parameter of the page.</summary>
    private void Follow(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath != $"/a/{App}/t/{Entity}") return;
        _ = InvokeAsync(async () =>
        {
            await ShowRequestedAsync();
            StateHasChanged();
        });
    }

    private async Task ShowRequestedAsync()
    {
        var asRequested = ListRequest.Parse(new Uri(Nav.Uri).Query);
        var sameEntity = entity is not null && entity == Records.Metadata.Find(Entity);
        if (sameEntity && records is not null && asRequested with { Pages = 1 } == request with { Pages = 1 })
        {
            request = asRequested; // Only the number of loaded pages: those rows are here already.
            return;
        }

        if (!sameEntity) records = null;
        request = asRequested;
        if (!RendererInfo.IsInteractive) return;
        var load = LoadAsync(keepRows: false);
        StateHasChanged();
        await load;
    }

    private async Task LoadAsync(bool keepRows)
    {
        var question = ++asked;
        loading = true;
        failure = null;
        if (!keepRows) selected = [];
        try
        {
            var caller = await CallerSource.GetAsync(gone.Token);
            var metadata = Records.Metadata;
            entity = metadata.Entity(Entity);
            view = ListQuery.ViewOf(entity, request.View);
            columns = ListQuery.ColumnsOf(entity, view);
            format = new ValueFormat(Ui, caller.TimeZone, await Records.CurrenciesAsync(entity, gone.Token));
            var access = new RecordAccess(metadata, caller);
            (mayCreate, mayDelete) = (access.May(Privilege.Create, entity), access.May(Privilege.Delete, entity));
            var query = new ListQuery(metadata, Parser, caller.TimeZone).Build(entity, request);
            orders = query.Orders;
            await NameFiltersAsync();
            var page = await Records.ListAsync(query, gone.Token);
            if (question != asked) return;
            Take(page, []);
            if (!keepRows) await Js.InvokeVoidAsync("studio.toTop", gone.Token);
        }
        catch (PlatformException refused)
        {
            failure = new ErrorText(Ui, Records.Metadata).Of(refused, entity);
            records ??= [];
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was left.
        }
        finally
        {
            if (question == asked) loading = false;
        }
    }

    private void Take(RowPage page, IReadOnlyList<EntityRecord> before)
    {
        records = [.. before, .. page.Records];
        next = page.Next;
        total = page.Total ?? total;
        selected.IntersectWith(records.Select(record => record.Id));
    }

    private async Task MoreAsync()
    {
        if (loading || next is null || records is null || entity is null) return;
        var question = asked;
        loading = true;
        try
        {
            var caller = await CallerSource.GetAsync(gone.Token);
            var query = new ListQuery(Records.Metadata, Parser, caller.TimeZone).Build(entity, request with { Pages = 1 });
            var page = await Records.ListAsync(query with { After = next, CountTotal = false }, gone.Token);
            if (question != asked) return;
            Take(page, records);
            Show(request with { Pages = request.Pages + 1 });
        }
        catch (PlatformException refused)
        {
            failure = new ErrorText(Ui, Records.Metadata).Of(refused, entity);
            next = null;
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The page was left.
        }
        finally
        {
            if (question == asked) loading = false;
        }
    }

    private string AddressOf(ListRequest shown) => $"/a/{App}/t/{Entity}{shown.ToQueryString()}";

    private void Show(ListRequest shown) => Nav.NavigateTo(AddressOf(shown), replace: true);

    private void Sort((AttributeDefinition Attribute, bool Add) header) => Show(request.SortedBy(header.Attribute.LogicalName, header.Add));

    private void Find(TextEventArgs typed)
    {
        if (typed.Value.Trim() != request.Search) Show(request with { Search = typed.Value.Trim(), Pages = 1 });
    }

    private void Filter(ColumnFilter? filter)
    {
        var attribute = filtering!.LogicalName;
        filtering = null;
        Show(filter is not null
            ? request.FilteredBy(filter)
            : request with { Filters = [.. request.Filters.Where(other => other.Attribute != attribute)], Pages = 1 });
    }

    private void RunCommand(CommandEventArgs command)
    {
        if (command.Name == "new" && mayCreate) Nav.NavigateTo($"/a/{App}/t/{Entity}/new");
    }

    private async Task DeleteAsync()
    {
        loading = true;
        var deleted = 0;
        string? refusal = null;
        foreach (var id in selected)
        {
            try
            {
                await Records.DeleteAsync(new EntityReference(Entity, id), version: null, gone.Token);
                deleted++;
            }
            catch (PlatformException refused)
            {
                refusal ??= new ErrorText(Ui, Records.Metadata).Of(refused, entity);
            }
        }

        var left = selected.Count - deleted;
        confirming = false;
        if (deleted > 0) Notices.Show("success", Ui["delete.done", Ui.Count(deleted)]);
        if (refusal is not null) Notices.Show("error", Ui["delete.failed", Ui.Count(left), refusal]);
        await LoadAsync(keepRows: true);
    }

    /// <summary>Reads the names of the records that filters point to, for their chips.</summary>
    private async Task NameFiltersAsync()
    {
        foreach (var filter in request.Filters)
        {
            if (entity!.Find(filter.Attribute) is not { Lookup: not null } || LookupText.Parse(filter.Value) is not { } reference || filterRecords.ContainsKey(filter.Value)) continue;
            filterRecords[filter.Value] = await Records.NamedAsync(reference, gone.Token);
        }
    }

    private EntityReference? ReferenceOf(AttributeDefinition attribute) =>
        request.Filters.FirstOrDefault(filter => filter.Attribute == attribute.LogicalName) is { } filter ? filterRecords.GetValueOrDefault(filter.Value) : null;

    private string FilterText(ColumnFilter filter)
    {
        var attribute = entity!.Attribute(filter.Attribute);
        var value = attribute.Kind switch
        {
            AttributeKind.Lookup => filterRecords.GetValueOrDefault(filter.Value)?.Name ?? Ui["value.unnamed"],
            AttributeKind.DateTime => DateOnly.TryParse(filter.Value, System.Globalization.CultureInfo.InvariantCulture, out var day) ? day.ToString("d", Ui.Culture) : filter.Value,
            _ => ListQuery.ValueOf(attribute, filter.Value) is { } typed ? format!.Of(attribute, typed) : filter.Value,
        };
        return $"{Ui[attribute.Title]} {AkFilterPanel.OperatorText(Ui, attribute, filter.Operator)} {(filter.TakesValue ? value : "")}".TrimEnd();
    }
}
