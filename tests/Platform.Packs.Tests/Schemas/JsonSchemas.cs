using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Engine.Tests;

namespace Platform.Packs.Tests.Schemas;

/// <summary>The JSON Schemas of <c>metadata/schema</c>, and ajv, a validator that knows nothing of us.</summary>
internal static class JsonSchemas
{
    public const string Draft = "https://json-schema.org/draft/2020-12/schema";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Lazy<JsonObject> Shipped = new(() => new JsonObject(
        Directory.GetFiles(RepositoryRoot.At("metadata", "schema"), "*.schema.json")
            .Select(file => KeyValuePair.Create(Path.GetFileName(file).Split('.')[0], JsonNode.Parse(File.ReadAllText(file))))
            .Append(KeyValuePair.Create("draft", (JsonNode?)new JsonObject { ["$ref"] = Draft }))));

    /// <summary>Which schema a file of a pack follows.</summary>
    public static string KindOf(string path) => path.Split('/') switch
    {
        ["pack.json"] => "pack",
        ["entities", _, "entity.json"] => "entity",
        ["entities", _, "steps.json"] => "steps",
        ["entities", _, "forms", _] => "form",
        ["entities", _, "views", _] => "view",
        ["apis", _, "api.json"] => "api",
        ["apis", _, "steps.json"] => "apisteps",
        ["choices", _] => "choice",
        ["relationships", _] => "relationship",
        ["roles", _] => "role",
        ["app", _] => "sitemap",
        ["data", _] => "data",
        ["labels", _] => "labels",
        _ => throw new ArgumentException($"No schema for {path}."),
    };

    /// <summary>What the validator says about each document; nothing when it is valid.</summary>
    /// <param name="checks">The name of a schema of ours, <c>draft</c> for JSON Schema itself, or a schema as JSON; and the document.</param>
    public static async Task<string[][]> ValidateAsync(IEnumerable<(string Schema, string Document)> checks)
    {
        var npm = RepositoryRoot.At("tests", "Platform.Packs.Tests", "npm");
        Assert.True(Directory.Exists(Path.Combine(npm, "node_modules", "ajv")), $"The validator is not installed: npm ci in {npm}, or tests/run.");
        var request = new JsonObject
        {
            ["schemas"] = Shipped.Value.DeepClone(),
            ["checks"] = new JsonArray([.. checks.Select(check => (JsonNode)new JsonObject { ["schema"] = check.Schema.StartsWith('{') ? JsonNode.Parse(check.Schema) : check.Schema, ["document"] = check.Document })]),
        };
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(npm, "validate.mjs")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = npm,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(request.ToJsonString(Json));
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return JsonSerializer.Deserialize<string[][]>(await output)!;
    }
}
