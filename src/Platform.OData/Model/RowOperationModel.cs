using Microsoft.OData.Edm;

namespace Platform.OData.Model;

/// <summary>The actions and functions about rows, as <c>$metadata</c> lists them.</summary>
internal sealed class RowOperationModel(EdmModel model, IEdmEntityType baseType)
{
    private const string Space = EdmModelBuilder.Namespace;

    private IEdmTypeReference Row => new EdmEntityTypeReference(baseType, isNullable: false);

    private IEdmTypeReference Rows => Collection(Row);

    public void AddTo()
    {
        AddBulkActions();
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

    private EdmComplexTypeReference Complex(string name, Action<EdmComplexType> members)
    {
        var type = new EdmComplexType(Space, name);
        members(type);
        model.AddElement(type);
        return new EdmComplexTypeReference(type, isNullable: false);
    }

    private static EdmCollectionTypeReference Collection(IEdmTypeReference item) => new(new EdmCollectionType(item));
}
