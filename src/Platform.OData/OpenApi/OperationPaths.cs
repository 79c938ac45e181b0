using Microsoft.OData.Edm;
using Microsoft.OpenApi;

namespace Platform.OData.OpenApi;

/// <summary>The actions and functions that belong to no row, as paths of OpenAPI.</summary>
internal sealed class OperationPaths(OpenApiDocument document)
{
    private const string Tag = "operations";

    public void Add(IEdmModel model)
    {
        foreach (var import in model.EntityContainer.OperationImports().DistinctBy(import => import.Name).OrderBy(import => import.Name, StringComparer.Ordinal))
        {
            if (import.Operation.IsAction()) AddAction(import);
            else AddFunction(import);
        }
    }

    private void AddAction(IEdmOperationImport import)
    {
        var parameters = import.Operation.Parameters.ToDictionary(parameter => parameter.Name, parameter => (IOpenApiSchema)Schema(parameter.Type));
        var operation = Operation(import);
        if (parameters.Count > 0) operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = parameters } } } };
        document.Paths.Add($"/{import.Name}", new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = operation } });
    }

    /// <summary>Parameters of functions are aliases, whose values stand in the query.</summary>
    private void AddFunction(IEdmOperationImport import)
    {
        var operation = Operation(import);
        operation.Parameters = [.. import.Operation.Parameters.Select(IOpenApiParameter (parameter) => new OpenApiParameter { Name = $"@{parameter.Name}", In = ParameterLocation.Query, Required = parameter is not IEdmOptionalParameter, Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = parameter.Type.FullName() } })];
        var aliases = string.Join(',', import.Operation.Parameters.Select(parameter => $"{parameter.Name}=@{parameter.Name}"));
        document.Paths.Add($"/{import.Name}({aliases})", new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = operation } });
    }

    private OpenApiOperation Operation(IEdmOperationImport import) => new()
    {
        OperationId = import.Name,
        Summary = import.Name,
        Tags = new HashSet<OpenApiTagReference> { new(Tag, document) },
        Responses = new OpenApiResponses
        {
            [import.Operation.ReturnType is null ? "204" : "200"] = import.Operation.ReturnType is { } answer
                ? new OpenApiResponse { Description = "The answer.", Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = answer.FullName() } } } }
                : new OpenApiResponse { Description = "Done." },
            ["default"] = new OpenApiResponseReference("error", document),
        },
    };

    private static OpenApiSchema Schema(IEdmTypeReference type) => type.TypeKind() switch
    {
        EdmTypeKind.Collection => new() { Type = JsonSchemaType.Array, Items = Schema(type.AsCollection().ElementType()) },
        EdmTypeKind.Primitive => Primitive(type.PrimitiveKind()),
        EdmTypeKind.Enum => new() { Type = JsonSchemaType.String },
        _ => new() { Type = JsonSchemaType.Object, Description = type.FullName() },
    };

    private static OpenApiSchema Primitive(EdmPrimitiveTypeKind kind) => kind switch
    {
        EdmPrimitiveTypeKind.Boolean => new() { Type = JsonSchemaType.Boolean },
        EdmPrimitiveTypeKind.Int32 or EdmPrimitiveTypeKind.Int64 => new() { Type = JsonSchemaType.Integer },
        EdmPrimitiveTypeKind.Decimal or EdmPrimitiveTypeKind.Double => new() { Type = JsonSchemaType.Number },
        EdmPrimitiveTypeKind.Guid => new() { Type = JsonSchemaType.String, Format = "uuid" },
        _ => new() { Type = JsonSchemaType.String },
    };
}
