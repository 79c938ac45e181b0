// What dynamics-web-api does with rows.
import assert from "node:assert/strict";
import { refused } from "./cases.mjs";

export function addRows(cases, api, pictures) {
  const name = () => `Case ${crypto.randomUUID()}`;
  const account = (more = {}) => api.create({ collection: "accounts", data: { name: name(), ...more } });
  const contact = (more = {}) => api.create({ collection: "contacts", data: { lastname: name(), ...more } });
  const read = (collection, key, ...select) => api.retrieve({ collection, key, select });

  cases.add("create gives the id", async () => {
    assert.match(await account(), /^[0-9a-f-]{36}$/i);
  });

  cases.add("create gives the row where it is asked for", async () => {
    const row = await api.create({ collection: "accounts", data: { name: "Row", revenue: 12.5 }, select: ["name", "revenue"], returnRepresentation: true });
    assert.equal(row.name, "Row");
    assert.equal(row.revenue, 12.5);
    assert.equal(row.telephone1, undefined);
    assert.match(row["@odata.etag"], /^W\/"\d+"$/);
  });

  cases.add("create with lookups bound, by id and by alternate key", async () => {
    const parent = await account();
    const child = await contact({ "parentcustomerid_account@odata.bind": `/accounts(${parent})` });
    assert.equal((await read("contacts", child, "_parentcustomerid_value"))._parentcustomerid_value, parent);
    const code = name();
    const thing = await api.create({ collection: "tst_things", data: { tst_code: code } });
    const other = await api.create({ collection: "tst_things", data: { "tst_parentid@odata.bind": `/tst_things(tst_code='${code}')` } });
    assert.equal((await read("tst_things", other, "_tst_parentid_value"))._tst_parentid_value, thing);
  });

  cases.add("create rows with others inside", async () => {
    const id = await account({ primarycontactid: { lastname: "Kim" }, contact_customer_accounts: [{ lastname: "Lee" }, { lastname: "Park" }] });
    const row = await api.retrieve({
      collection: "accounts", key: id, select: ["name"],
      expand: [{ property: "primarycontactid", select: ["lastname"] }, { property: "contact_customer_accounts", select: ["lastname"], orderBy: ["lastname"], filter: "lastname ne 'Nobody'" }],
    });
    assert.equal(row.primarycontactid.lastname, "Kim");
    assert.deepEqual(row.contact_customer_accounts.map(one => one.lastname), ["Lee", "Park"]);
  });

  cases.add("what is wrong comes as an error with status, code and sentence", async () => {
    const failure = await refused(() => api.create({ collection: "accounts", data: { name: "x", nosuchcolumn: 1 } }));
    assert.equal(failure.status, 400);
    assert.match(failure.code, /^0x[0-9a-f]{8}$/i);
    assert.match(failure.message, /nosuchcolumn/);
    assert.equal((await refused(() => read("accounts", crypto.randomUUID(), "name"))).status, 404);
  });

  cases.add("retrieve with annotations", async () => {
    const parent = await account({ revenue: 1234.5, industrycode: 1 });
    const id = await contact({ "parentcustomerid_account@odata.bind": `/accounts(${parent})` });
    const row = await api.retrieve({ collection: "contacts", key: id, select: ["_parentcustomerid_value"], includeAnnotations: "*" });
    assert.equal(row._parentcustomerid_value_LogicalName, "account");
    assert.equal(row._parentcustomerid_value_NavigationProperty, "parentcustomerid_account");
    assert.match(row._parentcustomerid_value_Formatted, /^Case /);
    const formatted = await api.retrieve({ collection: "accounts", key: parent, select: ["revenue", "industrycode"], includeAnnotations: "OData.Community.Display.V1.FormattedValue" });
    assert.match(formatted.revenue_Formatted, /1,234\.50/);
    assert.equal(formatted.industrycode_Formatted, "Accounting");
    assert.equal(formatted._transactioncurrencyid_value_LogicalName, undefined);
  });

  cases.add("retrieve by alternate key, and what a lookup leads to", async () => {
    const code = name();
    const tag = await api.create({ collection: "tst_tags", data: { tst_name: "Tag" } });
    await api.create({ collection: "tst_things", data: { tst_code: code, tst_name: "Thing", "tst_tagid@odata.bind": `/tst_tags(${tag})` } });
    assert.equal((await read("tst_things", `tst_code='${code}'`, "tst_name")).tst_name, "Thing");
    assert.equal((await api.retrieve({ collection: "tst_things", key: `tst_code='${code}'`, navigationProperty: "tst_tagid", select: ["tst_name"] })).tst_name, "Tag");
    const link = await api.retrieve({ collection: "tst_things", key: `tst_code='${code}'`, select: ["tst_tagid/$ref"] });
    assert.equal(link.id.toLowerCase(), tag.toLowerCase());
    assert.equal(link.collection, "tst_tags");
  });

  cases.add("retrieve only what has changed", async () => {
    const id = await account();
    const tag = (await read("accounts", id, "name"))["@odata.etag"];
    assert.equal(await api.retrieve({ collection: "accounts", key: id, select: ["name"], ifnonematch: tag }), undefined);
    await api.update({ collection: "accounts", key: id, data: { name: "Changed" } });
    assert.equal((await api.retrieve({ collection: "accounts", key: id, select: ["name"], ifnonematch: tag })).name, "Changed");
  });

  cases.add("retrieveMultiple with filter, order, top and count", async () => {
    const mark = name();
    for (const employees of [3, 1, 2]) await account({ telephone1: mark.slice(0, 40), numberofemployees: employees });
    const page = await api.retrieveMultiple({ collection: "accounts", select: ["numberofemployees"], filter: `telephone1 eq '${mark.slice(0, 40)}' and numberofemployees gt 0`, orderBy: ["numberofemployees desc"], count: true });
    assert.deepEqual(page.value.map(row => row.numberofemployees), [3, 2, 1]);
    assert.equal(page.oDataCount, 3);
    assert.equal((await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `telephone1 eq '${mark.slice(0, 40)}'`, top: 2 })).value.length, 2);
  });

  cases.add("retrieveMultiple takes query functions, aliases and curly brackets of ids", async () => {
    const id = await account();
    const mark = (await read("accounts", id, "name")).name;
    assert.equal((await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `accountid eq {${id}}` })).value.length, 1);
    assert.equal((await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: "name eq @p", queryParams: [`@p='${encodeURIComponent(mark)}'`] })).value.length, 1);
    assert.equal((await api.retrieveMultiple({ collection: "accounts", select: ["name"], filter: `Microsoft.Dynamics.CRM.In(PropertyName='accountid',PropertyValues=['${id}'])` })).value.length, 1);
  });

  cases.add("retrieveMultiple with apply", async () => {
    const phone = crypto.randomUUID();
    for (const revenue of [10, 20]) await account({ telephone2: phone, revenue });
    const groups = await api.retrieveMultiple({ collection: "accounts", apply: `filter(telephone2 eq '${phone}')/groupby((statecode),aggregate(revenue with sum as total))` });
    assert.deepEqual(groups.value.map(group => group.total), [30]);
  });

  cases.add("pages, one by one and all together", async () => {
    const phone = crypto.randomUUID();
    for (let at = 0; at < 7; at++) await account({ telephone2: phone, numberofemployees: at });
    const query = { collection: "accounts", select: ["numberofemployees"], filter: `telephone2 eq '${phone}'`, orderBy: ["numberofemployees"], maxPageSize: 3 };
    const first = await api.retrieveMultiple(query);
    const second = await api.retrieveMultiple(query, first.oDataNextLink);
    assert.deepEqual(second.value.map(row => row.numberofemployees), [3, 4, 5]);
    assert.deepEqual((await api.retrieveAll(query)).value.map(row => row.numberofemployees), [0, 1, 2, 3, 4, 5, 6]);
    assert.equal(await api.countAll({ collection: "accounts", filter: query.filter, maxPageSize: 3 }), 7);
    assert.equal(await api.count({ collection: "accounts", filter: query.filter }), 7);
  });

  cases.add("count of a whole table", async () => {
    await account();
    assert.ok(await api.count({ collection: "accounts" }) > 0);
  });

  cases.add("a list by a view, of the pack and of one's own", async () => {
    const id = await account({ name: name() });
    const [view] = (await api.retrieveMultiple({ collection: "savedqueries", select: ["savedqueryid", "name"], filter: "returnedtypecode eq 'account'", top: 1 })).value;
    assert.ok((await api.retrieveMultiple({ collection: "accounts", savedQuery: view.savedqueryid, filter: `accountid eq ${id}` })).value.length <= 1);
    const fetchxml = `<fetch><entity name="account"><attribute name="name"/><filter><condition attribute="accountid" operator="eq" value="${id}"/></filter></entity></fetch>`;
    const mine = await api.create({ collection: "userqueries", data: { name: "Mine", returnedtypecode: "account", fetchxml, layoutxml: "<grid name='resultset'><row name='result' id='accountid'><cell name='name' width='100'/></row></grid>", querytype: 0 } });
    assert.deepEqual((await api.retrieveMultiple({ collection: "accounts", userQuery: mine })).value.map(row => row.accountid), [id]);
  });

  cases.add("trackChanges gives a link that tells what is new and what went", async () => {
    const query = { collection: "tst_things", select: ["tst_name"], trackChanges: true };
    const kept = await api.create({ collection: "tst_things", data: { tst_name: "Kept" } });
    const gone = await api.create({ collection: "tst_things", data: { tst_name: "Gone" } });
    const { oDataDeltaLink } = await api.retrieveAll(query);
    await api.update({ collection: "tst_things", key: kept, data: { tst_name: "Changed" } });
    await api.deleteRecord({ collection: "tst_things", key: gone });
    const delta = await api.retrieveMultiple(query, oDataDeltaLink);
    assert.deepEqual(delta.value.map(row => row.tst_name ?? row.reason), ["Changed", "deleted"]);
    assert.match(delta.value[1].id, new RegExp(gone, "i"));
    assert.deepEqual((await api.retrieveMultiple(query, delta.oDataDeltaLink)).value, []);
  });

  cases.add("fetch, page by page and all together", async () => {
    const phone = crypto.randomUUID();
    for (let at = 0; at < 5; at++) await account({ telephone2: phone, numberofemployees: at });
    const fetchXml = `<fetch count="2"><entity name="account"><attribute name="numberofemployees"/><order attribute="numberofemployees"/><filter><condition attribute="telephone2" operator="eq" value="${phone}"/></filter></entity></fetch>`;
    const first = await api.fetch({ collection: "accounts", fetchXml });
    assert.deepEqual(first.value.map(row => row.numberofemployees), [0, 1]);
    const second = await api.fetch({ collection: "accounts", fetchXml, pageNumber: first.PagingInfo.nextPage, pagingCookie: first.PagingInfo.cookie });
    assert.deepEqual(second.value.map(row => row.numberofemployees), [2, 3]);
    assert.deepEqual((await api.fetchAll({ collection: "accounts", fetchXml })).value.map(row => row.numberofemployees), [0, 1, 2, 3, 4]);
  });

  cases.add("fetch with columns of a link and formatted values", async () => {
    const parent = await account({ name: "Linked" });
    const id = await contact({ "parentcustomerid_account@odata.bind": `/accounts(${parent})` });
    const fetchXml = `<fetch top="1"><entity name="contact"><attribute name="lastname"/><filter><condition attribute="contactid" operator="eq" value="${id}"/></filter><link-entity name="account" from="accountid" to="parentcustomerid" alias="a"><attribute name="name"/><attribute name="statecode"/></link-entity></entity></fetch>`;
    const row = (await api.fetch({ collection: "contacts", fetchXml, includeAnnotations: "OData.Community.Display.V1.FormattedValue" })).value[0];
    assert.equal(row["a.name"], "Linked");
    assert.equal(row["a.statecode_Formatted"] ?? row["a.statecode@OData.Community.Display.V1.FormattedValue"], "Active");
  });

  cases.add("update, with and without the row, of one version", async () => {
    const id = await account();
    assert.equal(await api.update({ collection: "accounts", key: id, data: { name: "One" } }), true);
    const row = await api.update({ collection: "accounts", key: id, data: { name: "Two" }, select: ["name"], returnRepresentation: true });
    assert.equal(row.name, "Two");
    assert.equal(await api.update({ collection: "accounts", key: id, data: { name: "Three" }, ifmatch: row["@odata.etag"] }), true);
    assert.equal(await api.update({ collection: "accounts", key: id, data: { name: "Four" }, ifmatch: row["@odata.etag"] }), false);
    assert.equal((await read("accounts", id, "name")).name, "Three");
    assert.equal((await refused(() => api.update({ collection: "accounts", key: crypto.randomUUID(), data: { name: "x" } }))).status, 404);
  });

  cases.add("update takes the headers for duplicates and plug-ins", async () => {
    const id = await account();
    assert.equal(await api.update({ collection: "accounts", key: id, data: { name: "One" }, duplicateDetection: true }), true);
    assert.equal(await api.update({ collection: "accounts", key: id, data: { name: "Two" }, bypassCustomPluginExecution: true, tag: "shared", noCache: true }), true);
  });

  cases.add("updateSingleProperty", async () => {
    const id = await account();
    await api.updateSingleProperty({ collection: "accounts", key: id, fieldValuePair: { name: "Single" } });
    assert.equal((await read("accounts", id, "name")).name, "Single");
    assert.equal((await api.updateSingleProperty({ collection: "accounts", key: id, fieldValuePair: { telephone1: "+82" }, returnRepresentation: true })).value, "+82");
  });

  cases.add("upsert creates, changes, and does only one of both where that is asked", async () => {
    const key = crypto.randomUUID();
    const made = await api.upsert({ collection: "accounts", key, data: { name: "One" }, returnRepresentation: true, select: ["name"] });
    assert.equal(made.name, "One");
    await api.upsert({ collection: "accounts", key, data: { name: "Two" } });
    assert.equal(await api.upsert({ collection: "accounts", key, data: { name: "Three" }, ifnonematch: "*" }), null);
    assert.equal(await api.upsert({ collection: "accounts", key: crypto.randomUUID(), data: { name: "Four" }, ifmatch: "*" }), null);
    assert.equal((await read("accounts", key, "name")).name, "Two");
    const code = name();
    await api.upsert({ collection: "tst_things", key: `tst_code='${code}'`, data: { tst_name: "By key" } });
    assert.equal((await read("tst_things", `tst_code='${code}'`, "tst_name")).tst_name, "By key");
  });

  cases.add("deleteRecord of a row, of one version, and of one column", async () => {
    const id = await account({ telephone1: "+82" });
    const tag = (await read("accounts", id, "name"))["@odata.etag"];
    assert.equal(await api.deleteRecord({ collection: "accounts", key: id, property: "telephone1" }), true);
    assert.equal((await read("accounts", id, "telephone1")).telephone1, null);
    assert.equal(await api.deleteRecord({ collection: "accounts", key: id, ifmatch: tag }), false);
    assert.equal(await api.deleteRecord({ collection: "accounts", key: id }), true);
    assert.equal((await refused(() => read("accounts", id, "name"))).status, 404);
  });

  cases.add("associate and disassociate in 1:N", async () => {
    const [parent, child] = [await account(), await contact()];
    await api.associate({ collection: "accounts", primaryKey: parent, relationshipName: "contact_customer_accounts", relatedCollection: "contacts", relatedKey: child });
    assert.equal((await read("contacts", child, "_parentcustomerid_value"))._parentcustomerid_value, parent);
    await api.disassociate({ collection: "accounts", primaryKey: parent, relationshipName: "contact_customer_accounts", relatedKey: child });
    assert.equal((await read("contacts", child, "_parentcustomerid_value"))._parentcustomerid_value, null);
  });

  cases.add("associate and disassociate in N:N", async () => {
    const thing = await api.create({ collection: "tst_things", data: { tst_name: "Thing" } });
    const tag = await api.create({ collection: "tst_tags", data: { tst_name: "Tag" } });
    const tags = async () => (await api.retrieve({ collection: "tst_things", key: thing, select: ["tst_name"], expand: [{ property: "tst_thing_tags", select: ["tst_name"] }] })).tst_thing_tags.length;
    await api.associate({ collection: "tst_things", primaryKey: thing, relationshipName: "tst_thing_tags", relatedCollection: "tst_tags", relatedKey: tag });
    assert.equal(await tags(), 1);
    await api.disassociate({ collection: "tst_things", primaryKey: thing, relationshipName: "tst_thing_tags", relatedKey: tag });
    assert.equal(await tags(), 0);
  });

  cases.add("associateSingleValued and disassociateSingleValued", async () => {
    const [id, person] = [await account(), await contact()];
    await api.associateSingleValued({ collection: "accounts", primaryKey: id, navigationProperty: "primarycontactid", relatedCollection: "contacts", relatedKey: person });
    assert.equal((await read("accounts", id, "_primarycontactid_value"))._primarycontactid_value, person);
    await api.disassociateSingleValued({ collection: "accounts", primaryKey: id, navigationProperty: "primarycontactid" });
    assert.equal((await read("accounts", id, "_primarycontactid_value"))._primarycontactid_value, null);
  });

  cases.add("callFunction unbound, by name and with parameters of every sort", async () => {
    const me = await api.callFunction("WhoAmI");
    assert.match(me.UserId, /^[0-9a-f-]{36}$/);
    const counts = await api.callFunction({ name: "RetrieveTotalRecordCount", parameters: { EntityNames: ["account", "contact"] } });
    assert.deepEqual(counts.EntityRecordCountCollection.Keys, ["account", "contact"]);
    const id = await account();
    const proposal = await api.callFunction({
      name: "InitializeFrom",
      parameters: { EntityMoniker: { "@odata.id": `accounts(${id})` }, TargetEntityName: "contact", TargetFieldType: "Microsoft.Dynamics.CRM.TargetFieldType'ValidForCreate'" },
    });
    assert.match(JSON.stringify(proposal), new RegExp(id, "i"));
  });

  cases.add("callFunction bound to a row", async () => {
    const me = await api.callFunction("WhoAmI");
    const id = await account();
    const access = await api.callFunction({ collection: "systemusers", key: me.UserId, name: "Microsoft.Dynamics.CRM.RetrievePrincipalAccess", parameters: { Target: { "@odata.id": `accounts(${id})` } } });
    assert.match(access.AccessRights, /WriteAccess/);
  });

  cases.add("callAction unbound and bound to a set", async () => {
    const id = await account();
    await api.callAction({ actionName: "SetState", action: { EntityMoniker: { "@odata.type": "Microsoft.Dynamics.CRM.account", accountid: id }, State: 1, Status: 2 } });
    assert.equal((await read("accounts", id, "statecode")).statecode, 1);
    const made = await api.callAction({ collection: "accounts", actionName: "Microsoft.Dynamics.CRM.CreateMultiple", action: { Targets: [{ "@odata.type": "Microsoft.Dynamics.CRM.account", name: "A" }, { "@odata.type": "Microsoft.Dynamics.CRM.account", name: "B" }] } });
    assert.equal(made.Ids.length, 2);
    const next = await api.callAction({ actionName: "GetNextAutoNumberValue", action: { EntityName: "tst_thing", AttributeName: "tst_number" } });
    assert.ok(next.NextAutoNumberValue >= 1000);
  });

  cases.add("acting for somebody else never happens with the caller's own rights", async () => {
    const nobody = crypto.randomUUID();
    for (const header of [{ impersonate: nobody }, { impersonateAAD: nobody }]) {
      const failure = await refused(() => api.create({ collection: "accounts", data: { name: "Impersonated" }, ...header }));
      assert.ok(failure.status >= 400, `${failure.status}`);
    }
    assert.equal(await api.count({ collection: "accounts", filter: "name eq 'Impersonated'" }), 0);
  });

  cases.add("entity names stand for their sets", async () => {
    const named = api.initializeInstance();
    named.setConfig({ useEntityNames: true });
    const id = await named.create({ collection: "account", data: { name: "By name" } });
    assert.equal((await named.retrieve({ collection: "account", key: id, select: ["name"] })).name, "By name");
    assert.equal(named.Utility.getCollectionName("tst_thing"), "tst_things");
  });

  cases.add("uploadFile, downloadFile, and deleteRecord of a file", async () => {
    const key = await api.create({ collection: "tst_things", data: { tst_name: "With a paper" } });
    const data = Buffer.from(Array.from({ length: 30_000 }, (_, at) => at % 251));
    await api.uploadFile({ collection: "tst_things", key, property: "tst_paper", fileName: "paper.bin", data });
    const back = await api.downloadFile({ collection: "tst_things", key, property: "tst_paper" });
    assert.equal(back.fileName, "paper.bin");
    assert.equal(back.fileSize, data.length);
    assert.ok(Buffer.from(back.data).equals(data), "other bytes came back");
    await api.deleteRecord({ collection: "tst_things", key, property: "tst_paper" });
    assert.equal((await read("tst_things", key, "tst_paper")).tst_paper, null);
  });

  cases.add("uploadFile in several chunks", async () => {
    const key = await api.create({ collection: "tst_things", data: { tst_name: "With a scan" } });
    const data = Buffer.alloc(5 * 1024 * 1024 + 17, "한");
    await api.uploadFile({ collection: "tst_things", key, property: "tst_scan", fileName: "scan.txt", data });
    const back = await api.downloadFile({ collection: "tst_things", key, property: "tst_scan" });
    assert.ok(Buffer.from(back.data).equals(data), "other bytes came back");
  });

  cases.add("images are uploaded and downloaded as files are", async () => {
    const key = await api.create({ collection: "tst_things", data: { tst_name: "With a photo" } });
    await api.uploadFile({ collection: "tst_things", key, property: "tst_photo", fileName: "dot.png", data: pictures.dot });
    const back = await api.downloadFile({ collection: "tst_things", key, property: "tst_photo" });
    assert.ok(Buffer.from(back.data).equals(pictures.dot), "other bytes came back");
  });
}
