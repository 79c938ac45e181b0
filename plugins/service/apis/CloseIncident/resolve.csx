// The case is resolved when nothing about it is open, and the activity is done.
var resolution = Context.Input.Get<EntityRecord>("IncidentResolution")!;
var incident = resolution.GetLookup("incidentid");
if (incident == null) Context.Reject("IncidentResolution names no case.", "svc_no_case");
var row = Context.Service.Retrieve(incident, "statecode", "title");
if (row.Get<int>("statecode") != 0) Context.Reject("The case is closed already.", "svc_case_closed");
string[] activities = ["task", "phonecall", "email", "appointment"];
foreach (var activity in activities)
{
    var open = Context.Service.RetrieveMultiple(activity, $"?$select=subject&$filter=_regardingobjectid_value eq {incident!.Id} and (statecode eq 0 or statecode eq 3)&$top=1");
    if (open.Count > 0) Context.Reject("The case has open activities.", "svc_open_activities");
}

var status = Context.Input.Get<int>("Status");
if (status == -1) status = 5;
Context.Service.Update(new EntityRecord("incident", incident!.Id) { ["statecode"] = 1, ["statuscode"] = status });
if (resolution["subject"] == null) resolution["subject"] = row["title"];
if (resolution["actualend"] == null) resolution["actualend"] = Context.Now;
if (resolution["resolutiontypecode"] == null && (status == 5 || status == 1000)) resolution["resolutiontypecode"] = status;
resolution["statecode"] = 1;
resolution["statuscode"] = 2;
Context.Service.Create(resolution);
