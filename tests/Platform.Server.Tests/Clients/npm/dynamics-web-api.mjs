// Every operation of the client dynamics-web-api against a running server.
// Environment: PLATFORM_URL, PLATFORM_TOKEN. Standard output: see cases.mjs.
import assert from "node:assert/strict";
import { DynamicsWebApi } from "dynamics-web-api";
import { addBatches } from "./batches.mjs";
import { Cases, refused } from "./cases.mjs";
import { addDefinitions } from "./definitions.mjs";
import { addRows } from "./rows.mjs";

const { PLATFORM_URL: serverUrl, PLATFORM_TOKEN: token } = process.env;
const dataApi = { version: "9.2" };
const api = new DynamicsWebApi({ serverUrl, dataApi, onTokenRefresh: async () => token });
const cases = new Cases();

cases.add("the token may come as a header, with the request, or from a function", async () => {
  for (const [config, request] of [[{ headers: { Authorization: `Bearer ${token}` } }, {}], [{}, { token }], [{ onTokenRefresh: async () => ({ accessToken: token }) }, {}]]) {
    const other = new DynamicsWebApi({ serverUrl, dataApi, ...config });
    assert.match((await other.callFunction({ name: "WhoAmI", ...request })).UserId, /^[0-9a-f-]{36}$/);
  }
});

cases.add("without a token the client hears 401", async () => {
  assert.equal((await refused(() => new DynamicsWebApi({ serverUrl, dataApi }).callFunction("WhoAmI"))).status, 401);
});

cases.add("older versions of the service are the same", async () => {
  for (const version of ["9.0", "9.1"]) {
    const id = await new DynamicsWebApi({ serverUrl, dataApi: { version }, onTokenRefresh: async () => token }).create({ collection: "accounts", data: { name: version } });
    assert.equal((await api.retrieve({ collection: "accounts", key: id, select: ["name"] })).name, version);
  }
});

cases.add("preferences of the configuration hold for every request, and a timeout that is long enough does nothing", async () => {
  const other = new DynamicsWebApi({ serverUrl, dataApi, onTokenRefresh: async () => token, returnRepresentation: true, maxPageSize: 1, includeAnnotations: "*", timeout: 60_000 });
  assert.equal((await other.create({ collection: "accounts", data: { name: "Configured" } })).statecode_Formatted, "Active");
  await other.create({ collection: "accounts", data: { name: "Configured" } });
  assert.ok((await other.retrieveMultiple({ collection: "accounts", select: ["name"], filter: "name eq 'Configured'" })).oDataNextLink);
});

cases.add("a request that its client gives up is given up, and the next one works", async () => {
  const abort = new AbortController();
  const call = api.retrieveMultiple({ collection: "accounts", select: ["name"], signal: abort.signal });
  abort.abort();
  await refused(() => call);
  assert.match((await api.callFunction("WhoAmI")).UserId, /^[0-9a-f-]{36}$/);
});

addRows(cases, api, { dot: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64") });
addBatches(cases, api);
addDefinitions(cases, api);
await cases.run();
