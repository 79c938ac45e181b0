// Gathers the icons of icons.txt (20 px, regular) into one SVG sprite, and their names into a C# set.
// Run from this folder: npm ci && npm run build
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const studio = "../../src/Platform.Studio";
const names = readFileSync("icons.txt", "utf8").split(/\s+/).filter(Boolean).sort();
const missing = names.filter(name => !existsSync(source(name)));
if (missing.length) throw new Error(`@fluentui/svg-icons has no: ${missing.join(", ")}`);

const symbols = names.map(name => {
  const svg = readFileSync(source(name), "utf8");
  const body = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)[1].replace(/ fill="[^"]*"/g, "").trim();
  return `<symbol id="${name}" viewBox="0 0 20 20">${body}</symbol>`;
});
writeFileSync(`${studio}/wwwroot/icons.svg`,
  `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Fluent UI System Icons, (c) Microsoft Corporation, MIT; see icons.LICENSE.txt. Made by build/icons. -->\n${symbols.join("\n")}\n</svg>\n`);

writeFileSync(`${studio}/Components/IconNames.cs`, `using System.Collections.Frozen;

namespace Platform.Studio.Components;

/// <summary>Icons in wwwroot/icons.svg; made by build/icons together with the sprite.</summary>
internal static class IconNames
{
    public static FrozenSet<string> All { get; } = FrozenSet.ToFrozenSet(
    [
${names.map(name => `        "${name}",`).join("\n")}
    ]);
}
`);
console.log(`${names.length} icons`);

function source(name) {
  return `node_modules/@fluentui/svg-icons/icons/${name}_20_regular.svg`;
}
