using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Platform.Engine.Metadata;
using Platform.OData.Metadata.Model;

namespace Platform.OData.Model;

/// <summary>Says a metadata version in OData's words: what <c>$metadata</c> shows and what the URL parser checks names and types against.</summary>
internal static class EdmModelBuilder
{
    public const string Namespace = "Microsoft.Dynamics.CRM";

    private const string Alias = "mscrm";
    private static readonly object Key = new();

    /// <summary>The model of a metadata version; built on first use, its types as they are asked for.</summary>
    public static IEdmModel Of(MetadataSnapshot metadata) => metadata.Once(Key, Build).Model;

    /// <summary>The same model with all types complete, to be written as a whole.</summary>
    public static IEdmModel CompleteOf(MetadataSnapshot metadata)
    {
        var built = metadata.Once(Key, Build);
        built.Types.Complete();
        return built.Model;
    }

    private static BuiltModel Build(MetadataSnapshot metadata)
    {
        var model = new EdmModel();
        model.SetEdmVersion(EdmConstants.EdmVersion4);
        model.SetNamespaceAlias(Namespace, Alias);
        var container = new EdmEntityContainer(Namespace, "System");
        var baseType = new EdmEntityType(Namespace, "crmbaseentity", null, isAbstract: true, isOpen: false);
        model.AddElement(baseType);

        var types = new EntityEdmTypes(metadata, model, container, baseType);
        AddWhoAmI(model, container);
        AddAutoNumberActions(model, container);
        new RowOperationModel(model, container, baseType).AddTo();
        new SharingModel(model, container, baseType).AddTo();
        new CustomApiModel(metadata, model, container, baseType).AddTo();
        MetadataModel.AddTo(model, container);
        model.AddElement(container);
        return new BuiltModel(model, types);
    }

    /// <summary>Type of an attribute as a property.</summary>
    public static IEdmTypeReference PropertyType(AttributeDefinition attribute, bool nullable) => attribute.Kind switch
    {
        AttributeKind.String or AttributeKind.Memo =>
            EdmCoreModel.Instance.GetString(isUnbounded: false, attribute.MaxLength, isUnicode: true, nullable),
        AttributeKind.Decimal or AttributeKind.Money =>
            EdmCoreModel.Instance.GetDecimal(precision: null, attribute.StoredScale, nullable),
        AttributeKind.DateTime => EdmCoreModel.Instance.GetTemporal(EdmPrimitiveTypeKind.DateTimeOffset, nullable),
        AttributeKind.GeoPoint => EdmCoreModel.Instance.GetSpatial(EdmPrimitiveTypeKind.GeographyPoint, nullable),
        _ => EdmCoreModel.Instance.GetPrimitive(PrimitiveKind(attribute.Kind), nullable),
    };

    /// <summary>The OData type of a kind of attribute.</summary>
    public static EdmPrimitiveTypeKind PrimitiveKind(AttributeKind kind) => kind switch
    {
        AttributeKind.String or AttributeKind.Memo or AttributeKind.MultiChoice => EdmPrimitiveTypeKind.String,
        AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => EdmPrimitiveTypeKind.Int32,
        AttributeKind.BigInt => EdmPrimitiveTypeKind.Int64,
        AttributeKind.Decimal or AttributeKind.Money => EdmPrimitiveTypeKind.Decimal,
        AttributeKind.Double => EdmPrimitiveTypeKind.Double,
        AttributeKind.Boolean => EdmPrimitiveTypeKind.Boolean,
        AttributeKind.DateTime => EdmPrimitiveTypeKind.DateTimeOffset,
        AttributeKind.DateOnly => EdmPrimitiveTypeKind.Date,
        AttributeKind.GeoPoint => EdmPrimitiveTypeKind.GeographyPoint,
        AttributeKind.Image => EdmPrimitiveTypeKind.Binary,
        AttributeKind.Lookup or AttributeKind.UniqueIdentifier or AttributeKind.File => EdmPrimitiveTypeKind.Guid,
        _ => throw new InvalidOperationException($"Attribute kind {kind} has no OData type."),
    };

    private static void AddWhoAmI(EdmModel model, EdmEntityContainer container)
    {
        var answer = new EdmComplexType(Namespace, "WhoAmIResponse");
        answer.AddStructuralProperty("BusinessUnitId", EdmPrimitiveTypeKind.Guid, isNullable: false);
        answer.AddStructuralProperty("UserId", EdmPrimitiveTypeKind.Guid, isNullable: false);
        answer.AddStructuralProperty("OrganizationId", EdmPrimitiveTypeKind.Guid, isNullable: false);
        var function = new EdmFunction(Namespace, "WhoAmI", new EdmComplexTypeReference(answer, isNullable: false));
        model.AddElement(answer);
        model.AddElement(function);
        container.AddFunctionImport("WhoAmI", function);
    }

    private static void AddAutoNumberActions(EdmModel model, EdmEntityContainer container)
    {
        var answer = new EdmComplexType(Namespace, "GetNextAutoNumberValueResponse");
        answer.AddStructuralProperty("NextAutoNumberValue", EdmPrimitiveTypeKind.Int64, isNullable: false);
        model.AddElement(answer);
        var next = Action("GetNextAutoNumberValue", new EdmComplexTypeReference(answer, isNullable: false));
        var set = Action("SetAutoNumberSeed", null);
        set.AddParameter("Value", EdmCoreModel.Instance.GetInt64(isNullable: false));

        EdmAction Action(string name, IEdmTypeReference? result)
        {
            var action = new EdmAction(Namespace, name, result);
            foreach (var parameter in (string[])["EntityName", "AttributeName"]) action.AddParameter(parameter, EdmCoreModel.Instance.GetString(isNullable: false));
            model.AddElement(action);
            container.AddActionImport(name, action);
            return action;
        }
    }

    private sealed record BuiltModel(EdmModel Model, EntityEdmTypes Types);
}
