// The potential customer is the account of the opportunity or, where it has none, the contact.
var target = context.target;
if (target.contains("customerid")) {
  var customer = target.get("customerid");
  var column = customer && customer.logicalName === "account" ? "parentaccountid" : "parentcontactid";
  if (customer && !target.contains(column)) {
    target.set(column, customer);
  }
} else {
  var before = context.message === "Update" ? context.preImage("before") : target;
  var account = target.contains("parentaccountid") ? target.get("parentaccountid") : before.get("parentaccountid");
  var contact = target.contains("parentcontactid") ? target.get("parentcontactid") : before.get("parentcontactid");
  target.set("customerid", account || contact || null);
}
