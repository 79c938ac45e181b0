using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Security;

/// <summary>A tree of three levels whose relationships cascade in all the ways there are: areas in areas, plans and deals in areas, steps in plans and deals.</summary>
public static class SharePack
{
    private const string All = """{ "create": "user", "read": "user", "write": "user", "delete": "user", "append": "user", "appendTo": "user", "assign": "user", "share": "user" }""";

    /// <summary>Rules of the lookup to the row above.</summary>
    public static ImmutableDictionary<string, (string Assign, string Share, string Unshare, string Reparent, string Delete)> Rules { get; } = new Dictionary<string, (string, string, string, string, string)>
    {
        ["tst_area"] = ("none", "cascade", "cascade", "cascade", "removeLink"),
        ["tst_plan"] = ("cascade", "cascade", "cascade", "cascade", "cascade"),
        ["tst_deal"] = ("none", "active", "none", "userOwned", "removeLink"),
        ["tst_step"] = ("userOwned", "userOwned", "active", "active", "cascade"),
    }.ToImmutableDictionary();

    /// <summary>Tables, from the top down.</summary>
    public static ImmutableArray<string> Tables { get; } = ["tst_area", "tst_plan", "tst_deal", "tst_step"];

    /// <summary>Everything, as the owner or by a share.</summary>
    public static Guid Member { get; } = new("5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e11");

    /// <summary>The same for areas alone.</summary>
    public static Guid AreasOnly { get; } = new("5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e12");

    public static PackFiles Files { get; } = new("packs/shares", new Dictionary<string, string>
    {
        ["pack.json"] = """{ "id": "shares", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Shares", "dependencies": { "core": ">=1.0.0" } }""",
        ["entities/tst_area/entity.json"] = Table("tst_area", "tst_area"),
        ["entities/tst_plan/entity.json"] = Table("tst_plan", "tst_area"),
        ["entities/tst_deal/entity.json"] = Table("tst_deal", "tst_area"),
        ["entities/tst_step/entity.json"] = Table("tst_step", "tst_plan", "tst_deal"),
        ["roles/member.json"] = $$"""
            { "id": "{{Member:D}}", "title": "Member", "privileges": { "tst_area": {{All}}, "tst_plan": {{All}}, "tst_deal": {{All}}, "tst_step": {{All}},
              "systemuser": { "read": "organization", "appendTo": "organization" }, "team": { "read": "organization", "appendTo": "organization" } } }
            """,
        ["roles/areas.json"] = $$"""{ "id": "{{AreasOnly:D}}", "title": "Areas", "privileges": { "tst_area": {{All}} } }""",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal));

    private static string Table(string name, params string[] above)
    {
        var (assign, share, unshare, reparent, delete) = Rules[name];
        var cascade = $$"""{ "assign": "{{assign}}", "share": "{{share}}", "unshare": "{{unshare}}", "reparent": "{{reparent}}", "delete": "{{delete}}" }""";
        return ProjectPack.Table(name, $$""" "tst_aboveid": { "x-lookup": { "targets": [{{string.Join(", ", above.Select(target => $"\"{target}\""))}}], "relationship": "{{name}}_above", "cascade": {{cascade}} }, "title": "Above" } """);
    }
}
