// Validates JSON documents against JSON Schemas (draft 2020-12) with ajv.
// Standard input:  { "schemas": { "<name>": <schema> }, "checks": [ { "schema": "<name>" | <schema>, "document": "<JSON text>" } ] }
// Standard output: for each check a list of sentences, empty when the document is valid.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { text } from "node:stream/consumers";

const { schemas, checks } = JSON.parse(await text(process.stdin));
// The x- keywords are not those of JSON Schema; a validator passes over them.
const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: true });
addFormats(ajv);

const compiled = new Map();
function validator(schema) {
  const key = typeof schema === "string" ? schema : JSON.stringify(schema);
  if (!compiled.has(key)) {
    const found = typeof schema === "string" ? schemas[schema] : schema;
    // What the file itself names is our dialect, which lies beside it; to a tool it is draft 2020-12.
    compiled.set(key, ajv.compile({ ...found, $schema: "https://json-schema.org/draft/2020-12/schema" }));
  }
  return compiled.get(key);
}

function check({ schema, document }) {
  try {
    const validate = validator(schema);
    return validate(JSON.parse(document)) ? [] : validate.errors.map(error => `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`);
  } catch (broken) {
    return [broken.message];
  }
}

process.stdout.write(JSON.stringify(checks.map(check)));
