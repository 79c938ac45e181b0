using System.Text.Json;
using Microsoft.Extensions.Primitives;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.OData.Fetch;
using Platform.OData.Queries;
using Platform.OData.Routing;

namespace Platform.OData.Views;

/// <summary>Views that users keep as rows of their own (<c>userQuery</c>): the text of a row is the query of a list.</summary>
internal sealed class PersonalViews(PlatformEngine engine)
{
    private const string Table = "userquery";

    /// <summary>The plan of a list of rows, whichever way the request names it.</summary>
    /// <param name="queryString">Without <c>$skiptoken</c>.</param>
    /// <exception cref="PlatformException">The text is wrong, or names a view that the caller may not read.</exception>
    public ValueTask<QueryPlan> PlanAsync(in ApiRequest request, EntityDefinition entity, string queryString) =>
        queryString.Contains(QueryOptions.PersonalView, StringComparison.Ordinal) && request.Request.Query.TryGetValue(QueryOptions.PersonalView, out var ids)
            ? PlanAsync(request, entity, ids)
            : ValueTask.FromResult(QueryPlans.Of(request.Metadata).ForUrl(entity, queryString));

    private async ValueTask<QueryPlan> PlanAsync(ApiRequest request, EntityDefinition entity, StringValues ids)
    {
        if (request.Request.Query.Keys.FirstOrDefault(name => (name.StartsWith('$') && name != "$skiptoken") || name == QueryOptions.View) is { } other) throw Errors.BadRequest($"The query option '{other}' does not go with {QueryOptions.PersonalView}.", "Ask by its fetchxml.");
        if (ids is not [{ } text]) throw Errors.BadRequest($"The query option '{QueryOptions.PersonalView}' is given twice.");
        var id = SavedView.IdOf(text, QueryOptions.PersonalView);
        if (request.Metadata.Find(Table) is null) throw Errors.UnknownView(id);
        var row = new TextOf();
        await engine.ExecuteAsync(new Retrieve(new Sdk.EntityReference(Table, id), ["fetchxml"], row), request.Caller, request.Aborted);
        var plan = FetchPlan.Of(request.Metadata, row.Text ?? "");
        return plan.Query.Entity == entity ? plan.AsList : throw Errors.ViewOfOtherTable($"{id:D}", plan.Query.Entity.LogicalName, plan.Query.Entity.EntitySetName);
    }

    /// <summary>Takes the only column of the only row.</summary>
    private sealed class TextOf : IRowSink
    {
        private int ordinal;

        public string? Text { get; private set; }

        public void Start(ResultShape shape) => ordinal = shape.Columns.Single(column => column.Attribute.LogicalName == "fetchxml").Ordinal;

        public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
        {
            if (!row.IsNull(ordinal)) Text = row.GetString(ordinal);
            return ValueTask.CompletedTask;
        }
    }
}
