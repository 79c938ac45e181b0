using Microsoft.OData.Edm;
using Platform.Engine.Metadata;
using Platform.OData.Apis;

namespace Platform.OData.Model;

/// <summary>The custom APIs of packs, as <c>$metadata</c> lists them: private ones are left out.</summary>
internal sealed class CustomApiModel(MetadataSnapshot metadata, EdmModel model, EdmEntityContainer container, EdmEntityType baseType)
{
    private const string Space = EdmModelBuilder.Namespace;

    /// <summary>Dataverse's names of the parameter that an operation is bound to.</summary>
    private const string BoundRow = "entity", BoundRows = "entityset";

    public void AddTo()
    {
        foreach (var api in metadata.Apis.Where(api => !api.IsPrivate)) Add(api);
    }

    private void Add(CustomApiDefinition api)
    {
        var isBound = api.Binding != ApiBinding.Global;
        var result = Result(api);
        EdmOperation operation = api.IsFunction ? new EdmFunction(Space, api.Name, result, isBound, null, isComposable: false) : new EdmAction(Space, api.Name, result, isBound, null);
        if (api.Binding == ApiBinding.Entity) operation.AddParameter(BoundRow, Row(api.BoundEntity, isNullable: false));
        if (api.Binding == ApiBinding.EntityCollection) operation.AddParameter(BoundRows, Many(Row(api.BoundEntity, isNullable: false)));
        // OData wants those that may be left out at the end.
        foreach (var parameter in api.RequestParameters.OrderBy(parameter => parameter.IsOptional))
        {
            var type = Type(parameter, parameter.IsOptional);
            if (parameter.IsOptional) operation.AddOptionalParameter(parameter.Name, type);
            else operation.AddParameter(parameter.Name, type);
        }
        model.AddElement(operation);
        if (isBound) return;
        if (operation is EdmFunction function) container.AddFunctionImport(api.Name, function);
        else container.AddActionImport(api.Name, (EdmAction)operation);
    }

    private IEdmTypeReference? Result(CustomApiDefinition api)
    {
        if (api.ResponseProperties.IsEmpty) return null;
        if (api.Whole is { } whole) return Type(whole, isNullable: false);
        var answer = new EdmComplexType(Space, $"{api.Name}Response");
        foreach (var property in api.ResponseProperties)
        {
            if (property.IsAboutRows) answer.AddUnidirectionalNavigation(Navigation(property));
            else answer.AddStructuralProperty(property.Name, Type(property, isNullable: true));
        }
        model.AddElement(answer);
        return new EdmComplexTypeReference(answer, isNullable: false);
    }

    // Of entity types complex types have no properties, only navigation properties.
    private EdmNavigationPropertyInfo Navigation(ApiParameter property) => new()
    {
        Name = property.Name,
        Target = Entity(property.Entity),
        TargetMultiplicity = property.Kind == ApiValueKind.EntityCollection ? EdmMultiplicity.Many : EdmMultiplicity.ZeroOrOne,
    };

    private IEdmTypeReference Type(ApiParameter parameter, bool isNullable) => parameter.Kind switch
    {
        ApiValueKind.EntityReference or ApiValueKind.Entity => Row(parameter.Entity, isNullable),
        ApiValueKind.EntityCollection => Many(Row(parameter.Entity, isNullable: false)),
        ApiValueKind.StringArray => Many(EdmCoreModel.Instance.GetString(isNullable: false)),
        var kind when ApiTypes.Primitive(kind) == EdmPrimitiveTypeKind.Decimal => EdmCoreModel.Instance.GetDecimal(precision: null, scale: 10, isNullable),
        var kind when ApiTypes.Primitive(kind) == EdmPrimitiveTypeKind.DateTimeOffset => EdmCoreModel.Instance.GetTemporal(EdmPrimitiveTypeKind.DateTimeOffset, isNullable),
        var kind => EdmCoreModel.Instance.GetPrimitive(ApiTypes.Primitive(kind), isNullable),
    };

    private EdmEntityTypeReference Row(string? entity, bool isNullable) => new(Entity(entity), isNullable);

    private IEdmEntityType Entity(string? entity) => entity is null ? baseType : (IEdmEntityType)model.FindDeclaredType($"{Space}.{entity}");

    private static EdmCollectionTypeReference Many(IEdmTypeReference item) => new(new EdmCollectionType(item));
}
