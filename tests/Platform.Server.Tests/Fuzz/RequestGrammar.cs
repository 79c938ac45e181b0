namespace Platform.Server.Tests.Fuzz;

/// <summary>One request of any sort: path, options, headers and body that belong together, until something of them is broken.</summary>
internal sealed class RequestGrammar
{
    private const string Root = "/api/data/v9.2/";
    private const string Crm = "Microsoft.Dynamics.CRM.";

    private static readonly string[] Target = ["Target"];

    private static readonly Dictionary<string, string[]> Actions = new()
    {
        ["Assign"] = ["Target", "Assignee"],
        ["SetState"] = ["EntityMoniker", "State", "Status"],
        ["Merge"] = ["Target", "Subordinate", "UpdateContent", "PerformParentingChecks"],
        ["GrantAccess"] = ["Target", "PrincipalAccess"],
        ["ModifyAccess"] = ["Target", "PrincipalAccess"],
        ["RevokeAccess"] = ["Target", "Revokee"],
        ["SetAutoNumberSeed"] = ["EntityName", "AttributeName", "Value"],
        ["GetNextAutoNumberValue"] = ["EntityName", "AttributeName"],
        ["PublishXml"] = ["ParameterXml"],
        ["InsertOptionValue"] = ["OptionSetName", "Value", "Label"],
        ["ReactivateEntityKey"] = ["EntityLogicalName", "EntityKeyLogicalName"],
        ["CanBeReferenced"] = ["EntityName"],
        ["NoSuchAction"] = Target,
    };

    private readonly int number;
    private readonly Dice dice;
    private readonly FuzzModel model;
    private readonly HostileValues values;
    private readonly QueryGrammar queries;
    private readonly BodyGrammar bodies;
    private readonly HeaderGrammar headers;

    private RequestGrammar(int number, Dice dice, FuzzModel model)
    {
        this.number = number;
        this.dice = dice;
        this.model = model;
        values = new HostileValues(dice);
        queries = new QueryGrammar(dice, model, values);
        bodies = new BodyGrammar(dice, model, values);
        headers = new HeaderGrammar(dice, values);
    }

    public static FuzzRequest Make(int seed, int number, FuzzModel model)
    {
        var dice = new Dice(seed, number);
        var grammar = new RequestGrammar(number, dice, model);
        return dice.Once(12) ? new BatchGrammar(number, dice, grammar.bodies, grammar.Single).Make(grammar.headers) : grammar.Single();
    }

    private FuzzRequest Single()
    {
        var request = dice.Below(20) switch
        {
            < 8 => Read(),
            < 14 => Write(),
            14 => Link(),
            15 => Action(),
            16 => Function(),
            17 => Definition(),
            18 => Content(),
            _ => dice.Once(2) ? Column() : Many(),
        };
        var path = dice.Oddly(6) ? Safe(Mutation.Break(dice, request.Path)) : request.Path;
        if (dice.Oddly(40)) path += (path.Contains('?', StringComparison.Ordinal) ? "&$filter=" : "?$filter=") + string.Concat(Enumerable.Repeat("name%20eq%20'x'%20or%20", dice.One(200, 1600, 3000))) + "true";
        return request with { Path = Safe(path), Method = dice.Oddly(20) ? dice.One("PUT", "FOO", "get", "HEAD", "OPTIONS", "TRACE", "DELETE") : request.Method };
    }

    private FuzzRequest Read()
    {
        var table = dice.One(dice.Once(2) ? model.Tables : model.Writable);
        var path = dice.Below(6) switch
        {
            0 => $"{table.Set}({Key(table)})",
            1 => $"{table.Set}/{dice.One("$count", "$count", "$explain")}",
            2 when table.Navigations.Count > 0 => $"{table.Set}({Key(table)})/{dice.One(table.Navigations).Name}{(dice.Oddly(3) ? dice.One("(" + values.Id() + ")", "/nothing", $"({values.Id()})/createdon/$value", "/ownerid_systemuser/fullname", $"({values.Id()})/$ref", "/name") : dice.One("", "/$count", "/$ref"))}",
            _ => table.Set,
        };
        return Request("GET", path + queries.FetchOrQuery(table));
    }

    private FuzzRequest Write()
    {
        var table = dice.One(model.Writable);
        return dice.Below(5) switch
        {
            0 => Request("DELETE", $"{table.Set}({Key(table)})"),
            < 3 => Request("PATCH", $"{table.Set}({Key(table)})" + (dice.Oddly(3) ? queries.Of(table) : ""), bodies.Row(table)),
            _ => Request("POST", table.Set + (dice.Oddly(3) ? queries.Of(table) : ""), bodies.Row(table)),
        };
    }

