using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Model;

namespace Platform.OData.Queries;

/// <summary>Lets the URL parser fail in our words: an unknown column and a literal of the wrong type are named.</summary>
/// <param name="isOpen">There may be names that <c>$apply</c> makes: the parser itself says which ones are unknown.</param>
internal sealed class PlatformUriResolver(MetadataSnapshot metadata, bool isOpen) : ODataUriResolver
{
    private static readonly object Key = new();
    private static readonly object OpenKey = new();

    public static PlatformUriResolver Of(MetadataSnapshot metadata, bool isOpen = false) => metadata.Once(isOpen ? OpenKey : Key, metadata => new PlatformUriResolver(metadata, isOpen));

    public override IEdmProperty ResolveProperty(IEdmStructuredType type, string propertyName) =>
        propertyName.StartsWith(NamedFunctions.Column, StringComparison.Ordinal) ? Column(type, propertyName[NamedFunctions.Column.Length..])
        : Comparable(base.ResolveProperty(type, propertyName)) ?? (type is ResultEdmType { IsGroups: true } ? throw NoColumn(propertyName) : isOpen ? null! : throw Errors.UnknownAttribute(((IEdmSchemaElement)type).Name, propertyName));

    /// <summary>The property of a column that a query function names by its logical name.</summary>
    private IEdmProperty Column(IEdmStructuredType type, string name) =>
        type is ResultEdmType { IsGroups: true } ? type.FindProperty($"_{name}_value") ?? (type.FindProperty(name) is IEdmStructuralProperty column ? column : throw NoColumn(name)) :
        type is ResultEdmType && type.DeclaredProperties.FirstOrDefault(made => made.Name == name) is { } made ? made :
        metadata.Find(((IEdmSchemaElement)type).Name) is { } entity ? type.FindProperty(entity.Attribute(name).WebApiName) : throw Errors.UnknownAttribute(((IEdmSchemaElement)type).Name, name);

    private static IEdmProperty? Comparable(IEdmProperty? property) =>
        property is { DeclaringType: EntityEdmType { KeyOrNothing: { } key } } && property.Name == key.Name ? key : property;

    private static PlatformException NoColumn(string name) => Errors.BadRequest($"'{name}' is no column of the groups.", "Behind groupby and aggregate there are the columns that they name.");

    public override void PromoteBinaryOperandTypes(
        BinaryOperatorKind binaryOperatorKind, ref SingleValueNode leftNode, ref SingleValueNode rightNode, out IEdmTypeReference typeReference)
    {
        try
        {
            base.PromoteBinaryOperandTypes(binaryOperatorKind, ref leftNode, ref rightNode, out typeReference);
        }
        // The library does not let exact and floating-point numbers meet; here they are calculated with as decimals.
        catch (ODataException) when (IsNumber(leftNode) && IsNumber(rightNode))
        {
            typeReference = binaryOperatorKind >= BinaryOperatorKind.Add ? EdmCoreModel.Instance.GetDecimal(isNullable: true) : EdmCoreModel.Instance.GetBoolean(isNullable: true);
        }
        catch (ODataException) when (Mismatch(leftNode, rightNode) is { } mismatch)
        {
            throw mismatch;
        }
        catch (ODataException) when (Mismatch(rightNode, leftNode) is { } mismatch)
        {
            throw mismatch;
        }
    }

    private static bool IsNumber(SingleValueNode node) =>
        node.TypeReference is { } type && (type.IsIntegral() || type.IsDecimal() || type.IsFloating());

    private PlatformException? Mismatch(SingleValueNode column, SingleValueNode value)
    {
        if (column is not SingleValuePropertyAccessNode access || value is not ConstantNode constant) return null;
        if (access.Property.DeclaringType is not IEdmSchemaElement type || metadata.Find(type.Name) is not { } entity) return null;
        return EntityNames.Of(entity).Find(access.Property.Name) is { } name
            ? Errors.WrongType(entity.LogicalName, access.Property.Name, TypeWords.Expected(name.Attribute), constant.LiteralText)
            : null;
    }
}
