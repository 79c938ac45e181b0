using Microsoft.OData.Edm;
using Platform.OData.Metadata.Types;
using Platform.OData.Model;

namespace Platform.OData.Metadata.Model;

/// <summary>
/// The metadata types in OData's words. They do not depend on what is deployed: one model serves all queries, and the
/// same types are added to the model of each version, so that <c>$metadata</c> shows them.
/// </summary>
internal sealed class MetadataModel
{
    public const string EntitySet = "EntityDefinitions";
    public const string RelationshipSet = "RelationshipDefinitions";
    public const string OptionSetSet = "GlobalOptionSetDefinitions";
    public const string ViewSet = "savedqueries";

    /// <summary>Entity sets of the metadata API.</summary>
    public static readonly string[] Sets = [EntitySet, RelationshipSet, OptionSetSet, ViewSet];

    private readonly EdmModel model;
    private readonly EdmEntityContainer container;
    private readonly Dictionary<Type, IEdmType> types = [];

    private MetadataModel(EdmModel model, EdmEntityContainer container) => (this.model, this.container) = (model, container);

    /// <summary>The metadata types and nothing else.</summary>
    public static IEdmModel Shared { get; } = Build();

    /// <summary>Adds the types, sets and functions of the metadata API to a model.</summary>
    public static void AddTo(EdmModel model, EdmEntityContainer container)
    {
        var building = new MetadataModel(model, container);
        building.AddTypes();
        building.AddSets();
        new MetadataFunctionModel(model, container, building.TypeOf).Add();
    }

    private static EdmModel Build()
    {
        var model = new EdmModel();
        var container = new EdmEntityContainer(EdmModelBuilder.Namespace, "System");
        AddTo(model, container);
        model.AddElement(container);
        return model;
    }

    private void AddTypes()
    {
        foreach (var type in MetadataType.All) model.AddElement((IEdmSchemaElement)(types[type.Clr] = Declare(type)));
        foreach (var type in MetadataType.All)
        {
            var declared = (EdmStructuredType)types[type.Clr];
            foreach (var property in type.Declared.Where(property => !property.IsNavigation)) AddProperty(declared, property);
            foreach (var property in type.Declared.Where(property => property.IsNavigation)) AddNavigation((EdmEntityType)declared, property);
        }
    }

    private EdmStructuredType Declare(MetadataType type) => type.IsEntity
        ? new EdmEntityType(EdmModelBuilder.Namespace, type.Name, type.Base is null ? null : (IEdmEntityType)types[type.Base.Clr], type.Clr.IsAbstract, isOpen: false)
        : new EdmComplexType(EdmModelBuilder.Namespace, type.Name, type.Base is null ? null : (IEdmComplexType)types[type.Base.Clr], type.Clr.IsAbstract, isOpen: false);

    private void AddProperty(EdmStructuredType owner, MetadataProperty property)
    {
        var item = TypeOf(property.ItemType, nullable: owner is EdmComplexType || !property.IsKey);
        var added = owner.AddStructuralProperty(property.Name, property.IsCollection ? EdmCoreModel.GetCollection(item) : item);
        if (owner is not EdmEntityType entity) return;
        if (property.IsKey) entity.AddKeys(added);
        if (property.IsAlternateKey) model.AddAlternateKeyAnnotation(entity, new Dictionary<string, IEdmProperty> { [property.Name] = added });
    }

    private void AddNavigation(EdmEntityType owner, MetadataProperty property) => owner.AddUnidirectionalNavigation(new EdmNavigationPropertyInfo
    {
        Name = property.Name,
        Target = (IEdmEntityType)types[property.ItemType],
        TargetMultiplicity = property.IsCollection ? EdmMultiplicity.Many : EdmMultiplicity.ZeroOrOne,
        ContainsTarget = property.Navigation!.Contained,
    });

    private IEdmTypeReference TypeOf(Type clr, bool nullable)
    {
        if (types.TryGetValue(clr, out var known)) return Reference(known, nullable);
        if (!clr.IsEnum) return EdmCoreModel.Instance.GetPrimitive(PrimitiveKind(clr), nullable);
        var declared = new NamedNumbers(EdmModelBuilder.Namespace, clr);
        model.AddElement(declared);
        return Reference(types[clr] = declared, nullable);
    }

    private static IEdmTypeReference Reference(IEdmType type, bool nullable) => type switch
    {
        IEdmEnumType choice => new EdmEnumTypeReference(choice, nullable),
        IEdmComplexType complex => new EdmComplexTypeReference(complex, nullable),
        _ => throw new InvalidOperationException($"A property cannot be of the type {type}."),
    };

    private static EdmPrimitiveTypeKind PrimitiveKind(Type clr) => Type.GetTypeCode(clr) switch
    {
        TypeCode.String => EdmPrimitiveTypeKind.String,
        TypeCode.Boolean => EdmPrimitiveTypeKind.Boolean,
        TypeCode.Int32 => EdmPrimitiveTypeKind.Int32,
        TypeCode.Int64 => EdmPrimitiveTypeKind.Int64,
        TypeCode.Decimal => EdmPrimitiveTypeKind.Decimal,
        TypeCode.Double => EdmPrimitiveTypeKind.Double,
        _ when clr == typeof(Guid) => EdmPrimitiveTypeKind.Guid,
        _ when clr == typeof(DateTimeOffset) => EdmPrimitiveTypeKind.DateTimeOffset,
        _ => throw new InvalidOperationException($"{clr} has no OData type."),
    };

    private void AddSets()
    {
        AddSet<SavedQuery>(ViewSet);
        AddSet<RelationshipMetadataBase>(RelationshipSet);
        var choices = AddSet<OptionSetMetadataBase>(OptionSetSet);
        var entities = AddSet<EntityMetadata>(EntitySet);
        foreach (var type in MetadataType.All)
            foreach (var property in type.Declared.Where(property => property.Navigation is { Contained: false }))
            {
                var navigation = (IEdmNavigationProperty)((IEdmStructuredType)types[type.Clr]).FindProperty(property.Name);
                entities.AddNavigationTarget(navigation, choices, new EdmPathExpression($"{nameof(EntityMetadata.Attributes)}/{EdmModelBuilder.Namespace}.{type.Name}/{property.Name}"));
            }
    }

    private EdmEntitySet AddSet<T>(string name) => container.AddEntitySet(name, (IEdmEntityType)types[typeof(T)]);
}
