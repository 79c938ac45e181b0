using System.Globalization;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Queries.Explaining;
using Platform.Engine.Sql;

namespace Platform.OData.Writing;

/// <summary>Writes how a query would be answered.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes the members of the object.</summary>
    public static void Write(Utf8JsonWriter json, QueryExplanation explanation)
    {
        WriteStatement(json, "sql", explanation.Rows);
        if (explanation.Count is { } count) WriteStatement(json, "countSql", count);
        json.WriteStartArray("plan");
        foreach (var line in explanation.Plan.Lines) json.WriteStringValue(line);
        json.WriteEndArray();
        json.WriteNumber("estimatedCost", explanation.Plan.Cost);
        if (explanation.Budget > 0) json.WriteNumber("costBudget", explanation.Budget);
        json.WriteBoolean("sorts", explanation.Plan.Sorts);

        json.WriteStartArray("rowFilters");
        foreach (var filter in explanation.Filters)
        {
            json.WriteStartObject();
            json.WriteString("entity", filter.Entity);
            json.WriteString("depth", filter.Depth.ToString());
            json.WriteString("rows", Rows(filter.Depth));
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("steps");
        foreach (var step in explanation.Steps)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteString("pack", step.Pack);
            json.WriteString("stage", step.Stage.ToString());
            json.WriteNumber("rank", step.Rank);
            json.WriteString("script", step.Script);
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("expanded");
        foreach (var entity in explanation.Expanded) json.WriteStringValue(entity);
        json.WriteEndArray();

        json.WriteStartArray("suggestedIndexes");
        foreach (var index in explanation.Indexes)
        {
            json.WriteStartObject();
            json.WriteString("entity", index.Entity);
            json.WriteString("name", index.Name);
            json.WriteStartArray("attributes");
            foreach (var attribute in index.Attributes) json.WriteStringValue(attribute);
            json.WriteEndArray();
            json.WriteString("reason", index.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteStatement(Utf8JsonWriter json, string name, SqlStatement statement)
    {
        json.WriteString(name, statement.Text);
        json.WriteStartArray($"{name}Parameters");
        foreach (var argument in statement.Arguments)
        {
            if (argument is null) json.WriteNullValue();
            else json.WriteStringValue(argument is byte[] bytes ? $"{bytes.Length} bytes" : Convert.ToString(argument, CultureInfo.InvariantCulture));
        }
        json.WriteEndArray();
    }

    private static string Rows(PrivilegeDepth depth) => depth switch
    {
        PrivilegeDepth.Organization => "all",
        PrivilegeDepth.ParentChildBusinessUnits => "of the caller's business unit and those below it, of the caller and the caller's teams, and shared ones",
        PrivilegeDepth.BusinessUnit => "of the caller's business unit, of the caller and the caller's teams, and shared ones",
        PrivilegeDepth.User => "of the caller and the caller's teams, and shared ones",
        _ => "pairs of which both rows may be read",
    };
}
