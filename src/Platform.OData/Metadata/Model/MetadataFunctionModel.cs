using Microsoft.OData.Edm;
using Platform.OData.Metadata.Types;
using Platform.OData.Model;

namespace Platform.OData.Metadata.Model;

/// <summary>
/// Dataverse's functions about metadata. They answer with definitions as values: each entity type has a complex twin
/// (<c>ComplexEntityMetadata</c>) in which what <c>$expand</c> would ask for are properties like any other.
/// </summary>
/// <param name="typeOf">The model's reference to a .NET type, nullable or not.</param>
internal sealed class MetadataFunctionModel(EdmModel model, EdmEntityContainer container, Func<Type, bool, IEdmTypeReference> typeOf)
{
    /// <summary>Begin of the names of the twins.</summary>
    public const string Twin = "Complex";

    private readonly Dictionary<Type, EdmComplexType> twins = [];

    public void Add()
    {
        AddTwins();
        var text = EdmCoreModel.Instance.GetString(isNullable: true);
        var flag = EdmCoreModel.Instance.GetBoolean(isNullable: true);
        var id = EdmCoreModel.Instance.GetGuid(isNullable: true);
        var entity = new EdmComplexTypeReference(twins[typeof(EntityMetadata)], isNullable: true);
        var entities = EdmCoreModel.GetCollection(new EdmComplexTypeReference(twins[typeof(EntityMetadata)], isNullable: false));

        Add("RetrieveMetadataChanges",
            [("EntityMetadata", entities), ("DeletedMetadata", typeOf(typeof(DeletedMetadataCollection), true)), ("ServerVersionStamp", text)],
            [
                ("Query", typeOf(typeof(EntityQueryExpression), true)), ("DeletedMetadataFilters", typeOf(typeof(DeletedMetadataFilters), true)),
                ("ClientVersionStamp", text), ("AppModuleId", id), ("RetrieveAllSettings", flag),
            ]);
        Add("RetrieveEntity",
            [("EntityMetadata", entity)],
            [("EntityFilters", typeOf(typeof(EntityFilters), true)), ("LogicalName", text), ("MetadataId", id), ("RetrieveAsIfPublished", flag)]);
        Add("RetrieveAllEntities",
            [("EntityMetadata", entities), ("Timestamp", text)],
            [("EntityFilters", typeOf(typeof(EntityFilters), true)), ("RetrieveAsIfPublished", flag)]);
        Add("RetrieveTimestamp", [("Timestamp", text)], []);
    }

    private void Add(string name, (string Name, IEdmTypeReference Type)[] answer, (string Name, IEdmTypeReference Type)[] parameters)
    {
        var answerType = new EdmComplexType(EdmModelBuilder.Namespace, $"{name}Response");
        foreach (var property in answer) answerType.AddStructuralProperty(property.Name, property.Type);
        var function = new EdmFunction(EdmModelBuilder.Namespace, name, new EdmComplexTypeReference(answerType, isNullable: false));
        foreach (var (parameter, type) in parameters) function.AddOptionalParameter(parameter, type);
        model.AddElement(answerType);
        model.AddElement(function);
        container.AddFunctionImport(name, function);
    }

    private void AddTwins()
    {
        var entities = MetadataType.All.Where(type => type.IsDefinition).ToList();
        foreach (var type in entities)
        {
            var parent = type.Base is null ? null : twins[type.Base.Clr];
            model.AddElement(twins[type.Clr] = new EdmComplexType(EdmModelBuilder.Namespace, Twin + type.Name, parent, type.Clr.IsAbstract, isOpen: false));
        }
        foreach (var type in entities)
            foreach (var property in type.Declared)
            {
                var item = twins.TryGetValue(property.ItemType, out var twin) ? new EdmComplexTypeReference(twin, isNullable: true) : typeOf(property.ItemType, true);
                twins[type.Clr].AddStructuralProperty(property.Name, property.IsCollection ? EdmCoreModel.GetCollection(item) : item);
            }
    }
}
