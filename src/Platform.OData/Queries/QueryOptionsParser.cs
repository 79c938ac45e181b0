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
    private readonly MetadataSnapshot metadata;
    private readonly EntityDefinition entity;
    private readonly QueryOptions options;
    private readonly Dictionary<string, NamedCondition> conditions = new(StringComparer.Ordinal);
    private readonly SearchWords words = new();
    private readonly IEdmModel model;
    private readonly IEdmEntitySet set;
    private readonly IEdmEntityType type;

    static QueryOptionsParser() => FormulaFunctions.Register();

    private QueryOptionsParser(MetadataSnapshot metadata, EntityDefinition entity, QueryOptions options)
    {
        this.metadata = metadata;
        this.entity = entity;
        this.options = options;
        if (options["$expand"] is { } expand) options.Values["$expand"] = ExpandText.Rewrite(metadata, entity, expand, words);
        foreach (var option in (string[])["$filter", "$apply", "$expand"])
        {
            if (options[option] is { } text && NamedFunctions.Rewrite(text, options.Values, conditions) is var rewritten && !ReferenceEquals(text, rewritten)) options.Values[option] = rewritten;
        }
        if (options["$search"] is { } search) options.Values["$search"] = words.Rewrite(search);
        model = EdmModelBuilder.Of(metadata);
        set = model.EntityContainer.FindEntitySet(entity.EntitySetName);
        type = set.EntityType;
    }

    /// <exception cref="PlatformException">The text is wrong (400) or asks for what is not offered (501).</exception>
    public static QueryPlan Parse(MetadataSnapshot metadata, EntityDefinition entity, QueryOptions options)
    {
        try
        {
            return new QueryOptionsParser(metadata, entity, options).Plan();
        }
        catch (ODataException failure) when (failure.Message.Length > 0)
        {
            throw Errors.BadRequest(ParserWords.Of(failure));
        }
        catch (ODataException)
        {
            throw Errors.BadRequest("The query options cannot be understood.", "Behind $ref in $expand, $filter, $search, $orderby, $top, $skip and $count are possible.");
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
        failure is ArgumentException or FormatException or InvalidOperationException or InvalidCastException or NullReferenceException or OverflowException or IndexOutOfRangeException or KeyNotFoundException
        && new StackTrace(failure).GetFrames().Select(frame => frame.GetMethod()?.DeclaringType?.Assembly).FirstOrDefault(assembly => assembly != typeof(object).Assembly) is { } thrower
        && (thrower == typeof(ODataQueryOptionParser).Assembly || thrower == typeof(IEdmModel).Assembly);

    private QueryPlan Plan()
    {
        if (options["$apply"] is not null) return ApplyPlan();
        var parser = new ODataQueryOptionParser(model, type, set, options.Values) { Resolver = PlatformUriResolver.Of(metadata, isOpen: HasComputed(options)) };
        var names = Names(parser);
        // The parser must know the names that are made before it reads what speaks of them.
        var computed = Computed(parser, names);
        names = computed?.Names ?? names;
        var selection = new SelectionParser(metadata, parser.ParameterAliasNodes, conditions, words).Read(entity, Asks ? parser.ParseSelectAndExpand() : null, computed);
        var query = new Query(entity)
        {
            Columns = selection.Columns,
            Named = selection.Named,
            Expansions = selection.Expansions,
            Thumbnails = Thumbnails(selection),
            Filter = SearchTranslator.And(Filter(parser, names), Search(parser)),
            Orders = Orders(parser, names),
            Top = Number("$top"),
            Skip = Number("$skip") ?? 0,
            CountTotal = Count(),
        };
        return new QueryPlan(query, selection.HasSelect, CollectionOption());
    }

    private QueryPlan ApplyPlan()
    {
        var rows = Applied();
        if (rows.AreGroups && options["$search"] is not null) throw Errors.NotOffered("$search over groups");
        // What comes out has a type of its own, over which the other options are read.
        var result = Parser(rows.Type(type), options.Values.Where(option => option.Key is not ("$apply" or "$compute")));
        var names = rows.Names(Names(result));
        var clause = Asks ? result.ParseSelectAndExpand() : null;
        var reader = new SelectionParser(metadata, result.ParameterAliasNodes, conditions, words);
        var selection = rows.AreGroups ? reader.ReadGroups(rows, clause) : reader.Read(entity, clause, new ComputedNames(entity, names, rows));
        var query = rows.Query with
        {
            Columns = selection.Columns,
            Named = selection.Named,
            Expansions = selection.Expansions,
            Thumbnails = !rows.AreGroups && Thumbnails(selection),
            Filter = SearchTranslator.And(SearchTranslator.And(rows.Query.Filter, Filter(result, names)), Search(result)),
            Orders = Orders(result, names),
            Top = Number("$top"),
            Skip = Number("$skip") ?? 0,
            CountTotal = Count(),
        };
        return new QueryPlan(query, rows.AreGroups || selection.HasSelect, "$apply");
    }

    private AppliedRows Applied()
    {
        if (string.IsNullOrWhiteSpace(options["$apply"])) throw Errors.BadRequest("The query option '$apply' is empty.");
        var translator = new ApplyTranslator(entity, type, (rows, option, text) => Parser(rows, [.. options.Values.Where(value => value.Key[0] == '@'), KeyValuePair.Create(option, text)]), Names);
        var rows = translator.Translate(options["$apply"]!);
        return options["$compute"] is { } compute ? translator.Compute(rows, compute) : rows;
    }

    private ODataQueryOptionParser Parser(IEdmEntityType rows, IEnumerable<KeyValuePair<string, string>> values) =>
        new(model, rows, set, new Dictionary<string, string>(values)) { Resolver = PlatformUriResolver.Of(metadata, isOpen: options["$expand"]?.Contains("$compute", StringComparison.Ordinal) == true) };

    private QueryNames Names(ODataQueryOptionParser of) => new(metadata, entity, of.ParameterAliasNodes, conditions);

    private bool Asks => !string.IsNullOrWhiteSpace(options["$select"]) || !string.IsNullOrWhiteSpace(options["$expand"]);

    private static bool Thumbnails(Selection selection) => selection.HasSelect && selection.Columns.Any(attribute => attribute.Kind == AttributeKind.Image);

    // Names may be made within $expand, too.
    private static bool HasComputed(QueryOptions options) =>
        options["$compute"] is not null || options["$expand"]?.Contains("$compute", StringComparison.Ordinal) == true;

    private ComputedNames? Computed(ODataQueryOptionParser parser, QueryNames names)
    {
        if (options["$compute"] is null) return null;
        return ComputedNames.Of(entity, names, parser.ParseCompute() ?? throw Errors.BadRequest("The query option '$compute' is empty."));
    }

    private string? CollectionOption()
    {
        if (options.SavedQuery is not null) return "savedQuery";
        foreach (var name in options.Values.Keys)
            if (name is "$filter" or "$orderby" or "$top" or "$skip" or "$count" or "$search") return name;
        return null;
    }

    private ImmutableArray<OrderBy> Orders(ODataQueryOptionParser parser, QueryNames names) => options["$orderby"] is null ? [] : SelectionParser.Orders(names, parser.ParseOrderBy());

    private FilterNode? Filter(ODataQueryOptionParser parser, QueryNames names)
    {
        if (options["$filter"] is null) return null;
        var clause = parser.ParseFilter() ?? throw Errors.BadRequest("The query option '$filter' is empty.");
        return new FilterTranslator(names).Translate(clause.Expression);
    }

    private FilterNode? Search(ODataQueryOptionParser parser)
    {
        if (options["$search"] is null) return null;
        var clause = parser.ParseSearch() ?? throw Errors.BadRequest("The query option '$search' is empty.");
        return SearchTranslator.Translate(entity, clause.Expression, words);
    }

    private int? Number(string option)
    {
        if (options[option] is not { } text) return null;
        return int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number)
            ? number
            : throw Errors.BadRequest($"{option} expects a whole number from 0 up, found '{text}'.");
    }

    private bool Count() => options["$count"] switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Errors.BadRequest($"$count expects true or false, found '{text}'."),
    };
}
