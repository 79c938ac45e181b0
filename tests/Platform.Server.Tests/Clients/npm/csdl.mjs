// What parsers that know nothing of us make of $metadata, in XML and in JSON, compared with what the metadata API says of the same tables.
// Environment: PLATFORM_URL, PLATFORM_TOKEN. Standard output: see cases.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import edmx from "@sap-ux/edmx-parser";
import odataCsdl from "odata-csdl";
import { Cases } from "./cases.mjs";
import { Model } from "./csdl-model.mjs";

const { PLATFORM_URL, PLATFORM_TOKEN } = process.env;
const service = `${PLATFORM_URL}api/data/v9.2/`;
const namespace = "Microsoft.Dynamics.CRM";
const get = async path => {
  const answer = await fetch(service + path, { headers: { Authorization: `Bearer ${PLATFORM_TOKEN}`, Accept: "application/json" } });
  assert.equal(answer.status, 200, `${path}: ${answer.status}`);
  return answer;
};

const xml = await (await get("$metadata")).text();
const own = await (await get("$metadata?$format=json")).json();
const converted = odataCsdl.xml2json(xml, { strict: true });
const tables = (await (await get(
  "EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute&$expand=Attributes($select=LogicalName,AttributeType,AttributeTypeName,AttributeOf,MetadataId),Keys($select=LogicalName,KeyAttributes)," +
  "ManyToOneRelationships($select=SchemaName,ReferencedEntity,ReferencingAttribute,ReferencingEntityNavigationPropertyName,ReferencedEntityNavigationPropertyName)," +
  "ManyToManyRelationships($select=SchemaName,Entity1LogicalName,Entity2LogicalName,Entity1NavigationPropertyName,Entity2NavigationPropertyName)")).json()).value;
const models = { "of the XML": new Model(converted, namespace), "of the JSON": new Model(own, namespace) };
const cases = new Cases();

cases.add("there is much to read", async () => {
  assert.ok(tables.length >= 120, `${tables.length} tables`);
  assert.ok(xml.length > 500_000, `${xml.length} characters`);
});

cases.add("both forms follow the JSON Schema of CSDL", async () => {
  const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("odata-csdl/schemas/csdl.schema.json"), "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
  const validate = ajv.compile(schema);
  for (const [form, document] of [["XML", converted], ["JSON", own]])
    assert.ok(validate(document), `${form}: ${JSON.stringify(validate.errors?.slice(0, 5))}`);
});

cases.add("both forms say the same", async () => {
  const [left, right] = Object.values(models);
  assert.deepEqual([...left.names()].sort(), [...right.names()].sort());
  for (const name of left.names()) assert.deepEqual(right.plain(name), left.plain(name), name);
});

