using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Platform.Sandbox.Protocol;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.CSharp;

/// <summary>Turns places in a compiled script into lines of its source, with the debug information inside the image.</summary>
internal static class CSharpLines
{
    /// <summary>Line of the innermost place that has one; <c>null</c> when none has.</summary>
    public static int? Find(ScriptImage image, IReadOnlyList<ImageLocation>? places)
    {
        if (image.Language != ScriptLanguage.CSharp || places is not { Count: > 0 }) return null;
        try
        {
            using var portable = new PEReader([.. image.Code.Span]);
            var entry = portable.ReadDebugDirectory().FirstOrDefault(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
            if (entry.Type != DebugDirectoryEntryType.EmbeddedPortablePdb) return null;
            using var symbols = portable.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
            var reader = symbols.GetMetadataReader();
            foreach (var place in places)
                if (Line(reader, place) is { } line) return line;
        }
        catch (BadImageFormatException)
        {
            // The places come from the worker and may be nonsense; an error without a line is still an error.
        }
        return null;
    }

    private static int? Line(MetadataReader symbols, ImageLocation place)
    {
        var row = place.Method & 0x00FFFFFF;
        if (row == 0 || row > symbols.MethodDebugInformation.Count) return null;
        int? line = null;
        foreach (var point in symbols.GetMethodDebugInformation(MetadataTokens.MethodDebugInformationHandle(row)).GetSequencePoints())
        {
            if (point.Offset > place.Offset) break;
            if (!point.IsHidden) line = point.StartLine;
        }
        return line;
    }
}
