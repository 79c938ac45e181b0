// What the lead tells moves into the rows that are asked for; each leads back to it.
var lead = Context.Service.Retrieve(Context.Target.ToReference());
if (lead.Get<int>("statecode") != 0) Context.Reject("The lead is closed already.", "sal_lead_closed");

string[] address = ["name", "line1", "line2", "line3", "city", "stateorprovince", "postalcode", "country", "county", "postofficebox", "telephone1"];
string[] both = ["emailaddress1", "emailaddress2", "emailaddress3", "telephone1", "telephone2", "telephone3", "fax", "websiteurl", "description", "transactioncurrencyid",
    "preferredcontactmethodcode", "donotemail", "donotbulkemail", "donotphone", "donotfax", "donotpostalmail", "donotsendmm"];
var made = new List<EntityRecord>();
var account = lead.GetLookup("parentaccountid");
var contact = lead.GetLookup("parentcontactid");
var customer = lead.GetLookup("customerid");
if (customer != null && customer.LogicalName == "account") account = account ?? customer;
if (customer != null && customer.LogicalName == "contact") contact = contact ?? customer;

if (Context.Input.Get<bool>("CreateAccount"))
{
    var row = Filled("account", both, "industrycode", "sic", "numberofemployees", "revenue");
    row["name"] = lead["companyname"] ?? lead["fullname"] ?? lead["subject"];
    account = Make(row);
}

if (Context.Input.Get<bool>("CreateContact"))
{
    var row = Filled("contact", both, "salutation", "firstname", "middlename", "lastname", "jobtitle", "mobilephone", "pager");
    if (row["firstname"] == null && row["lastname"] == null) row["lastname"] = lead["companyname"] ?? lead["subject"];
    if (account != null) row["parentcustomerid"] = account;
    contact = Make(row);
}

if (Context.Input.Get<bool>("CreateOpportunity"))
{
    var row = Filled("opportunity", ["budgetamount", "budgetstatus", "purchasetimeframe", "purchaseprocess", "need", "initialcommunication", "decisionmaker", "confirminterest", "evaluatefit",
        "qualificationcomments", "schedulefollowup_prospect", "schedulefollowup_qualify", "estimatedclosedate", "salesstage", "description", "transactioncurrencyid"]);
    row["name"] = lead["subject"] ?? lead["companyname"] ?? lead["fullname"];
    row["estimatedvalue"] = lead["estimatedamount"];
    row["originatingleadid"] = lead.ToReference();
    if (account != null) row["parentaccountid"] = account;
    if (contact != null) row["parentcontactid"] = contact;
    if (Context.Input.Get<EntityReference>("OpportunityCustomerId") is { } chosen) row["customerid"] = chosen;
    if (Context.Input.Get<EntityReference>("OpportunityCurrencyId") is { } currency) row["transactioncurrencyid"] = currency;
    Make(row);
}

var status = Context.Input.Get<int>("Status");
var closed = new EntityRecord("lead", lead.Id) { ["statecode"] = 1, ["statuscode"] = status == -1 ? 3 : status };
if (account != null && lead["parentaccountid"] == null) closed["parentaccountid"] = account;
if (contact != null && lead["parentcontactid"] == null) closed["parentcontactid"] = contact;
if (made.Find(row => row.LogicalName == "opportunity") is { } opportunity) closed["qualifyingopportunityid"] = opportunity.ToReference();
Context.Service.Update(closed);
Context.Output["CreatedEntities"] = made;

EntityRecord Filled(string entity, string[] columns, params string[] more)
{
    var row = new EntityRecord(entity) { ["ownerid"] = lead["ownerid"] };
    foreach (var column in columns.Concat(more)) if (lead[column] != null) row[column] = lead[column];
    if (entity == "opportunity") return row;
    foreach (var part in address) if (lead["address1_" + part] != null) row["address1_" + part] = lead["address1_" + part];
    return row;
}

EntityReference Make(EntityRecord row)
{
    made.Add(new EntityRecord(row.LogicalName, Context.Service.Create(row)));
    return made[made.Count - 1].ToReference();
}
