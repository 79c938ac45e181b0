using Platform.Engine.Tests;

namespace Platform.Server.Tests.WebApi;

/// <summary>The pack "projects" with custom APIs of every sort.</summary>
internal static class ApiPack
{
    private const string EveryValue = """
        "Flag": { "type": "boolean", "title": "Flag"@ }, "Time": { "type": "dateTime", "title": "Time"@ }, "Rate": { "type": "decimal", "title": "Rate"@ },
        "Share": { "type": "double", "title": "Share"@ }, "Number": { "type": "integer", "title": "Number"@ }, "Big": { "type": "bigint", "title": "Big"@ },
        "Amount": { "type": "money", "title": "Amount"@ }, "Kind": { "type": "choice", "title": "Kind"@ }, "Text": { "type": "string", "title": "Text"@ },
        "Texts": { "type": "stringArray", "title": "Texts"@ }, "Id": { "type": "uniqueidentifier", "title": "Id"@ },
        "Reference": { "type": "entityReference", "title": "Reference"@ }
        """;

    private const string EveryRow = """
        , "Row": { "type": "entity", "entity": "tst_project", "title": "Row"@ }, "Rows": { "type": "entityCollection", "title": "Rows"@ }, "Object": { "type": "entity", "title": "Object"@ }
        """;

