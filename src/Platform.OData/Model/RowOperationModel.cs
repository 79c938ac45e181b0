using Microsoft.OData.Edm;

namespace Platform.OData.Model;

/// <summary>The actions and functions about rows, as <c>$metadata</c> lists them.</summary>
internal sealed class RowOperationModel(EdmModel model, EdmEntityContainer container, IEdmEntityType baseType)
{
    private const string Space = EdmModelBuilder.Namespace;

    private IEdmTypeReference Row => new EdmEntityTypeReference(baseType, isNullable: false);

    private IEdmTypeReference Rows => Collection(Row);

    private static IEdmTypeReference Text => EdmCoreModel.Instance.GetString(isNullable: false);

    public void AddTo()
    {
        AddBulkActions();
        AddActions();
        AddFunctions();
    }

    private void AddBulkActions()
    {
        Bulk("CreateMultiple", Complex("CreateMultipleResponse", type => type.AddStructuralProperty("Ids", Collection(EdmCoreModel.Instance.GetGuid(isNullable: false)))));
        Bulk("UpdateMultiple", null);
        Bulk("UpsertMultiple", null);
        Bulk("DeleteMultiple", null);

        void Bulk(string name, IEdmTypeReference? result)
        {
            var action = new EdmAction(Space, name, result, isBound: true, entitySetPathExpression: null);
            action.AddParameter("entityset", Rows);
            action.AddParameter("Targets", Rows);
            model.AddElement(action);
        }
    }

    private void AddActions()
    {
        Action("Assign", ("Target", Row), ("Assignee", Row));
        Action("SetState", ("EntityMoniker", Row), ("State", EdmCoreModel.Instance.GetInt32(isNullable: false)), ("Status", EdmCoreModel.Instance.GetInt32(isNullable: true)));
        Action("Merge", ("Target", Row), ("Subordinate", Row), ("UpdateContent", new EdmEntityTypeReference(baseType, isNullable: true)), ("PerformParentingChecks", EdmCoreModel.Instance.GetBoolean(isNullable: false)));

        void Action(string name, params (string Name, IEdmTypeReference Type)[] parameters)
        {
            var action = new EdmAction(Space, name, null);
            foreach (var parameter in parameters) action.AddParameter(parameter.Name, parameter.Type);
            model.AddElement(action);
            container.AddActionImport(name, action);
        }
    }

    private void AddFunctions()
    {
        var fields = new EdmEnumType(Space, "TargetFieldType");
        foreach (var (name, value) in ((string, int)[])[("All", 0), ("ValidForCreate", 1), ("ValidForUpdate", 2), ("ValidForRead", 3)]) fields.AddMember(name, new EdmEnumMemberValue(value));
        model.AddElement(fields);
        var counts = Complex("EntityRecordCountCollection", type =>
        {
            type.AddStructuralProperty("Count", EdmPrimitiveTypeKind.Int32, isNullable: false);
            type.AddStructuralProperty("IsReadOnly", EdmPrimitiveTypeKind.Boolean, isNullable: false);
            type.AddStructuralProperty("Keys", Collection(Text));
            type.AddStructuralProperty("Values", Collection(EdmCoreModel.Instance.GetInt64(isNullable: false)));
        });
        Function("RetrieveTotalRecordCount", Complex("RetrieveTotalRecordCountResponse", type => type.AddStructuralProperty("EntityRecordCountCollection", counts)), ("EntityNames", Collection(Text)));
        Function("InitializeFrom", Row, ("EntityMoniker", Row), ("TargetEntityName", Text), ("TargetFieldType", new EdmEnumTypeReference(fields, isNullable: false)));
        Function("CalculateRollupField", Row, ("Target", Row), ("FieldName", Text));

        void Function(string name, IEdmTypeReference result, params (string Name, IEdmTypeReference Type)[] parameters)
        {
            var function = new EdmFunction(Space, name, result);
            foreach (var parameter in parameters) function.AddParameter(parameter.Name, parameter.Type);
            model.AddElement(function);
            container.AddFunctionImport(name, function);
        }
    }

    private EdmComplexTypeReference Complex(string name, Action<EdmComplexType> members)
    {
        var type = new EdmComplexType(Space, name);
        members(type);
        model.AddElement(type);
        return new EdmComplexTypeReference(type, isNullable: false);
    }

    private static EdmCollectionTypeReference Collection(IEdmTypeReference item) => new(new EdmCollectionType(item));
}
