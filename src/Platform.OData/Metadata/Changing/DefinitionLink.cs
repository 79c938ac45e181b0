using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Types;
using Label = Platform.Engine.Metadata.Label;

namespace Platform.OData.Metadata.Changing;

/// <summary>Links to definitions in bodies: <c>/GlobalOptionSetDefinitions(…)</c>.</summary>
internal static class DefinitionLink
{
    /// <summary>Name of the global choice that a link leads to.</summary>
    /// <exception cref="PlatformException">It leads to none.</exception>
    public static string GlobalChoice(MetadataSnapshot metadata, string link)
    {
        if (link.Trim('/', ' ').Length == 0) throw Unfit(link);
        var path = link[(link.LastIndexOf('/', link.IndexOf('(', StringComparison.Ordinal) is > 0 and var key ? key : link.Length - 1) + 1)..];
        return MetadataAnswer.Walk(MetadataPath.Parse(path).Steps, MetadataCatalog.Of(metadata, Label.EnglishLanguage)) is OptionSetMetadataBase { Name: { } name }
            ? name
            : throw Unfit(link);
    }

    private static PlatformException Unfit(string link) => Errors.BadRequest($"'{link}' is no link to a global choice.", "/GlobalOptionSetDefinitions(Name='…') or its id.");
}
