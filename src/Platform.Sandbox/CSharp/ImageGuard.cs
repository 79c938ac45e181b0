using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Platform.Sandbox.CSharp;

/// <summary>The second of the two allow-lists: looks at every reference in the emitted image, and so at whatever the compiler bound without a name in the source.</summary>
internal static class ImageGuard
{
    private const byte GenericInstance = 0x15;

    /// <summary>Full names that the image refers to and may not.</summary>
    public static IReadOnlyList<string> Check(ReadOnlySpan<byte> image)
    {
        using var portable = new PEReader([.. image]);
        var metadata = portable.GetMetadataReader();
        var refused = new List<string>();
        foreach (var handle in metadata.TypeReferences)
        {
            var name = FullName(metadata, handle);
            if (!AllowedApi.AllowsType(name, inImage: true)) refused.Add(name);
        }
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (Owner(metadata, member.Parent) is not { } owner) continue;
            var name = metadata.GetString(member.Name);
            if (!AllowedApi.AllowsMember(owner, name, inImage: true)) refused.Add($"{owner}.{name}");
        }
        var hasNative = metadata.GetTableRowCount(TableIndex.ModuleRef) > 0
            || metadata.MethodDefinitions.Any(handle => (metadata.GetMethodDefinition(handle).Attributes & MethodAttributes.PinvokeImpl) != 0);
        if (hasNative) refused.Add("native code");
        return refused;
    }

    private static string? Owner(MetadataReader metadata, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => FullName(metadata, (TypeReferenceHandle)parent),
        HandleKind.TypeSpecification => GenericType(metadata, (TypeSpecificationHandle)parent),
        _ => null,
    };

    /// <summary>The definition behind a constructed type; <c>null</c> for arrays and for types of the script itself.</summary>
    private static string? GenericType(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadByte() != GenericInstance) return null;
        signature.ReadByte();
        var definition = signature.ReadTypeHandle();
        return definition.Kind == HandleKind.TypeReference ? FullName(metadata, (TypeReferenceHandle)definition) : null;
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference) return $"{FullName(metadata, (TypeReferenceHandle)type.ResolutionScope)}/{name}";
        return type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
