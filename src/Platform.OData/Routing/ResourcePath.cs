using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.OData.Metadata;
using Platform.OData.Metadata.Model;
using Platform.OData.Model;
using Platform.OData.Queries;

namespace Platform.OData.Routing;

/// <summary>What a URL addresses.</summary>
internal enum ResourceKind
{
    ServiceDocument,
    Metadata,
    Batch,
    WhoAmI,
    SetAutoNumberSeed,
    GetNextAutoNumberValue,

    /// <summary><c>EntityDefinitions</c> and the other sets of the metadata API, with all that stands behind them.</summary>
    Definitions,

    /// <summary><c>RetrieveMetadataChanges(…)</c> and the other functions of the metadata API.</summary>
    MetadataFunction,

    /// <summary><c>PublishXml</c> and the other actions of the metadata API.</summary>
    MetadataAction,
    EntitySet,
    Count,

    /// <summary><c>accounts/$explain</c></summary>
    Explain,
    Row,

    /// <summary><c>accounts(id)/primarycontactid</c></summary>
    Navigation,

    /// <summary><c>accounts(id)/contact_customer_accounts/$count</c></summary>
    NavigationCount,

    /// <summary><c>accounts(id)/primarycontactid/$ref</c></summary>
    NavigationLink,

    /// <summary><c>contacts(id)/entityimage</c></summary>
    File,

    /// <summary><c>contacts(id)/entityimage/$value</c></summary>
    FileValue,

    /// <summary><c>accounts(id)/name</c></summary>
    Property,

    /// <summary><c>accounts(id)/name/$value</c></summary>
    PropertyValue,

    /// <summary><c>accounts/Microsoft.Dynamics.CRM.CreateMultiple</c></summary>
    BulkAction,

    /// <summary><c>Merge</c> and the other actions about rows that are bound to no set.</summary>
    RowAction,

    /// <summary><c>InitializeFrom(…)</c> and the other functions about rows.</summary>
    RowFunction,

    /// <summary><c>GrantAccess</c> and the other actions that share rows.</summary>
    SharingAction,

    /// <summary><c>RetrieveSharedPrincipalsAndAccess(…)</c>, and <c>systemusers(id)/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(…)</c></summary>
    SharingFunction,

    /// <summary>A custom API, bound or not: <c>loy_CloseYear</c>, <c>contacts(id)/Microsoft.Dynamics.CRM.loy_IssueCard</c></summary>
    Api,
}

