using Microsoft.OData.Edm;
using Microsoft.OpenApi;
using Platform.Engine.Metadata;

namespace Platform.OData.OpenApi;

/// <summary>The actions and functions that belong to no row, and the custom APIs of packs, as paths of OpenAPI.</summary>
/// <param name="language">Two letters; that of titles.</param>
internal sealed class OperationPaths(OpenApiDocument document, MetadataSnapshot metadata, string language)
{
    private const string Tag = "operations";

    public void Add(IEdmModel model)
    {
        foreach (var import in model.EntityContainer.OperationImports().DistinctBy(import => import.Name).OrderBy(import => import.Name, StringComparer.Ordinal))
            Add(import.Operation, "", Tag, [.. import.Operation.Parameters]);
        foreach (var api in metadata.Apis.Where(api => api is { IsPrivate: false, BoundEntity: not null }))
        {
            var operation = model.SchemaElements.OfType<IEdmOperation>().First(known => known.Name == api.Name);
            var set = metadata.Entity(api.BoundEntity!).EntitySetName;
            // The first one is what it is bound to.
            Add(operation, $"/{set}{(api.Binding == ApiBinding.Entity ? "({id})" : "")}", api.BoundEntity!, [.. operation.Parameters.Skip(1)]);
        }
    }

    /// <param name="owner">Path of what the operation is bound to; empty for none.</param>
    private void Add(IEdmOperation edm, string owner, string tag, List<IEdmOperationParameter> parameters)
    {
        var operation = Operation(edm, tag);
        var name = owner.Length == 0 ? edm.Name : edm.FullName();
        if (owner.EndsWith(')')) operation.Parameters = [new OpenApiParameterReference("id", document)];
        if (edm.IsAction()) AddAction(operation, $"{owner}/{name}", parameters);
        else AddFunction(operation, $"{owner}/{name}", parameters);
    }

    private void AddAction(OpenApiOperation operation, string path, List<IEdmOperationParameter> given)
    {
        var parameters = given.ToDictionary(parameter => parameter.Name, parameter => (IOpenApiSchema)Schema(parameter.Type));
        if (parameters.Count > 0) operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = parameters } } } };
        document.Paths.Add(path, new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = operation } });
    }

    /// <summary>Parameters of functions are aliases, whose values stand in the query.</summary>
    private void AddFunction(OpenApiOperation operation, string path, List<IEdmOperationParameter> parameters)
    {
        operation.Parameters = [.. operation.Parameters ?? [], .. parameters.Select(IOpenApiParameter (parameter) => new OpenApiParameter { Name = $"@{parameter.Name}", In = ParameterLocation.Query, Required = parameter is not IEdmOptionalParameter, Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = parameter.Type.FullName() } })];
        var aliases = string.Join(',', parameters.Select(parameter => $"{parameter.Name}=@{parameter.Name}"));
        document.Paths.Add($"{path}({aliases})", new OpenApiPathItem { Operations = new() { [HttpMethod.Get] = operation } });
    }

    private OpenApiOperation Operation(IEdmOperation operation, string tag) => new()
    {
        OperationId = operation.Name,
        Summary = metadata.FindApi(operation.Name)?.Title.For(language) ?? operation.Name,
        Description = metadata.FindApi(operation.Name)?.Description?.For(language),
        Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
        Responses = new OpenApiResponses
        {
            [operation.GetReturn() is null ? "204" : "200"] = operation.GetReturn() is { Type: var answer }
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
