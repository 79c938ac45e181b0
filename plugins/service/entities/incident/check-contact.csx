// The contact of an account's case is one of its people, or of no company.
var contact = Context.Target.GetLookup("primarycontactid");
var row = Context.Message == "Update" && !Context.Target.Contains("customerid") ? Context.PreImage("before") : Context.Target;
var customer = row.GetLookup("customerid");
if (contact is not null && customer?.LogicalName == "account")
{
    var company = Context.Service.Retrieve(contact, "parentcustomerid").GetLookup("parentcustomerid");
    if (company is not null && company.Id != customer.Id)
        Context.Reject("The contact does not belong to the account that is the customer. Name a contact of that account.", "svc_contact_of_other_account");
}
