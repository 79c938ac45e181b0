using System.Collections.Immutable;
using Platform.Engine.Messages;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>apis/&lt;name&gt;/api.json</c>.</summary>
internal sealed class ApiReader(MetadataDraft draft, PackDraft pack)
{
    private const string PrivilegePrefix = "prv";

    private static readonly (string Word, ApiValueKind Value)[] Kinds =
    [
        ("boolean", ApiValueKind.Boolean), ("dateTime", ApiValueKind.DateTime), ("decimal", ApiValueKind.Decimal), ("double", ApiValueKind.Double),
        ("integer", ApiValueKind.Integer), ("bigint", ApiValueKind.BigInt), ("money", ApiValueKind.Money), ("choice", ApiValueKind.Choice),
        ("string", ApiValueKind.String), ("stringArray", ApiValueKind.StringArray), ("uniqueidentifier", ApiValueKind.UniqueIdentifier),
        ("entityReference", ApiValueKind.EntityReference), ("entity", ApiValueKind.Entity), ("entityCollection", ApiValueKind.EntityCollection),
    ];

    /// <summary>As Dataverse calls the row, or the rows, that an API is called on.</summary>
    private static readonly string[] NamesOfBound = [CustomApiRequest.Target, "entity", "entityset"];

    public void Read(ApiFolder folder)
    {
        var name = folder.Name;
        if (folder.Definition is null || pack.Open(folder.Definition) is not { } file)
        {
            if (folder.Definition is not null) draft.UnreadApis.Add(name);
            pack.Labels.Excuse("apis", name);
            return;
        }

        CheckName(file.Node, name);
        var binding = file.Find("bindingType")?.AsOneOf(("global", ApiBinding.Global), ("entity", ApiBinding.Entity), ("entityCollection", ApiBinding.EntityCollection)) ?? ApiBinding.Global;
        var isFunction = file.Flag("isFunction", false);
        var definition = new CustomApiDefinition
        {
            Name = name,
            Pack = pack.Id,
            Title = pack.Labels.Read(file.DemandTitle("title", "The English title of the API.") ?? name, "apis", name, "title"),
            Description = file.Description("description") is { } description ? pack.Labels.Read(description, "apis", name, "description") : null,
            Binding = binding,
            BoundEntity = ReadBound(file, binding),
            IsFunction = isFunction,
            IsPrivate = file.Flag("isPrivate", false),
            AllowedStepType = file.Find("allowedStepType")?.AsOneOf(("none", ApiStepType.None), ("asyncOnly", ApiStepType.AsyncOnly), ("syncAndAsync", ApiStepType.SyncAndAsync)) ?? ApiStepType.SyncAndAsync,
            ExecutePrivilege = ReadPrivilege(file),
            RequestParameters = ReadValues(file, "requestParameters", name, isFunction),
            ResponseProperties = ReadValues(file, "responseProperties", name, isFunction: false),
        };
        if (isFunction && definition.ResponseProperties.IsEmpty) file.Node.Fail("A function has no response properties.", "A function answers with something: add responseProperties, or take isFunction out.");
        file.Close();
        draft.Apis[name] = new ApiDraft(pack, file.Node, definition);
    }

    /// <summary>Reports names without a prefix that the pack claims and has no API for.</summary>
    public void CheckStandard()
    {
        foreach (var (name, place) in pack.StandardApis)
        {
            if (!pack.Layout.Apis.Any(folder => folder.Name == name && folder.Definition is not null))
                place.Fail($"The pack has no API '{name}'.", $"Add apis/{name}/api.json, or take the name out: a name is taken by an API alone.");
        }
    }

