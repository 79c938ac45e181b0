using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Model;

namespace Platform.OData.Queries;

/// <summary>Reads the query options of one entity into a <see cref="Query"/>, with the URL parser of the OData library.</summary>
internal sealed class QueryOptionsParser
{
    private readonly EntityDefinition entity;
    private readonly QueryOptions options;
    private readonly ODataQueryOptionParser parser;

    private QueryOptionsParser(MetadataSnapshot metadata, EntityDefinition entity, QueryOptions options)
    {
        this.entity = entity;
        this.options = options;
        if (options["$filter"] is { } filter && NamedFunctions.Rewrite(filter, entity, options.Values) is var rewritten && !ReferenceEquals(filter, rewritten))
        {
            options.Values["$filter"] = rewritten;
            options.Values[NamedFunctions.CallerAlias] = Guid.Empty.ToString("D"); // only its type counts
        }
        var model = EdmModelBuilder.Of(metadata);
        var set = model.EntityContainer.FindEntitySet(entity.EntitySetName);
        parser = new ODataQueryOptionParser(model, set.EntityType(), set, options.Values) { Resolver = PlatformUriResolver.Of(metadata) };
    }

    /// <exception cref="PlatformException">The text is wrong (400) or asks for what is not offered (501).</exception>
    public static QueryPlan Parse(MetadataSnapshot metadata, EntityDefinition entity, QueryOptions options)
    {
        try
        {
            return new QueryOptionsParser(metadata, entity, options).Plan();
        }
        catch (ODataException failure)
        {
            throw Errors.BadRequest(failure.Message);
        }
        catch (Exception failure) when (IsOfTheLibrary(failure))
        {
            throw Errors.BadRequest("The query options cannot be understood.", "Check $filter and $orderby for operands that do not fit together.");
        }
    }

    /// <summary>
    /// On some nonsense (<c>@p in INF</c>) the library does not refuse but stumbles over its own arguments. That is the
    /// text's fault, a stumble in our own code is not.
    /// </summary>
    internal static bool IsOfTheLibrary(Exception failure) =>
        failure is ArgumentException or FormatException or InvalidOperationException or InvalidCastException or NullReferenceException or OverflowException
        && new StackTrace(failure).GetFrames().Select(frame => frame.GetMethod()?.DeclaringType?.Assembly).FirstOrDefault(assembly => assembly != typeof(object).Assembly) is { } thrower
        && (thrower == typeof(ODataQueryOptionParser).Assembly || thrower == typeof(IEdmModel).Assembly);

    private QueryPlan Plan()
    {
        var selected = Select();
        var query = new Query(entity)
        {
            // Images are large: they come where they are asked for, as in Dataverse.
            Columns = selected ?? (entity.Files.IsEmpty ? entity.Attributes : [.. entity.Attributes.Where(attribute => attribute.Kind != AttributeKind.Image)]),
            Thumbnails = selected?.Any(attribute => attribute.Kind == AttributeKind.Image) == true,
            Filter = Filter(),
            Orders = Orders(),
            Top = Top(),
            CountTotal = Count(),
        };
        return new QueryPlan(query, selected is not null, CollectionOption());
    }

    private string? CollectionOption()
    {
        foreach (var name in options.Values.Keys)
            if (name is "$filter" or "$orderby" or "$top" or "$count") return name;
        return null;
    }

    private FilterNode? Filter()
    {
        if (options["$filter"] is null) return null;
        var clause = parser.ParseFilter() ?? throw Errors.BadRequest("The query option '$filter' is empty.");
        return new FilterTranslator(entity, parser.ParameterAliasNodes).Translate(clause.Expression);
    }

    private ImmutableArray<AttributeDefinition>? Select()
    {
        if (string.IsNullOrWhiteSpace(options["$select"])) return null;
        var names = EntityNames.Of(entity);
        var columns = ImmutableArray.CreateBuilder<AttributeDefinition>();
        foreach (var item in parser.ParseSelectAndExpand().SelectedItems)
        {
            if (item is WildcardSelectItem) return null;
            if (item is not PathSelectItem { SelectedPath: { Count: 1, FirstSegment: PropertySegment or NavigationPropertySegment } path })
                throw Errors.NotOffered("A path in $select");
            // Clients select a lookup by its navigation property, too; what they get is its id.
            var name = names.Find(path.FirstSegment.Identifier)!;
            if (name.Kind == NameKind.Collection) throw Errors.NotOffered($"The collection '{path.FirstSegment.Identifier}' in $select");
            if (!columns.Contains(name.Attribute)) columns.Add(name.Attribute);
        }
        // An amount without its currency says little, hence Dataverse sends the currency along.
        if (columns.Any(column => column.Kind == AttributeKind.Money)
            && entity.TryFind("transactioncurrencyid", out var currency) && !columns.Contains(currency)) columns.Add(currency);
        return columns.ToImmutable();
    }

    private ImmutableArray<OrderBy> Orders()
    {
        if (options["$orderby"] is null) return [];
        var columns = new FilterTranslator(entity, parser.ParameterAliasNodes);
        var orders = ImmutableArray.CreateBuilder<OrderBy>();
        for (var clause = parser.ParseOrderBy(); clause is not null; clause = clause.ThenBy)
        {
            var attribute = columns.OrderKey(clause.Expression) ?? throw Errors.NotOffered("Anything but a column or geo.distance in $orderby");
            if (attribute.Kind == AttributeKind.GeoPoint) throw Errors.BadRequest($"'{attribute}' is a point: points have no order.", $"Sort by geo.distance({attribute},geography'SRID=4326;Point(longitude latitude)').");
            // The second mention of a column decides nothing any more.
            if (orders.Any(order => order.Attribute == attribute)) continue;
            orders.Add(new OrderBy(attribute, clause.Direction == OrderByDirection.Descending));
        }
        return orders.ToImmutable();
    }

    private int? Top()
    {
        if (options["$top"] is not { } text) return null;
        return int.TryParse(text, System.Globalization.NumberStyles.None, null, out var top)
            ? top
            : throw Errors.BadRequest($"$top expects a whole number from 0 up, found '{text}'.");
    }

    private bool Count() => options["$count"] switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Errors.BadRequest($"$count expects true or false, found '{text}'."),
    };
}
