// What dynamics-web-api does with definitions.
import assert from "node:assert/strict";
import { refused } from "./cases.mjs";

const crm = "Microsoft.Dynamics.CRM.";
const label = text => ({ "@odata.type": `${crm}Label`, LocalizedLabels: [{ "@odata.type": `${crm}LocalizedLabel`, Label: text, LanguageCode: 1033 }] });
const column = (type, schemaName, more) => ({ "@odata.type": `${crm}${type}AttributeMetadata`, SchemaName: schemaName, DisplayName: label(schemaName), RequiredLevel: { Value: "None" }, ...more });

export function addDefinitions(cases, api) {
  let table, text, relationship, choice;

  cases.add("createEntity makes a table that takes rows", async () => {
    table = await api.createEntity({ data: {
      "@odata.type": `${crm}EntityMetadata`, SchemaName: "new_Bank", DisplayName: label("Bank"), DisplayCollectionName: label("Banks"), OwnershipType: "UserOwned", HasNotes: true, HasActivities: false,
      Attributes: [column("String", "new_Name", { IsPrimaryName: true, MaxLength: 100, FormatName: { Value: "Text" } })],
    } });
    assert.match(table, /^[0-9a-f-]{36}$/i);
    assert.match(await api.create({ collection: "new_banks", data: { new_name: "First" } }), /^[0-9a-f-]{36}$/i);
  });

  cases.add("retrieveEntity by id and by name, with columns inside", async () => {
    assert.equal((await api.retrieveEntity({ key: table, select: ["LogicalName", "DisplayName"] })).DisplayName.LocalizedLabels[0].Label, "Bank");
    const found = await api.retrieveEntity({ key: "LogicalName='new_bank'", select: ["SchemaName"], expand: [{ property: "Attributes", select: ["LogicalName"], filter: "LogicalName eq 'new_name'" }] });
    assert.deepEqual(found.Attributes.map(one => one.LogicalName), ["new_name"]);
  });

  cases.add("updateEntity with what was read", async () => {
    const read = await api.retrieveEntity({ key: table });
    read.DisplayName.LocalizedLabels[0].Label = "Credit institution";
    await api.updateEntity({ data: read, mergeLabels: true });
    assert.equal((await api.retrieveEntity({ key: table, select: ["DisplayName"] })).DisplayName.LocalizedLabels[0].Label, "Credit institution");
  });

  cases.add("retrieveEntities", async () => {
    const found = await api.retrieveEntities({ select: ["LogicalName", "EntitySetName"], filter: "LogicalName eq 'new_bank' or LogicalName eq 'account'" });
    assert.deepEqual(found.value.map(one => one.EntitySetName).sort(), ["accounts", "new_banks"]);
    assert.ok((await api.retrieveEntities()).value.length > 10);
  });

  cases.add("createAttribute of several types", async () => {
    text = await api.createAttribute({ entityKey: table, data: column("String", "new_Iban", { MaxLength: 34, FormatName: { Value: "Text" } }) });
    assert.match(text, /^[0-9a-f-]{36}$/i);
    await api.createAttribute({ entityKey: "LogicalName='new_bank'", data: column("Integer", "new_Branches", { MinValue: 0, MaxValue: 9999, Format: "None" }) });
    await api.createAttribute({ entityKey: table, data: column("Money", "new_Capital", { Precision: 2, PrecisionSource: 2 }) });
    await api.createAttribute({ entityKey: table, data: column("Picklist", "new_Kind", { OptionSet: { "@odata.type": `${crm}OptionSetMetadata`, IsGlobal: false, OptionSetType: "Picklist", Options: [{ Value: 1, Label: label("Private") }, { Value: 2, Label: label("Public") }] } }) });
    const id = await api.create({ collection: "new_banks", data: { new_name: "B", new_iban: "DE1", new_branches: 3, new_capital: 5.5, new_kind: 2 } });
    assert.equal((await api.retrieve({ collection: "new_banks", key: id, select: ["new_kind"], includeAnnotations: "*" })).new_kind_Formatted, "Public");
  });

  cases.add("updateAttribute with what was read, with and without its type", async () => {
    const read = await api.retrieveAttribute({ entityKey: table, attributeKey: text, castType: `${crm}StringAttributeMetadata` });
    assert.equal(read.MaxLength, 34);
    read.MaxLength = 50;
    await api.updateAttribute({ entityKey: table, data: { "@odata.type": `${crm}StringAttributeMetadata`, ...read } });
    read.MaxLength = 60;
    await api.updateAttribute({ entityKey: table, data: read, castType: `${crm}StringAttributeMetadata`, mergeLabels: true });
    assert.equal((await api.retrieveAttribute({ entityKey: table, attributeKey: "LogicalName='new_iban'", castType: `${crm}StringAttributeMetadata`, select: ["MaxLength"] })).MaxLength, 60);
  });

  cases.add("retrieveAttributes, all and those of a type", async () => {
    const all = await api.retrieveAttributes({ entityKey: table, select: ["LogicalName"] });
    assert.ok(all.value.some(one => one.LogicalName === "new_iban"));
    const choices = await api.retrieveAttributes({ entityKey: "LogicalName='new_bank'", castType: `${crm}PicklistAttributeMetadata`, select: ["LogicalName"], filter: "LogicalName eq 'new_kind'", expand: [{ property: "OptionSet", select: ["Options"] }] });
    assert.deepEqual(choices.value[0].OptionSet.Options.map(option => option.Value), [1, 2]);
  });

  cases.add("createRelationship 1:N with its lookup", async () => {
    relationship = await api.createRelationship({ data: {
      "@odata.type": `${crm}OneToManyRelationshipMetadata`, SchemaName: "new_bank_account", ReferencedEntity: "new_bank", ReferencedAttribute: "new_bankid", ReferencingEntity: "account",
      CascadeConfiguration: { Assign: "NoCascade", Delete: "RemoveLink", Merge: "NoCascade", Reparent: "NoCascade", Share: "NoCascade", Unshare: "NoCascade" },
      Lookup: column("Lookup", "new_BankId"),
    } });
    assert.match(relationship, /^[0-9a-f-]{36}$/i);
    const bank = await api.create({ collection: "new_banks", data: { new_name: "House bank" } });
    const id = await api.create({ collection: "accounts", data: { name: "Banked", "new_BankId@odata.bind": `/new_banks(${bank})` } });
    assert.equal((await api.retrieve({ collection: "accounts", key: id, select: ["_new_bankid_value"] }))._new_bankid_value, bank);
  });

  cases.add("createRelationship N:N", async () => {
    await api.createRelationship({ data: {
      "@odata.type": `${crm}ManyToManyRelationshipMetadata`, SchemaName: "new_bank_contacts", IntersectEntityName: "new_bank_contacts", Entity1LogicalName: "new_bank", Entity2LogicalName: "contact",
      Entity1AssociatedMenuConfiguration: { Behavior: "UseLabel", Group: "Details", Label: label("Contacts"), Order: 10000 }, Entity2AssociatedMenuConfiguration: { Behavior: "UseLabel", Group: "Details", Label: label("Banks"), Order: 10000 },
    } });
    const bank = await api.create({ collection: "new_banks", data: { new_name: "With people" } });
    const person = await api.create({ collection: "contacts", data: { lastname: "Banker" } });
    await api.associate({ collection: "new_banks", primaryKey: bank, relationshipName: "new_bank_contacts", relatedCollection: "contacts", relatedKey: person });
    assert.equal((await api.retrieve({ collection: "new_banks", key: bank, select: ["new_name"], expand: [{ property: "new_bank_contacts", select: ["lastname"] }] })).new_bank_contacts[0].lastname, "Banker");
  });

  cases.add("retrieveRelationship, retrieveRelationships and updateRelationship", async () => {
    const type = `${crm}OneToManyRelationshipMetadata`;
    const read = await api.retrieveRelationship({ key: relationship, castType: type });
    assert.equal(read.ReferencingEntity, "account");
    read.CascadeConfiguration.Assign = "Cascade";
    await api.updateRelationship({ data: read, castType: type });
    const found = await api.retrieveRelationships({ castType: type, select: ["SchemaName", "CascadeConfiguration"], filter: "SchemaName eq 'new_bank_account'" });
    assert.equal(found.value[0].CascadeConfiguration.Assign, "Cascade");
  });

  cases.add("deleteRelationship takes the lookup with it", async () => {
    assert.equal(await api.deleteRelationship({ key: relationship }), true);
    assert.equal((await refused(() => api.retrieveRelationship({ key: relationship }))).status, 404);
    assert.equal((await refused(() => api.retrieveMultiple({ collection: "accounts", select: ["_new_bankid_value"] }))).status, 400);
  });

  cases.add("createGlobalOptionSet, retrieveGlobalOptionSet and retrieveGlobalOptionSets", async () => {
    choice = await api.createGlobalOptionSet({ data: { "@odata.type": `${crm}OptionSetMetadata`, Name: "new_colour", DisplayName: label("Colour"), IsGlobal: true, OptionSetType: "Picklist", Options: [{ Value: 1, Label: label("Red") }, { Value: 2, Label: label("Blue") }] } });
    assert.match(choice, /^[0-9a-f-]{36}$/i);
    assert.equal((await api.retrieveGlobalOptionSet({ key: choice, castType: `${crm}OptionSetMetadata`, select: ["Options"] })).Options.length, 2);
    assert.equal((await api.retrieveGlobalOptionSet({ key: "Name='new_colour'" })).Name, "new_colour");
    assert.ok((await api.retrieveGlobalOptionSets({ castType: `${crm}OptionSetMetadata`, select: ["Name"] })).value.some(one => one.Name === "new_colour"));
  });

  cases.add("updateGlobalOptionSet and deleteGlobalOptionSet", async () => {
    const read = await api.retrieveGlobalOptionSet({ key: choice, castType: `${crm}OptionSetMetadata` });
    read.Options[0].Label.LocalizedLabels[0].Label = "Crimson";
    await api.updateGlobalOptionSet({ data: read, castType: `${crm}OptionSetMetadata`, mergeLabels: true });
    assert.equal((await api.retrieveGlobalOptionSet({ key: choice, castType: `${crm}OptionSetMetadata` })).Options[0].Label.LocalizedLabels[0].Label, "Crimson");
    assert.equal(await api.deleteGlobalOptionSet({ key: choice }), true);
    assert.equal((await refused(() => api.retrieveGlobalOptionSet({ key: choice }))).status, 404);
  });

  cases.add("retrieveCsdlMetadata, with and without annotations", async () => {
    for (const addAnnotations of [false, true]) assert.match(await api.retrieveCsdlMetadata({ addAnnotations }), /<EntityType Name="new_bank"/);
  });
}
