using System.Globalization;
using System.Text;
using System.Xml;
using Platform.Engine;
using Platform.Engine.Metadata.Compiling;

namespace Platform.OData.Fetch;

/// <summary>One element of FetchXML, read without documents' own types and entities, and with limits on size and depth.</summary>
internal sealed class FetchElement
{
    /// <summary>Characters of one query; a URL within a batch holds no more.</summary>
    public const int LongestText = 65536;

    private const int MostLevels = 50;

    private readonly Dictionary<string, string> attributes = new(StringComparer.Ordinal);
    private readonly int line;
    private readonly int column;

    private FetchElement(XmlReader reader)
    {
        Name = reader.LocalName;
        (line, column) = reader is IXmlLineInfo info ? (info.LineNumber, info.LinePosition) : (0, 0);
        while (reader.MoveToNextAttribute()) attributes[reader.LocalName] = reader.Value;
        reader.MoveToElement();
    }

    public string Name { get; }

    /// <summary>Text between the tags.</summary>
    public string Text { get; private set; } = "";

    public List<FetchElement> Children { get; } = [];

    /// <exception cref="PlatformException">It is no XML, has types of its own, or is too large or deep.</exception>
    public static FetchElement Read(string xml)
    {
        if (xml.Length > LongestText) throw Errors.InvalidFetch($"The FetchXML has more than {LongestText} characters.");
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LongestText,
                IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true,
            });
            reader.MoveToContent();
            var root = Read(reader, 1);
            while (reader.Read())
            {
                // Behind the root only what is passed over may stand; the reader says so.
            }
            return root;
        }
        catch (XmlException broken)
        {
            if (xml.Contains("<!DOCTYPE", StringComparison.Ordinal)) throw Errors.InvalidFetch("The FetchXML has a document type.", "Leave it out: neither types nor entities of a document are read.");
            throw Errors.InvalidFetch($"The FetchXML cannot be read: {broken.Message}", "In a URL, encode it: < as %3C, & as %26, and & in values as &amp; before that.");
        }
    }

    /// <summary>An attribute of the element; <c>null</c> where it is not there.</summary>
    public string? this[string name] => attributes.GetValueOrDefault(name);

    /// <exception cref="PlatformException">The attribute is not there, or empty.</exception>
    public string Demand(string name) => this[name] is { Length: > 0 } value ? value : throw Wrong($"needs the attribute '{name}'");

    /// <summary>True or false, also as 1 or 0; false where it is not there.</summary>
    public bool Flag(string name) => this[name] switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        var other => throw Wrong($"has {name}='{other}'", "Write true or false."),
    };

    /// <summary>A whole number up to a most; <c>null</c> where it is not there.</summary>
    public int? Number(string name, int most = int.MaxValue)
    {
        if (this[name] is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw Wrong($"has {name}='{text}'", $"Write a whole number from 0 to {most}.");
    }

    /// <exception cref="PlatformException">The element has an attribute or a child that it cannot have.</exception>
    public void Allow(string[] names, string[] children)
    {
        foreach (var name in attributes.Keys)
            if (Array.IndexOf(names, name) < 0) throw Wrong($"has no attribute '{name}'", Spelling.Hint(name, names, ""));
        foreach (var child in Children)
            if (Array.IndexOf(children, child.Name) < 0) throw child.Wrong($"cannot stand in <{Name}>", Spelling.Hint(child.Name, children, $"<{Name}> holds no elements."));
    }

    /// <summary>An error that names the element.</summary>
    /// <param name="reason">Follows the name of the element.</param>
    public PlatformException Wrong(string reason, string hint = "") => Errors.InvalidFetch($"{this} {reason}.", hint);

    public override string ToString() => $"<{Name}> (line {line}, column {column})";

    private static FetchElement Read(XmlReader reader, int level)
    {
        if (level > MostLevels) throw Errors.InvalidFetch($"The FetchXML is nested more than {MostLevels} levels deep.");
        var element = new FetchElement(reader);
        if (reader.IsEmptyElement) return element;
        var text = new StringBuilder();
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element) element.Children.Add(Read(reader, level + 1));
            else text.Append(reader.Value);
        }
        element.Text = text.ToString();
        return element;
    }
}
