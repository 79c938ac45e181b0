using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.OData.Metadata.Model;
using Platform.OData.Model;
using Platform.OData.Queries;
using Platform.OData.Writing;

namespace Platform.OData.Metadata.Queries;

/// <summary>A request for definitions, read. It does not depend on what is deployed.</summary>
/// <param name="Filter">Which of the definitions addressed; <c>null</c>: all.</param>
/// <param name="CountTotal">The number is said beside the definitions.</param>
/// <param name="LabelLanguages">Languages that labels are cut down to; empty: all.</param>
internal sealed partial record MetadataPlan(MetadataPath Path, Func<object, bool>? Filter, Selection Selection, bool CountTotal, ImmutableArray<int> LabelLanguages, ContextUrl Context)
{
    /// <summary>The last one counts least; empty: as they come.</summary>
    public ImmutableArray<ByValue> Orders { get; init; } = [];

    /// <summary>Most of them; <c>null</c>: all.</summary>
    public int? Top { get; init; }

    private const int MostPlans = 500;
    private const int LongestCached = 2048;

    private static readonly BoundedCache<string, MetadataPlan> Plans = new(MostPlans);

    /// <param name="path">Below the service's root, as it came over the wire.</param>
    /// <exception cref="PlatformException">Nothing is at the path (404), the text is wrong (400), or asks for what is not offered (501).</exception>
    public static MetadataPlan Of(string path, HttpRequest request)
    {
        var key = path + request.QueryString.Value;
        if (Plans.TryGet(key, out var known)) return known;
        try
        {
            var parsed = MetadataPath.Parse(path);
            var plan = Read(parsed, MetadataOptions.Read(request.Query, parsed.Type is { IsRow: true }));
            if (key.Length <= LongestCached) Plans.Add(key, plan);
            return plan;
        }
        catch (ODataException failure)
        {
            throw InOurWords(ParserWords.Of(failure));
        }
        catch (Exception failure) when (QueryOptionsParser.IsOfTheLibrary(failure))
        {
            throw Errors.BadRequest("The query options cannot be understood.", "Check $filter, $select and $expand for operands that do not fit together.");
        }
    }

    /// <summary>The parser's sentence, with what was probably meant.</summary>
    private static PlatformException InOurWords(string message)
    {
        if (UnknownProperty().Match(message) is { Success: true } unknown && MetadataType.Named(unknown.Groups["type"].Value) is { } type)
            return Errors.UnknownMetadataProperty(type.Name, unknown.Groups["name"].Value, type.Properties.Select(property => property.Name));
        var isEnumeration = message.Contains("incompatible types", StringComparison.Ordinal) && message.Contains(EdmModelBuilder.Namespace, StringComparison.Ordinal);
        return Errors.BadRequest(message, isEnumeration ? $"Members of an enumeration are written with its name: {EdmModelBuilder.Namespace}.OwnershipTypes'UserOwned'." : "");
    }

    private static MetadataPlan Read(MetadataPath path, MetadataOptions options)
    {
        if (options.Values.Count == 0 || path.Type is not { } type)
        {
            if (options.Values.Keys.FirstOrDefault(name => name.StartsWith('$')) is { } option) throw Errors.BadRequest($"The query option '{option}' cannot be applied to a value.");
            return new MetadataPlan(path, null, Selection.Everything, false, options.LabelLanguages, Url(path, ""));
        }
        if (!path.IsCollection && (options["$filter"] ?? options["$count"] ?? options["$orderby"] ?? options["$top"]) is not null) throw Errors.BadRequest("The query options $filter, $orderby, $top and $count cannot be applied to a single definition.");

        var parser = new ODataQueryOptionParser(MetadataModel.Shared, path.EdmType, path.Source, options.Values);
        var filter = options["$filter"] is null ? null : parser.ParseFilter();
        var clause = parser.ParseSelectAndExpand();
        var aliases = parser.ParameterAliasNodes;
        return new MetadataPlan(
            path,
            filter is null ? null : new FilterCompiler(aliases).Compile(filter),
            new SelectionReader(aliases).Read(clause, type),
            options["$count"] is not null && parser.ParseCount() == true,
            options.LabelLanguages,
            Url(path, SelectionText(clause)))
        {
            Orders = options["$orderby"] is null ? [] : ReadOrders(parser.ParseOrderBy(), type),
            Top = options["$top"] is null ? null : (int?)parser.ParseTop(),
        };
    }

    private static ImmutableArray<ByValue> ReadOrders(OrderByClause? clause, MetadataType type)
    {
        var orders = ImmutableArray.CreateBuilder<ByValue>();
        for (; clause is not null; clause = clause.ThenBy)
        {
            var property = clause.Expression is SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } access ? type.Find(access.Property.Name) : null;
            orders.Add(new ByValue(property ?? throw Errors.NotOffered("Sorting definitions by an expression"), clause.Direction == OrderByDirection.Descending));
        }
        return orders.ToImmutable();
    }

    private static ContextUrl Url(MetadataPath path, string selection) => new($"$metadata#{path.Context(selection)}");

    /// <summary><c>(LogicalName,Attributes(LogicalName))</c>; empty where nothing was selected or expanded.</summary>
    private static string SelectionText(SelectExpandClause? clause)
    {
        if (clause is null) return "";
        var selected = clause.SelectedItems.OfType<PathSelectItem>().Select(item => PathText(item.SelectedPath));
        var expanded = clause.SelectedItems.OfType<ExpandedNavigationSelectItem>()
            .Select(item => PathText(item.PathToNavigationProperty) + (SelectionText(item.SelectAndExpand) is { Length: > 0 } inner ? inner : "()"));
        var parts = selected.Concat(expanded).ToList();
        return parts.Count == 0 ? "" : $"({string.Join(',', parts)})";
    }

    private static string PathText(IEnumerable<ODataPathSegment> path) =>
        string.Join('/', path.Select(segment => segment is TypeSegment cast ? ((IEdmSchemaElement)cast.EdmType.AsElementType()).FullName() : segment.Identifier));

    [GeneratedRegex(@"^Could not find a property named '(?<name>[^']*)' on type 'Microsoft\.Dynamics\.CRM\.(?<type>[^']*)'", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownProperty();
}
