using Microsoft.OData.Edm;

namespace Platform.OData.Metadata.Model;

/// <summary>An enumeration whose numbers may have several names, as Dataverse's <c>EntityFilters</c> has <c>Entity</c> and <c>Default</c>. The library's own takes each number once.</summary>
internal sealed class NamedNumbers : EdmType, IEdmEnumType, IEdmFullNamedElement
{
    public NamedNumbers(string space, Type clr)
    {
        (Namespace, Name, IsFlags) = (space, clr.Name, clr.IsDefined(typeof(FlagsAttribute), inherit: false));
        Members = [.. Enum.GetNames(clr).Select(IEdmEnumMember (name) => new EdmEnumMember(this, name, new EdmEnumMemberValue((int)Enum.Parse(clr, name))))];
    }

    public override EdmTypeKind TypeKind => EdmTypeKind.Enum;

    public EdmSchemaElementKind SchemaElementKind => EdmSchemaElementKind.TypeDefinition;

    public string Namespace { get; }

    public string Name { get; }

    public string FullName => $"{Namespace}.{Name}";

    public IEdmPrimitiveType UnderlyingType => EdmCoreModel.Instance.GetPrimitiveType(EdmPrimitiveTypeKind.Int32);

    public IEnumerable<IEdmEnumMember> Members { get; }

    public bool IsFlags { get; }
}
