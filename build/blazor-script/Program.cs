// Copies the embedded blazor.web.js out of Microsoft.AspNetCore.Components.Endpoints.dll.
// Run from this folder: dotnet run
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

const string Script = "_framework/blazor.web.js";
var (assembly, output) = (args[0], args[1]);

using var file = new PEReader(File.OpenRead(assembly));
var metadata = file.GetMetadataReader();
var resource = metadata.ManifestResources
    .Select(metadata.GetManifestResource)
    .Single(resource => metadata.GetString(resource.Name) == Script);
var section = file.GetSectionData(file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
var reader = section.GetReader((int)resource.Offset, section.Length - (int)resource.Offset);
var bytes = reader.ReadBytes(reader.ReadInt32());

Directory.CreateDirectory(Path.GetDirectoryName(output)!);
File.WriteAllBytes(output, bytes);
Console.WriteLine($"{output}: {bytes.Length} bytes");