/// <summary>The path of a request below <c>/api/data/</c>, read without allocating: every request passes here.</summary>
/// <param name="Minor">The <c>2</c> of <c>v9.2</c>.</param>
/// <param name="Entity">Set for all but what the service says of itself.</param>
/// <param name="Navigation">Navigation property behind the row.</param>
/// <param name="Property">Column behind the row.</param>
/// <param name="Action">Name of a bound action without its namespace.</param>
/// <param name="Api">The custom API that is called.</param>
/// <param name="Child">Row behind the navigation property: <c>accounts(id)/contact_customer_accounts(id)/$ref</c>.</param>
internal readonly record struct ResourcePath(ResourceKind Kind, int Minor, EntityDefinition? Entity = null, RowKey Key = default, Navigation? Navigation = null, RowKey? Child = null, AttributeDefinition? Property = null, string? Action = null, CustomApiDefinition? Api = null)
{
    /// <summary>The way to the row where its own address does not name it; then <see cref="Key"/> says nothing.</summary>
    public RowPath? Through { get; init; }

    /// <summary>Where the Web API begins.</summary>
    public const string Service = "/api/data/";

    private const string Prefix = Service + "v9.";
    private const string Namespace = EdmModelBuilder.Namespace + ".";

    /// <param name="path">Decoded path.</param>
    /// <exception cref="PlatformException">Nothing is there (404), the key cannot be read or is none (400), or the form is not offered (501).</exception>
    public static ResourcePath Parse(ReadOnlySpan<char> path, MetadataSnapshot metadata)
    {
        if (!path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) throw UnknownVersion();
        var rest = path[Prefix.Length..];
        var end = rest.IndexOf('/');
        if (!int.TryParse(end < 0 ? rest : rest[..end], System.Globalization.NumberStyles.None, null, out var minor)) throw UnknownVersion();
        rest = end < 0 ? [] : rest[(end + 1)..];
        return rest switch
        {
            "" => new ResourcePath(ResourceKind.ServiceDocument, minor),
            "$metadata" => new ResourcePath(ResourceKind.Metadata, minor),
            "WhoAmI" or "WhoAmI()" => new ResourcePath(ResourceKind.WhoAmI, minor),
            "SetAutoNumberSeed" => new ResourcePath(ResourceKind.SetAutoNumberSeed, minor),
            "GetNextAutoNumberValue" => new ResourcePath(ResourceKind.GetNextAutoNumberValue, minor),
            "Assign" or "Merge" or "SetState" => new ResourcePath(ResourceKind.RowAction, minor, Action: rest.ToString()),
            "GrantAccess" or "ModifyAccess" or "RevokeAccess" => new ResourcePath(ResourceKind.SharingAction, minor, Action: rest.ToString()),
            "$batch" => new ResourcePath(ResourceKind.Batch, minor),
            _ => ParseEntity(rest, minor, metadata),
        };
    }

    private static ResourcePath ParseEntity(ReadOnlySpan<char> rest, int minor, MetadataSnapshot metadata)
    {
        var end = rest.IndexOfAny('(', '/');
        var set = end < 0 ? rest : rest[..end];
        if (set is MetadataModel.EntitySet or MetadataModel.RelationshipSet or MetadataModel.OptionSetSet or MetadataModel.ViewSet) return new ResourcePath(ResourceKind.Definitions, minor);
        if (set is "RetrieveMetadataChanges" or "RetrieveEntity" or "RetrieveAllEntities" or "RetrieveTimestamp") return new ResourcePath(ResourceKind.MetadataFunction, minor);
        if (set is "CalculateRollupField" or "InitializeFrom" or "RetrieveTotalRecordCount") return new ResourcePath(ResourceKind.RowFunction, minor);
        if (set is nameof(RetrieveSharedPrincipalsAndAccess)) return new ResourcePath(ResourceKind.SharingFunction, minor);
        if (end < 0 && MetadataActions.Names.Contains(set.ToString())) return new ResourcePath(ResourceKind.MetadataAction, minor);
        if (!EntitySets.Of(metadata).TryFind(set, out var entity))
        {
            return ApiOf(rest, ApiBinding.Global, null, metadata) is { } api
                ? new ResourcePath(ResourceKind.Api, minor, Api: api)
                : throw Errors.UnknownEntitySet(set.ToString());
        }
        rest = rest[set.Length..];
        if (rest is "" or "/") return new ResourcePath(ResourceKind.EntitySet, minor, entity);
        if (rest is "/$count") return new ResourcePath(ResourceKind.Count, minor, entity);
        if (rest is "/$explain") return new ResourcePath(ResourceKind.Explain, minor, entity);
        if (rest[0] == '/')
        {
            if (ApiOf(WithoutNamespace(rest[1..]), ApiBinding.EntityCollection, entity, metadata) is { } api) return new ResourcePath(ResourceKind.Api, minor, entity, Api: api);
            return rest[1..].StartsWith(Namespace, StringComparison.Ordinal) && BulkActions.Names.Contains(rest[(1 + Namespace.Length)..].ToString())
                ? new ResourcePath(ResourceKind.BulkAction, minor, entity, Action: rest[(1 + Namespace.Length)..].ToString())
                : throw Errors.UnknownEntitySet(rest[1..].ToString());
        }

        var close = EndOfKey(rest);
        var key = RowKey.Parse(rest[1..close], entity);
        rest = rest[(close + 1)..];
        return rest is "" or "/"
            ? new ResourcePath(ResourceKind.Row, minor, entity, key)
            : ParseNavigation(rest, new ResourcePath(ResourceKind.Navigation, minor, entity, key), metadata);
    }

    private static ResourcePath ParseNavigation(ReadOnlySpan<char> rest, ResourcePath row, MetadataSnapshot metadata)
    {
        if (rest[0] != '/') throw Errors.UnknownEntitySet(rest.ToString());
        rest = rest[1..];
        var end = rest.IndexOfAny('(', '/');
        var name = end < 0 ? rest : rest[..end];
        if (name is Namespace + SharingEndpoints.BoundFunction && SharingEndpoints.Principals.Contains(row.Entity!.LogicalName))
            return row with { Kind = ResourceKind.SharingFunction, Action = SharingEndpoints.BoundFunction };
        if (ApiOf(WithoutNamespace(rest), ApiBinding.Entity, row.Entity, metadata) is { } api) return row with { Kind = ResourceKind.Api, Api = api };
        rest = rest[name.Length..];
        if (Engine.Metadata.Navigation.Find(row.Entity!, name) is not { } navigation || !name.SequenceEqual(navigation.Name))
            return ParseProperty(name, rest, row);
        var path = row with { Navigation = navigation };
        if (rest.StartsWith('('))
        {
            if (!navigation.IsCollection) throw Errors.BadRequest($"'{name}' leads to one row, which has no key in the URL.");
            var close = EndOfKey(rest);
            path = path with { Child = RowKey.Parse(rest[1..close], metadata.Entity(navigation.Target!)) };
            rest = rest[(close + 1)..];
        }
        return rest switch
        {
            "" or "/" when path.Child is null => path,
            "" or "/" => Behind(row, navigation, path.Child, metadata) with { Kind = ResourceKind.Row },
            ['/', not '$', ..] when path.Child is not null || !navigation.IsCollection => ParseNavigation(rest, Behind(row, navigation, path.Child, metadata), metadata),
            "/$ref" => path with { Kind = ResourceKind.NavigationLink },
            "/$count" when path.Child is null && navigation.IsCollection => path with { Kind = ResourceKind.NavigationCount },
            _ => throw Errors.NotOffered($"The path '{rest}' behind '{name}'"),
        };
    }

    /// <summary>The custom API that is called here; <c>null</c> when the text is none, or one that is bound otherwise.</summary>
    /// <param name="call">Its name, for a function with its parameters.</param>
    private static CustomApiDefinition? ApiOf(ReadOnlySpan<char> call, ApiBinding binding, EntityDefinition? entity, MetadataSnapshot metadata)
    {
        if (call.IsEmpty || metadata.Apis.IsEmpty) return null;
        var open = call.IndexOf('(');
        if (open >= 0 && !call.TrimEnd('/').EndsWith(')')) return null;
        var api = metadata.FindApi((open < 0 ? call.TrimEnd('/') : call[..open]).ToString());
        return api is not null && api.Binding == binding && api.BoundEntity == entity?.LogicalName && (open < 0 || api.IsFunction || call[open..] is "()") ? api : null;
    }

    /// <summary>The name behind the namespace; empty when it has none.</summary>
    private static ReadOnlySpan<char> WithoutNamespace(ReadOnlySpan<char> call) => call.StartsWith(Namespace, StringComparison.Ordinal) ? call[Namespace.Length..] : [];

    /// <summary>The row that a navigation property of a row leads to.</summary>
    private static ResourcePath Behind(ResourcePath row, Navigation navigation, RowKey? child, MetadataSnapshot metadata)
    {
        if (navigation.Target is not { } target) throw Errors.NotOffered($"A path behind '{navigation.Name}', which leads to rows of several tables,");
        var before = row.Through ?? new RowPath(row.Entity!, row.Key, []);
        if (before.Steps.Length == QueryNames.LongestPath) throw Errors.BadRequest($"The path goes over more than {QueryNames.LongestPath} navigation properties.");
        return row with { Entity = metadata.Entity(target), Key = default, Through = before with { Steps = before.Steps.Add(new RowStep(navigation, child)) } };
    }

    private static ResourcePath ParseProperty(ReadOnlySpan<char> name, ReadOnlySpan<char> rest, ResourcePath row)
    {
        if (EntityNames.Of(row.Entity!).Find(name) is not { Kind: NameKind.Attribute or NameKind.LookupValue, Attribute: var column }) throw Errors.UnknownEntitySet(name.ToString());
        var path = row with { Property = column };
        return rest switch
        {
            "" or "/" => path with { Kind = column.IsFile ? ResourceKind.File : ResourceKind.Property },
            "/$value" => path with { Kind = column.IsFile ? ResourceKind.FileValue : ResourceKind.PropertyValue },
            _ => throw Errors.NotOffered($"The path '{rest}' behind the column '{name}'"),
        };
    }

    /// <summary>Position of the parenthesis that closes the key; one inside a quoted text does not count.</summary>
    private static int EndOfKey(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\'') quoted = !quoted;
            else if (text[at] == ')' && !quoted) return at;
        }
        throw Errors.BadRequest($"The key in '{text}' is not closed by a parenthesis.");
    }

    private static PlatformException UnknownVersion() => Errors.UnknownEntitySet("api/data");
}
