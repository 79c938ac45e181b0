// The opportunity is closed with the revenue and on the day that the activity tells, and the activity is done.
var state = Context.Input.Get<int>("State");
if (state != 1 && state != 2) Context.Reject("An opportunity is closed as won (1) or lost (2).", "sal_no_such_end");
var close = Context.Input.Get<EntityRecord>("OpportunityClose")!;
var opportunity = close.GetLookup("opportunityid");
if (opportunity == null) Context.Reject("OpportunityClose names no opportunity.", "sal_no_opportunity");
var row = Context.Service.Retrieve(opportunity, "statecode", "name", "transactioncurrencyid");
if (row.Get<int>("statecode") != 0) Context.Reject("The opportunity is closed already.", "sal_opportunity_closed");

var changes = new EntityRecord("opportunity", row.Id) { ["statecode"] = state };
if (Context.Input.Get<int>("Status") != -1) changes["statuscode"] = Context.Input["Status"];
if (close["actualrevenue"] != null) changes["actualvalue"] = close["actualrevenue"];
if (close["actualend"] != null) changes["actualclosedate"] = DateOnly.FromDateTime(close.Get<DateTime>("actualend"));
Context.Service.Update(changes);

if (close["subject"] == null) close["subject"] = row["name"];
if (close["transactioncurrencyid"] == null && row["transactioncurrencyid"] != null) close["transactioncurrencyid"] = row["transactioncurrencyid"];
if (close["actualend"] == null) close["actualend"] = Context.Now;
if (close["actualrevenue"] == null) close["actualrevenue"] = Context.Service.Retrieve(opportunity, "actualvalue")["actualvalue"];
close["statecode"] = 1;
close["statuscode"] = 2;
Context.Service.Create(close);
