// What dynamics-web-api sends in batches.
import assert from "node:assert/strict";
import { refused } from "./cases.mjs";

export function addBatches(cases, api) {
  cases.add("executeBatch answers reads and writes in their order", async () => {
    const id = await api.create({ collection: "accounts", data: { name: "Before" } });
    api.startBatch();
    api.retrieve({ collection: "accounts", key: id, select: ["name"] });
    api.update({ collection: "accounts", key: id, data: { name: "Within" }, inChangeSet: false });
    api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `accountid eq ${id}` });
    api.count({ collection: "accounts", filter: `accountid eq ${id}` });
    const answers = await api.executeBatch();
    assert.equal(answers[0].name, "Before");
    assert.equal(answers[2].value[0].name, "Within");
    assert.equal(answers[3], 1);
  });

  cases.add("executeBatch with a change set whose requests refer to each other", async () => {
    api.startBatch();
    api.create({ collection: "accounts", data: { name: "Parent" }, contentId: "1" });
    api.create({ collection: "contacts", data: { lastname: "Child", "parentcustomerid_account@odata.bind": "$1" }, contentId: "2" });
    api.update({ contentId: "$1", data: { telephone1: "+82" } });
    api.associateSingleValued({ contentId: "$1", navigationProperty: "primarycontactid", relatedKey: "$2" });
    const [parent, child] = await api.executeBatch();
    const row = await api.retrieve({ collection: "accounts", key: parent, select: ["telephone1", "_primarycontactid_value"], expand: [{ property: "contact_customer_accounts", select: ["lastname"] }] });
    assert.equal(row.telephone1, "+82");
    assert.equal(row._primarycontactid_value, child);
    assert.deepEqual(row.contact_customer_accounts.map(one => one.lastname), ["Child"]);
  });

  cases.add("executeBatch with a row that is made inside of another one by its content id", async () => {
    api.startBatch();
    api.create({ collection: "accounts", data: { name: "Outer" }, contentId: "a" });
    api.create({ collection: "contact_customer_accounts", data: { lastname: "Inner" }, contentId: "$a" });
    const [outer, inner] = await api.executeBatch();
    assert.equal((await api.retrieve({ collection: "contacts", key: inner, select: ["_parentcustomerid_value"] }))._parentcustomerid_value, outer);
  });

  cases.add("executeBatch leaves nothing of a change set that fails", async () => {
    const name = crypto.randomUUID();
    api.startBatch();
    api.create({ collection: "accounts", data: { name } });
    api.create({ collection: "accounts", data: { name, nosuchcolumn: 1 } });
    const failure = await refused(() => api.executeBatch());
    assert.match([failure].flat().map(one => one.error?.message ?? one.message).join(), /nosuchcolumn/);
    assert.equal(await api.count({ collection: "accounts", filter: `name eq '${name}'` }), 0);
  });

  cases.add("executeBatch goes on behind a failure where that is asked", async () => {
    const name = crypto.randomUUID();
    api.startBatch();
    api.retrieve({ collection: "accounts", key: crypto.randomUUID(), select: ["name"] });
    api.create({ collection: "accounts", data: { name }, inChangeSet: false });
    await api.executeBatch({ continueOnError: true }).catch(() => null);
    assert.equal(await api.count({ collection: "accounts", filter: `name eq '${name}'` }), 1);
  });

  cases.add("executeBatch carries deletes, links, functions, actions, fetches and definitions", async () => {
    const id = await api.create({ collection: "accounts", data: { name: "To go" } });
    const person = await api.create({ collection: "contacts", data: { lastname: "Stays" } });
    api.startBatch();
    api.associate({ collection: "accounts", primaryKey: id, relationshipName: "contact_customer_accounts", relatedCollection: "contacts", relatedKey: person, inChangeSet: false });
    api.callFunction({ name: "WhoAmI" });
    api.fetch({ collection: "contacts", fetchXml: `<fetch top="1"><entity name="contact"><attribute name="lastname"/><filter><condition attribute="contactid" operator="eq" value="${person}"/></filter></entity></fetch>` });
    api.retrieveEntities({ select: ["LogicalName"], filter: "LogicalName eq 'account'" });
    api.callAction({ actionName: "SetState", action: { EntityMoniker: { "@odata.id": `accounts(${id})` }, State: 1, Status: 2 }, inChangeSet: false });
    api.deleteRecord({ collection: "accounts", key: id, inChangeSet: false });
    const answers = await api.executeBatch();
    assert.match(answers[1].UserId, /^[0-9a-f-]{36}$/);
    assert.equal(answers[2].value[0].lastname, "Stays");
    assert.equal(answers[3].value[0].LogicalName, "account");
    assert.equal((await refused(() => api.retrieve({ collection: "accounts", key: id, select: ["name"] }))).status, 404);
  });

  cases.add("a URL that is too long is sent as a batch by the client itself", async () => {
    const ids = Array.from({ length: 120 }, () => `accountid eq ${crypto.randomUUID()}`);
    assert.equal((await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: ids.join(" or ") })).value.length, 0);
  });
}
