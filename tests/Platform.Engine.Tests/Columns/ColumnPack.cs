using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Columns;

/// <summary>A pack with one table, <c>tst_thing</c>: a name, and the columns that a test writes.</summary>
internal static class ColumnPack
{
    /// <param name="columns">JSON members of <c>properties</c>.</param>
    /// <param name="more">JSON members of the table itself, each followed by a comma.</param>
    /// <param name="files">Further files of the pack.</param>
    public static PackFiles Of(string columns, string more = "", params (string Path, string Text)[] files)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        all["pack.json"] = """{ "id": "tests", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Tests", "dependencies": { "core": ">=1.0.0" } }""";
        all["entities/tst_thing/entity.json"] = $$"""
            { "title": "Thing", "type": "object", {{more}}
              "x-entity": { "logicalName": "tst_thing", "entitySetName": "tst_things", "ownership": "user", "primaryNameAttribute": "tst_name" },
              "properties": { "tst_name": { "type": "string", "title": "Name" }, {{columns}} } }
            """;
        foreach (var (path, text) in files) all[path] = text;
        return new PackFiles("packs/tests", all.ToImmutable());
    }
}
