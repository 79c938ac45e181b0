using Microsoft.OData.Edm;
using Platform.Engine.Security;

namespace Platform.OData.Model;

/// <summary>The actions and functions that share rows, as <c>$metadata</c> lists them.</summary>
internal sealed class SharingModel(EdmModel model, EdmEntityContainer container, IEdmEntityType baseType)
{
    private const string Space = EdmModelBuilder.Namespace;

    private EdmEntityTypeReference Row => new(baseType, isNullable: false);

    public void AddTo()
    {
        var rights = Rights();
        var access = Complex("PrincipalAccess");
        access.AddStructuralProperty("AccessMask", rights);
        access.AddUnidirectionalNavigation(new EdmNavigationPropertyInfo { Name = "Principal", Target = baseType, TargetMultiplicity = EdmMultiplicity.One });
        var shared = new EdmComplexTypeReference(access, isNullable: false);
        Action("GrantAccess", ("Target", Row), ("PrincipalAccess", shared));
        Action("ModifyAccess", ("Target", Row), ("PrincipalAccess", shared));
        Action("RevokeAccess", ("Target", Row), ("Revokee", Row));

        var all = Complex("RetrieveSharedPrincipalsAndAccessResponse");
        all.AddStructuralProperty("PrincipalAccesses", new EdmCollectionTypeReference(new EdmCollectionType(shared)));
        var list = new EdmFunction(Space, "RetrieveSharedPrincipalsAndAccess", new EdmComplexTypeReference(all, isNullable: false));
        list.AddParameter("Target", Row);
        model.AddElement(list);
        container.AddFunctionImport(list.Name, list);

        var one = Complex("RetrievePrincipalAccessResponse");
        one.AddStructuralProperty("AccessRights", rights);
        var ofPrincipal = new EdmFunction(Space, "RetrievePrincipalAccess", new EdmComplexTypeReference(one, isNullable: false), isBound: true, entitySetPathExpression: null, isComposable: false);
        ofPrincipal.AddParameter("entity", Row);
        ofPrincipal.AddParameter("Target", Row);
        model.AddElement(ofPrincipal);
    }

    private EdmEnumTypeReference Rights()
    {
        var type = new EdmEnumType(Space, nameof(AccessRights), EdmPrimitiveTypeKind.Int32, isFlags: true);
        foreach (var right in Enum.GetValues<AccessRights>()) type.AddMember(right.ToString(), new EdmEnumMemberValue((int)right));
        model.AddElement(type);
        return new EdmEnumTypeReference(type, isNullable: false);
    }

    private EdmComplexType Complex(string name)
    {
        var type = new EdmComplexType(Space, name);
        model.AddElement(type);
        return type;
    }

    private void Action(string name, params (string Name, IEdmTypeReference Type)[] parameters)
    {
        var action = new EdmAction(Space, name, null);
        foreach (var parameter in parameters) action.AddParameter(parameter.Name, parameter.Type);
        model.AddElement(action);
        container.AddActionImport(name, action);
    }
}