    private FuzzRequest Link()
    {
        var table = dice.One(model.Writable);
        var navigation = table.Navigations.Count == 0 ? new FuzzNavigation("x", "account", true) : dice.One(table.Navigations);
        var path = $"{table.Set}({Key(table)})/{navigation.Name}/$ref";
        return dice.Below(4) switch
        {
            0 => Request("DELETE", path + dice.One("", $"?$id={dice.Encode(Root + model.Find(navigation.Target).Set + "(" + values.Id() + ")")}", $"?$id={dice.Encode(values.Text())}")),
            1 => Request("DELETE", $"{table.Set}({Key(table)})/{navigation.Name}({values.Id()})/$ref"),
            _ => Request(dice.One("POST", "PUT"), path, $"{{\"@odata.id\":{bodies.Link(navigation.Target)}}}"),
        };
    }

    private FuzzRequest Action()
    {
        var name = dice.One([.. Actions.Keys]);
        return Request("POST", name, bodies.Parameters(Actions[name], TypedRow));
    }

    private FuzzRequest Many()
    {
        var table = dice.One(model.Writable);
        return Request("POST", $"{table.Set}/{Crm}{(dice.Oddly(8) ? "NothingMultiple" : dice.One("CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple"))}", bodies.Parameters(["Targets"], () => TypedRow(table)));
    }

    private FuzzRequest Function()
    {
        var target = dice.Encode(dice.MaybeBroken(TypedRow(), 4));
        return Request("GET", dice.Below(9) switch
        {
            0 => $"WhoAmI{dice.One("()", "", "(x=1)")}",
            1 => $"InitializeFrom(EntityMoniker=@a,TargetEntityName='{dice.One("contact", "nothing")}',TargetFieldType=Microsoft.Dynamics.CRM.TargetFieldType'ValidForCreate')?@a={target}",
            2 => $"RetrieveTotalRecordCount(EntityNames={dice.Encode(dice.One("['account','contact']", "[]", "['nothing']", "null", values.AnyLiteral()))})",
            3 => $"CalculateRollupField(Target=@t,FieldName='{dice.One("tst_total", "name", "nothing")}')?@t={target}",
            4 => $"RetrieveSharedPrincipalsAndAccess(Target=@t)?@t={target}",
            5 => $"systemusers({values.Id()})/{Crm}RetrievePrincipalAccess(Target=@t)?@t={target}",
            6 => $"RetrieveMetadataChanges(Query=@q,ClientVersionStamp={dice.Encode(HostileValues.Quoted(values.Text()))})?@q={dice.Encode(dice.MaybeBroken(MetadataQuery(), 2))}",
            7 => $"RetrieveEntity(LogicalName={dice.Encode(HostileValues.Quoted(dice.One("account", values.Text())))},EntityFilters={Crm}EntityFilters'{dice.One("All", "Entity", "Nothing", "15")}')",
            _ => dice.One("RetrieveTimestamp()", "RetrieveTimestamp", "NoSuchFunction()", $"accounts/{Crm}NoSuch()", "$metadata", "$metadata?$format=json", "$metadata?$format=x", "", "$all", "$crossjoin(accounts,contacts)", "$entity?$id=accounts(1)", "accounts/$filter(name eq 'x')", "accounts/$each"),
        });
    }

    private FuzzRequest Definition()
    {
        var path = dice.One(
            "EntityDefinitions", "EntityDefinitions(LogicalName='account')", $"EntityDefinitions({values.Id()})", "EntityDefinitions(LogicalName='tst_thing')/Attributes", "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')",
            $"EntityDefinitions(LogicalName='tst_thing')/Attributes/{Crm}{dice.One("LookupAttributeMetadata", "PicklistAttributeMetadata", "Nothing")}", "RelationshipDefinitions", "GlobalOptionSetDefinitions", "EntityDefinitions(LogicalName='account')/Keys",
            $"EntityDefinitions(LogicalName={dice.Encode(HostileValues.Quoted(values.Text()))})");
        if (!dice.Once(4))
        {
            var options = dice.Some(0, 3, () => dice.One(
                "$select=LogicalName", "$select=Nothing", "$expand=Attributes($select=LogicalName;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'String')", "$filter=IsCustomEntity eq true", $"$filter=LogicalName eq {HostileValues.Quoted(values.Text())}",
                "$filter=Attributes/any(a:a/LogicalName eq 'name')", $"$filter={string.Concat(Enumerable.Repeat("not ", dice.One(2, 100, 2000)))}true", "$top=1", "$expand=Keys,OneToManyRelationships", $"LabelLanguages={values.Text()}", $"$filter={values.AnyLiteral()}"));
            return Request("GET", path + "?" + string.Join('&', options.Select(option => dice.Encode(dice.MaybeBroken(option, 4)))));
        }
        return Request(dice.One("POST", "PUT", "DELETE"), dice.One("EntityDefinitions", "EntityDefinitions(LogicalName='account')/Attributes", "EntityDefinitions(LogicalName='account')", "RelationshipDefinitions", "GlobalOptionSetDefinitions", "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')"), bodies.Definition());
    }

