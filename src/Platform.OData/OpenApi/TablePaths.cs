using Microsoft.OpenApi;
using Platform.Engine.Metadata;

namespace Platform.OData.OpenApi;

/// <summary>What can be asked of a table, as paths of OpenAPI.</summary>
/// <param name="language">Two letters; that of titles.</param>
internal sealed class TablePaths(OpenApiDocument document, string language)
{
    /// <summary>Query options of lists, by their names among the shared parameters.</summary>
    private static readonly (string Key, string Name, JsonSchemaType Type, string Description)[] Options =
    [
        ("select", "$select", JsonSchemaType.String, "Columns, separated by commas."),
        ("filter", "$filter", JsonSchemaType.String, "Condition: name eq 'Contoso' and revenue gt 1000"),
        ("orderby", "$orderby", JsonSchemaType.String, "Order: name desc,createdon"),
        ("expand", "$expand", JsonSchemaType.String, "Rows that come along: primarycontactid($select=fullname)"),
        ("top", "$top", JsonSchemaType.Integer, "Most rows."),
        ("skip", "$skip", JsonSchemaType.Integer, "Rows left out at the beginning."),
        ("count", "$count", JsonSchemaType.Boolean, "Also count all rows that match."),
        ("search", "$search", JsonSchemaType.String, "Words that rows contain."),
        ("apply", "$apply", JsonSchemaType.String, "Groups: groupby((statecode),aggregate($count as n))"),
        ("savedQuery", "savedQuery", JsonSchemaType.String, "Id of a view, whose columns, condition and order hold."),
    ];

    private static readonly string[] OfLists = ["select", "filter", "orderby", "expand", "top", "skip", "count", "search", "apply", "savedQuery", "prefer"];
    private static readonly string[] OfRows = ["id", "select", "expand", "prefer"];
    private static readonly string[] OfNumbers = ["filter", "search", "savedQuery"];

    /// <summary>Parameters that all tables share.</summary>
    public static Dictionary<string, IOpenApiParameter> Parameters()
    {
        var parameters = Options.ToDictionary(option => option.Key, IOpenApiParameter (option) => new OpenApiParameter { Name = option.Name, In = ParameterLocation.Query, Description = option.Description, Schema = new OpenApiSchema { Type = option.Type } });
        parameters["id"] = new OpenApiParameter { Name = "id", In = ParameterLocation.Path, Required = true, Description = "Id of the row, or an alternate key: name='value'.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        parameters["prefer"] = new OpenApiParameter { Name = "Prefer", In = ParameterLocation.Header, Description = "return=representation, odata.maxpagesize=50, odata.include-annotations=\"*\"", Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        parameters["ifmatch"] = new OpenApiParameter { Name = "If-Match", In = ParameterLocation.Header, Description = "Version that the row must have (@odata.etag), or * for any.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        return parameters;
    }

    /// <summary>Adds the paths of a table.</summary>
    public void Add(EntityDefinition entity)
    {
        var set = entity.EntitySetName;
        var list = new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = Operation(entity, "list", OfLists, "200", List(entity)) } };
        var row = new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = Operation(entity, "get", OfRows, "200", Reference(entity.LogicalName)) } };
        if (!entity.EngineOwned)
        {
            list.Operations[HttpMethod.Post] = Operation(entity, "create", ["prefer"], "204", null, writes: true);
            row.Operations[HttpMethod.Patch] = Operation(entity, "update", ["id", "ifmatch", "prefer"], "204", null, writes: true);
            row.Operations[HttpMethod.Delete] = Operation(entity, "delete", ["id", "ifmatch"], "204", null);
        }
        document.Paths.Add($"/{set}", list);
        document.Paths.Add($"/{set}({{id}})", row);
        document.Paths.Add($"/{set}/$count", new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = Number(entity) } });
    }

    private OpenApiOperation Number(EntityDefinition entity)
    {
        var operation = Operation(entity, "count", OfNumbers, "200", null);
        operation.Responses!["200"] = new OpenApiResponse { Description = "The number.", Content = new Dictionary<string, OpenApiMediaType> { ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } } } };
        return operation;
    }

    private OpenApiOperation Operation(EntityDefinition entity, string verb, string[] parameters, string status, IOpenApiSchema? answer, bool writes = false) => new()
    {
        OperationId = $"{verb}_{entity.LogicalName}",
        Summary = $"{char.ToUpperInvariant(verb[0])}{verb[1..]}: {(verb is "list" or "count" ? entity.CollectionTitle : entity.Title).For(language)}",
        Tags = new HashSet<OpenApiTagReference> { new(entity.LogicalName, document) },
        Parameters = [.. parameters.Select(name => new OpenApiParameterReference(name, document))],
        RequestBody = writes ? new OpenApiRequestBody { Required = true, Content = Json(Reference(RowSchemas.WrittenName(entity))) } : null,
        Responses = new OpenApiResponses
        {
            [status] = new OpenApiResponse { Description = status == "204" ? "Done." : "The answer.", Content = answer is null ? null : Json(answer) },
            ["default"] = new OpenApiResponseReference("error", document),
        },
    };

    private OpenApiSchema List(EntityDefinition entity) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["@odata.context"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["@odata.count"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["@odata.nextLink"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["value"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Reference(entity.LogicalName) },
        },
    };

    private OpenApiSchemaReference Reference(string name) => new(name, document);

    private static Dictionary<string, OpenApiMediaType> Json(IOpenApiSchema schema) => new() { ["application/json"] = new OpenApiMediaType { Schema = schema } };
}
