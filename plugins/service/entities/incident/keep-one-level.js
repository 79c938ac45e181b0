// A case is divided into children once: a child has no children.
var parent = context.target.get("parentcaseid");
if (parent) {
  var isChild = context.service.retrieve(parent, "parentcaseid").get("parentcaseid") !== null;
  var hasChildren = context.message === "Update" && (parent.id === context.target.id || context.service.retrieveMultiple(
    "incident", "?$select=incidentid&$filter=_parentcaseid_value eq " + context.target.id + "&$top=1").length > 0);
  if (isChild || hasChildren) {
    context.reject("A case that is a child cannot be a parent: cases are divided into one level of children.", "svc_child_of_child");
  }
}