    private FuzzRequest Content()
    {
        var path = $"tst_things({values.Id()})/{dice.One("tst_paper", "tst_photo", "tst_nothing")}{dice.One("", "", "/$value", "?size=full", "/$value?size=x")}";
        return dice.Below(4) switch
        {
            0 => Request("GET", path),
            1 => Request("DELETE", path),
            _ => Request(dice.One("PATCH", "PUT"), path, values.Text()) with { ContentType = dice.One("application/octet-stream", "image/png", "application/json", "x") },
        };
    }

    private FuzzRequest Column()
    {
        var table = dice.One(model.Writable);
        var column = dice.One(table.Columns);
        var path = $"{table.Set}({Key(table)})/{column.Name}{dice.One("", "", "/$value", "/x")}";
        return dice.Below(3) switch
        {
            0 => Request("GET", path),
            1 => Request("DELETE", path),
            _ => Request("PUT", path, $"{{\"value\":{bodies.Value(column.Kind)}}}"),
        };
    }

    private string Key(FuzzTable table) => !dice.Oddly(2) ? values.Id() : dice.Below(6) switch
    {
        0 => dice.Encode(HostileValues.Quoted(values.Text())),
        1 => dice.Encode(values.AnyLiteral()),
        2 => $"tst_code={dice.Encode(HostileValues.Quoted(values.Text()))}",
        3 => $"tst_whole={values.Number()},tst_day={values.Date()}",
        4 => dice.Encode($"{dice.One(table.Columns).Name}={values.AnyLiteral()}"),
        _ => "tst_code='c1'",
    };

    private string TypedRow() => TypedRow(dice.One(model.Writable));

    private string TypedRow(FuzzTable table)
    {
        if (dice.Oddly(8)) return bodies.Row(table);
        var type = $"\"@odata.type\":\"{(dice.Oddly(4) ? "" : dice.One(Crm, "#" + Crm))}{(dice.Oddly(8) ? "nothing" : table.Name)}\"";
        return dice.Once(4) ? $"{{{type},\"@odata.id\":{bodies.Link(table.Name)}}}" : $"{{{type},\"{(table.Name == "task" ? "activityid" : table.Name + "id")}\":{bodies.Quoted(values.Id())}{(dice.Once(2) ? $",\"description\":{bodies.Quoted(values.Text())}" : "")}}}";
    }

    private string MetadataQuery() =>
        $"{{\"Properties\":{{\"PropertyNames\":[\"SchemaName\",{bodies.Quoted(values.Text())}]}},\"Criteria\":{{\"FilterOperator\":\"{dice.One("And", "Or", "X")}\",\"Conditions\":[{{\"PropertyName\":\"{dice.One("LogicalName", "Nothing", "MetadataId")}\",\"ConditionOperator\":\"{dice.One("Equals", "In", "GreaterThan", "X")}\",\"Value\":{{\"Type\":\"{dice.One("System.String", "System.Guid", "X")}\",\"Value\":{bodies.Quoted(values.Text())}}}}}]}}}}";

    private FuzzRequest Request(string method, string path, string? body = null) => new(
        number, method, Safe((dice.Oddly(20) ? dice.One("/api/data/v9.0/", "/api/data/v8.2/", "/api/data/", "/api/data/v9.", "/API/DATA/V9.2/", "/api/data/v9.2//", "/api/data/v9.99999999999/") : Root) + path), headers.Make(),
        body is null ? null : Mutation.Bytes(dice.MaybeBroken(body, 8)), headers.ContentType());

    /// <summary>What a request line can hold. Beyond that a server hangs up before it has read the line.</summary>
    internal static string Safe(string path)
    {
        if (path.Length > 120_000) path = path[..120_000];
        var safe = string.Concat(path.Select(one => one is > ' ' and < '\u007f' and not '#' ? one : one == ' ' ? '+' : '~'));
        return safe.StartsWith("/api/data/", StringComparison.OrdinalIgnoreCase) ? safe : "/api/data/" + safe;
    }
}