    /// <summary>One name, one thing: in URLs and in $metadata APIs stand beside entity sets, entities and Dataverse's own messages.</summary>
    private void CheckName(JsonNode place, string name)
    {
        if (!Names.CheckSchemaName(place, name)) return;
        if (pack.StandardApis.ContainsKey(name)) Reserve(place, name);
        else if (!pack.MayName(name)) place.Fail($"'{name}' does not begin with the prefix of the pack's publisher.", $"Call the folder '{pack.Prefix}_{name}', or name it under standardApis in pack.json where clients know it without a prefix.");
        else if (pack.Prefix.Length == 0) Reserve(place, name);
        var twin = draft.Apis.Keys.FirstOrDefault(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase) || IsResponseOf(other, name) || IsResponseOf(name, other));
        if (twin is not null) place.Fail($"'{name}' is too much like the API '{twin}' of the pack '{draft.Apis[twin].Pack.Id}'.", "Give it another name.");
        if (draft.Entities.Values.FirstOrDefault(entity => entity.EntitySetName == name || entity.Name == name) is { } table)
            place.Fail($"'{name}' is a name of the table '{table.Name}'.", "Give it another name.");
    }

    private static void Reserve(JsonNode place, string name)
    {
        if (MessageNames.Contains(name)) place.Fail($"'{name}' is a message of the platform.", "Give it another name.");
    }

    private static bool IsResponseOf(string name, string other) => other.Length == name.Length + "Response".Length && other.StartsWith(name, StringComparison.OrdinalIgnoreCase) && other.EndsWith("Response", StringComparison.OrdinalIgnoreCase);

    private string? ReadBound(JsonObject file, ApiBinding binding)
    {
        if (binding == ApiBinding.Global)
        {
            if (file.Find("boundEntity") is { } stray) stray.Fail("An API that is bound to nothing has no entity.", "Take it out, or write \"bindingType\": \"entity\".");
            return null;
        }

        return file.Demand("boundEntity", "The logical name of the table that it is bound to.") is { } node && node.AsText() is { } name ? draft.Resolve(node, name, pack)?.Name : null;
    }

    private ApiPrivilege? ReadPrivilege(JsonObject file)
    {
        if (file.Find("executePrivilege") is not { } node || node.AsText() is not { } text) return null;
        foreach (var privilege in Enum.GetValues<Privilege>().OrderByDescending(known => known.ToString().Length))
        {
            if (!text.StartsWith($"{PrivilegePrefix}{privilege}", StringComparison.OrdinalIgnoreCase)) continue;
            var entity = text[(PrivilegePrefix.Length + privilege.ToString().Length)..].ToLowerInvariant();
            return draft.Resolve(node, entity, pack) is { } known ? new ApiPrivilege(known.Name, privilege) : null;
        }

        node.Fail($"'{text}' is no privilege.", $"Write {PrivilegePrefix}, one of {string.Join(", ", Enum.GetNames<Privilege>())}, and the name of a table: prvWriteLead.");
        return null;
    }

    private ImmutableArray<ApiParameter> ReadValues(JsonObject file, string key, string api, bool isFunction)
    {
        if (file.Object(key) is not { } values) return [];
        var isRequest = key == "requestParameters";
        var read = new List<ApiParameter>();
        foreach (var node in values.All())
        {
            if (JsonObject.Open(node) is not { } value) continue;
            Names.CheckSchemaName(node, node.Name);
            if (isRequest && NamesOfBound.Contains(node.Name, StringComparer.OrdinalIgnoreCase)) node.Fail($"'{node.Name}' is the name of what an API is bound to.", "Give the parameter another name.");
            if (read.Find(other => string.Equals(other.Name, node.Name, StringComparison.OrdinalIgnoreCase)) is { } twin) node.Fail($"'{node.Name}' is too much like '{twin.Name}'.", "Give one of them another name.");
            var parameter = ReadValue(value, key, api, isRequest);
            if (isFunction && parameter.Kind is ApiValueKind.Entity or ApiValueKind.EntityCollection) node.Fail("A function takes no rows with values.", "Take entityReference, or make it an action.");
            read.Add(parameter);
            value.Close();
        }

        return [.. read];
    }

    private ApiParameter ReadValue(JsonObject value, string key, string api, bool isRequest)
    {
        var name = value.Node.Name;
        var kind = value.Demand("type", $"One of {string.Join(", ", Kinds.Select(known => known.Word))}.")?.AsOneOf(Kinds) ?? default;
        var title = pack.Labels.Read(value.DemandTitle("title", "The English title.") ?? name, "apis", api, key, name, "title");
        var description = value.Description("description") is { } text ? pack.Labels.Read(text, "apis", api, key, name, "description") : null;
        var parameter = new ApiParameter(name, kind, null, isRequest && value.Flag("isOptional", false), title, description);
        if (value.Find("entity") is not { } node) return parameter;
        if (!parameter.IsAboutRows) node.Fail("A value of this type is of no table.", "Take it out, or write entityReference, entity or entityCollection as type.");
        return node.AsText() is { } entity ? parameter with { Entity = draft.Resolve(node, entity, pack)?.Name } : parameter;
    }
}
