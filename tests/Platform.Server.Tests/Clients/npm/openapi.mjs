// What a validator that knows nothing of us makes of /openapi/v1.json, and whether requests that follow it are taken.
// Environment: PLATFORM_URL, PLATFORM_TOKEN. Standard output: see cases.mjs.
import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv";
import { Cases } from "./cases.mjs";

const { PLATFORM_URL, PLATFORM_TOKEN } = process.env;
const call = (path, { headers = {}, ...rest } = {}) => fetch(new URL(path, PLATFORM_URL), { headers: { Authorization: `Bearer ${PLATFORM_TOKEN}`, "Content-Type": "application/json", ...headers }, ...rest });
const answer = await call("/openapi/v1.json");
const document = await answer.json();
const root = document.servers[0].url;
const cases = new Cases();

// The nullable of OpenAPI 3.0 in the words of JSON Schema; rows of rows may be anything: tables lead to each other.
const schemaOf = (schema, depth = 0) => {
  if (schema.$ref) return depth > 0 ? {} : schemaOf(document.components.schemas[schema.$ref.split("/").at(-1)], depth + 1);
  const { nullable, properties, items, ...rest } = schema;
  if (properties) rest.properties = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, schemaOf(property, depth)]));
  if (items) rest.items = schemaOf(items, depth);
  if (nullable) rest.type = [rest.type, "null"];
  return rest;
};
const ajv = new Ajv({ strict: false, validateFormats: false });
const listOf = async set => {
  const schema = document.paths[`/${set}`].get.responses["200"].content["application/json"].schema;
  const list = await (await call(`${root}/${set}?$count=true`)).json();
  const validate = ajv.compile(schemaOf(schema));
  assert.ok(validate(list), `${set}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  return list;
};

cases.add("the document is valid", async () => {
  const result = await new Validator().validate(structuredClone(document));
  assert.ok(result.valid, JSON.stringify(result.errors ?? []).slice(0, 2000));
  assert.match(document.openapi, /^3\.0\./);
});

cases.add("every reference leads somewhere, and every operation has an id of its own", async () => {
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
  for (const [, path] of references) assert.ok(path.split("/").reduce((at, name) => at?.[name], document), path);
  const ids = Object.values(document.paths).flatMap(path => Object.values(path)).map(operation => operation.operationId).filter(Boolean);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.includes("list_account") && ids.includes("WhoAmI") && ids.includes("Merge"), "ids");
});

cases.add("rows are as the document says", async () => {
  for (const set of ["accounts", "contacts", "systemusers", "roles", "transactioncurrencies", "tasks", "audits"]) await listOf(set);
});

cases.add("a row that is written as the document says is taken, and read as it says", async () => {
  const written = document.components.schemas.account_write.properties;
  assert.ok(written.name && written["primarycontactid@odata.bind"] && !written.createdon && !written.versionnumber);
  assert.deepEqual(written.customertypecode.enum.at(-1), null);
  const made = await call(`${root}/accounts`, { method: "POST", headers: { Prefer: "return=representation" }, body: JSON.stringify({ name: "Openly", revenue: 12.5, customertypecode: written.customertypecode.enum[0] }) });
  assert.equal(made.status, 201);
  const list = await listOf("accounts");
  assert.ok(list.value.some(row => row.name === "Openly"));
});

cases.add("it is kept by its tag, speaks the caller's language, and is for those who are signed in", async () => {
  assert.equal((await call("/openapi/v1.json", { headers: { "If-None-Match": answer.headers.get("etag") } })).status, 304);
  const korean = await (await call("/openapi/v1.json", { headers: { "Accept-Language": "ko" } })).json();
  assert.equal(korean.components.schemas.account.title, "거래처");
  assert.equal((await fetch(new URL("/openapi/v1.json", PLATFORM_URL))).status, 401);
  assert.equal((await call("/openapi/v1.json", { method: "HEAD" })).status, 200);
});

await cases.run();