for (const [form, model] of Object.entries(models)) {
  cases.add(`every reference ${form} leads somewhere`, async () => assert.deepEqual(model.danglingReferences(), []));

  cases.add(`every navigation property ${form} has a partner that leads back, and a binding to the set of its target`, async () => assert.deepEqual(model.brokenNavigations(), []));

  cases.add(`every table ${form} has its set, key, columns and types`, async () => {
    const types = {
      String: "Edm.String", Memo: "Edm.String", Integer: "Edm.Int32", BigInt: "Edm.Int64", Decimal: "Edm.Decimal", Money: "Edm.Decimal", Double: "Edm.Double", Boolean: "Edm.Boolean",
      Picklist: "Edm.Int32", State: "Edm.Int32", Status: "Edm.Int32", Uniqueidentifier: "Edm.Guid", DateTime: ["Edm.DateTimeOffset", "Edm.Date"], EntityName: "Edm.String",
    };
    for (const table of tables) {
      const type = model.type(table.LogicalName);
      assert.ok(type, table.LogicalName);
      assert.equal(model.container[table.EntitySetName]?.$Type, `${namespace}.${table.LogicalName}`, table.EntitySetName);
      assert.deepEqual(model.key(table.LogicalName), [table.PrimaryIdAttribute], table.LogicalName);
      for (const column of table.Attributes) {
        const isLookup = ["Lookup", "Customer", "Owner"].includes(column.AttributeType);
        const property = model.property(table.LogicalName, isLookup ? `_${column.LogicalName}_value` : column.LogicalName);
        if (!property && column.AttributeOf) continue;
        assert.ok(property, `${table.LogicalName}.${column.LogicalName}`);
        const expected = isLookup ? "Edm.Guid" : types[column.AttributeType];
        if (expected) assert.ok([expected].flat().includes(property.$Type ?? "Edm.String"), `${table.LogicalName}.${column.LogicalName}: ${property.$Type} for ${column.AttributeType}`);
      }
    }
  });

  cases.add(`every relationship ${form} has its navigation properties at both ends`, async () => {
    for (const table of tables) {
      for (const way of table.ManyToOneRelationships) {
        const there = model.property(table.LogicalName, way.ReferencingEntityNavigationPropertyName);
        assert.equal(there?.$Type, `${namespace}.${way.ReferencedEntity}`, `${table.LogicalName}.${way.ReferencingEntityNavigationPropertyName}`);
        assert.equal(there.$Collection ?? false, false);
        assert.deepEqual(Object.keys(there.$ReferentialConstraint ?? {}).filter(name => !name.includes("@")), [`_${way.ReferencingAttribute}_value`]);
        const back = model.property(way.ReferencedEntity, way.ReferencedEntityNavigationPropertyName);
        assert.deepEqual([back?.$Type, back?.$Collection], [`${namespace}.${table.LogicalName}`, true], `${way.ReferencedEntity}.${way.ReferencedEntityNavigationPropertyName}`);
      }
      for (const pairs of table.ManyToManyRelationships) {
        const isFirst = pairs.Entity1LogicalName === table.LogicalName;
        const property = model.property(table.LogicalName, isFirst ? pairs.Entity1NavigationPropertyName : pairs.Entity2NavigationPropertyName);
        assert.deepEqual([property?.$Type, property?.$Collection], [`${namespace}.${isFirst ? pairs.Entity2LogicalName : pairs.Entity1LogicalName}`, true], pairs.SchemaName);
      }
    }
  });

  cases.add(`actions, functions, complex types and enumerations ${form} are there`, async () => {
    for (const name of ["WhoAmI", "InitializeFrom", "RetrieveMetadataChanges", "RetrieveTotalRecordCount"]) {
      assert.equal(model.type(name)[0].$Kind, "Function", name);
      assert.equal(model.container[name].$Function, `${namespace}.${name}`);
    }
    for (const name of ["Merge", "SetState", "Assign", "GrantAccess"]) {
      assert.equal(model.type(name)[0].$Kind, "Action", name);
      assert.equal(model.container[name].$Action, `${namespace}.${name}`);
    }
    for (const name of ["CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple"]) {
      const [action] = model.type(name);
      assert.deepEqual([action.$IsBound, action.$Parameter[0].$Collection, action.$Parameter[0].$Type], [true, true, `${namespace}.crmbaseentity`], name);
    }
    assert.equal(model.type("WhoAmIResponse").$Kind, "ComplexType");
    assert.equal(model.type("AccessRights").$Kind, "EnumType");
    assert.equal(model.type("AccessRights").$IsFlags, true);
    assert.equal(model.type("AccessRights").ReadAccess, 1);
    assert.equal(model.type("crmbaseentity").$Abstract, true);
  });
}

cases.add("a parser of another maker reads the same sets, types, keys, properties and links", async () => {
  const schema = edmx.parse(xml).schema;
  const model = models["of the XML"];
  assert.equal(schema.namespace, namespace);
  assert.deepEqual(schema.entitySets.map(set => set.name).sort(), Object.keys(model.container).filter(name => model.container[name].$Collection).sort());
  const byName = new Map(schema.entityTypes.map(type => [type.name, type]));
  for (const table of tables) {
    const type = byName.get(table.LogicalName);
    assert.ok(type, table.LogicalName);
    assert.deepEqual(type.keys.map(key => key.name), [table.PrimaryIdAttribute]);
    const members = Object.entries(model.type(table.LogicalName)).filter(([name, member]) => !name.startsWith("$") && !name.includes("@") && typeof member === "object");
    assert.deepEqual(type.entityProperties.map(property => property.name).sort(), members.filter(([, member]) => member.$Kind !== "NavigationProperty").map(([name]) => name).sort(), table.LogicalName);
    assert.deepEqual(
      type.navigationProperties.map(link => [link.name, link.targetTypeName, link.isCollection, link.partner]).sort(),
      members.filter(([, member]) => member.$Kind === "NavigationProperty").map(([name, member]) => [name, member.$Type, member.$Collection ?? false, member.$Partner]).sort(), table.LogicalName);
  }
});

await cases.run();