    public static ProjectPack Make()
    {
        var pack = new ProjectPack();
        foreach (var (name, file, script) in new[]
        {
            ("tst_EchoCs", "echo.csx", "foreach (var name in Context.Input.Values.Keys) Context.Output[name] = Context.Input[name];"),
            ("tst_EchoJs", "echo.js", "var names = ['Flag', 'Time', 'Rate', 'Share', 'Number', 'Big', 'Amount', 'Kind', 'Text', 'Texts', 'Id', 'Reference', 'Row', 'Rows', 'Object'];\nfor (var i = 0; i < names.length; i++) if (context.input.contains(names[i])) context.output.set(names[i], context.input.get(names[i]));"),
        })
            Add(pack, name, $$"""{ "title": "Echo", "requestParameters": { {{Optional(EveryValue + EveryRow)}} }, "responseProperties": { {{Plain(EveryValue + EveryRow)}} } }""", (file, script));
        Add(pack, "tst_EchoOfUrl", $$"""{ "title": "Echo", "isFunction": true, "requestParameters": { {{Optional(EveryValue)}} }, "responseProperties": { {{Plain(EveryValue)}} } }""",
            ("echo.csx", "foreach (var name in Context.Input.Values.Keys) Context.Output[name] = Context.Input[name];"));
        Add(pack, "tst_CloseProject",
            """
            { "title": "Close a project", "description": "Says how it ended.", "bindingType": "entity", "boundEntity": "tst_project",
              "requestParameters": { "Reason": { "type": "string", "title": "Reason" }, "Tasks": { "type": "integer", "title": "Tasks", "isOptional": true } },
              "responseProperties": { "Sentence": { "type": "string", "title": "Sentence" }, "Id": { "type": "uniqueidentifier", "title": "Id" } } }
            """,
            ("close.csx", """
                var id = Context.Target.Id;
                for (var i = 0; i < Context.Input.Get<int>("Tasks"); i++) Context.Service.Create(new EntityRecord("tst_task") { ["tst_name"] = $"task {i}", ["tst_projectid"] = Context.Input.Get<EntityReference>("Target") });
                Context.Service.Update(new EntityRecord("tst_project", id) { ["tst_name"] = "closed: " + Context.Input.Get<string>("Reason") });
                if (Context.Input.Get<string>("Reason") == "too late") Context.Reject("It is too late.", "tst_too_late");
                Context.Output["Sentence"] = Context.SharedVariables.Get<string>("by") + " closed it";
                Context.Output["Id"] = id;
                """),
            """
            , { "name": "who", "script": "who.js", "stage": "PreValidation" },
            { "name": "say more", "script": "more.js", "stage": "PostOperation", "rank": 2 }
            """,
            ("who.js", "if (context.input.get('Reason') === '') context.reject('Say why.', 'tst_why');\ncontext.sharedVariables.set('by', context.message + ' ' + context.stage);"),
            ("more.js", "context.output.set('Sentence', context.output.get('Sentence') + '!');"));
        Add(pack, "tst_Count",
            """{ "title": "Count", "bindingType": "entityCollection", "boundEntity": "tst_project", "isFunction": true, "requestParameters": { "Prefix": { "type": "string", "title": "Prefix" } }, "responseProperties": { "Count": { "type": "integer", "title": "Count" } } }""",
            ("count.js", "var rows = context.service.retrieveMultiple('tst_project', \"?$select=tst_name&$filter=startswith(tst_name,'\" + context.input.get('Prefix') + \"')\");\ncontext.output.set('Count', rows.length);"));
        Add(pack, "tst_Sneak",
            """{ "title": "Sneak", "bindingType": "entity", "boundEntity": "tst_project", "isFunction": true, "responseProperties": { "Done": { "type": "boolean", "title": "Done" } } }""",
            ("sneak.csx", "Context.Service.Update(new EntityRecord(\"tst_project\", Context.Target.Id) { [\"tst_name\"] = \"sneaked\" }); Context.Output[\"Done\"] = true;"));
        Add(pack, "tst_Newest",
            """{ "title": "Newest", "isFunction": true, "responseProperties": { "Project": { "type": "entity", "entity": "tst_project", "title": "Project" } } }""",
            ("newest.csx", "var rows = Context.Service.RetrieveMultiple(\"tst_project\", \"?$select=tst_name,tst_rate,_tst_accountid_value&$orderby=createdon desc&$top=1\"); if (rows.Count > 0) Context.Output[\"Project\"] = rows[0];"));
        Add(pack, "tst_Relatives",
            """{ "title": "Relatives", "bindingType": "entity", "boundEntity": "tst_project", "responseProperties": { "Rows": { "type": "entityCollection", "title": "Rows" } } }""",
            ("relatives.csx", "var project = Context.Service.Retrieve(Context.Target.ToReference(), \"tst_name\", \"tst_accountid\"); Context.Output[\"Rows\"] = new List<EntityRecord> { project, Context.Service.Retrieve(project.GetLookup(\"tst_accountid\"), \"name\") };"));
        Add(pack, "tst_Guarded", """{ "title": "Guarded", "executePrivilege": "prvDeletetst_Tag", "isPrivate": true, "responseProperties": { "Ok": { "type": "boolean", "title": "Ok" } } }""",
            ("guarded.js", "context.output.set('Ok', true);"));
        Add(pack, "tst_Outer", """{ "title": "Outer", "requestParameters": { "Api": { "type": "string", "title": "Api" } }, "responseProperties": { "Answer": { "type": "entity", "title": "Answer" } } }""",
            ("outer.js", "var project = context.service.create(new EntityRecord('tst_project', null, { tst_name: 'outer' }));\nvar target = { logicalName: 'tst_project', id: project };\ncontext.service.execute('SetState', { EntityMoniker: target, State: 1 });\ncontext.output.set('Answer', { of: context.input.get('Api'), answer: context.service.execute(context.input.get('Api'), {}), state: context.service.retrieve(target, 'statecode').get('statecode') });"));
        Add(pack, "tst_Wrong", """{ "title": "Wrong", "responseProperties": { "Number": { "type": "integer", "title": "Number" } } }""", ("wrong.csx", "Context.Output[\"Number\"] = \"seven\";"));
        return pack.Write("apis/tst_Event/api.json", """{ "title": "Something has happened" }""");
    }

    private static void Add(ProjectPack pack, string name, string definition, (string File, string Text) operation, string steps = "", params (string File, string Text)[] scripts)
    {
        pack.Write($"apis/{name}/api.json", definition);
        pack.Write($"apis/{name}/steps.json", $$"""{ "steps": [ { "name": "operation", "script": "{{operation.File}}", "stage": "MainOperation" } {{steps}} ] }""");
        foreach (var (file, text) in scripts.Append(operation)) pack.Write($"apis/{name}/{file}", text);
    }

    private static string Optional(string values) => values.Replace("@", ", \"isOptional\": true", StringComparison.Ordinal);

    private static string Plain(string values) => values.Replace("@", "", StringComparison.Ordinal);
}
