// A member has one card in use; the number is checked by the steps of the card itself.
var member = Context.Input.Get<EntityReference>("Target")!;
var inUse = Context.Service.RetrieveMultiple("loy_card", $"?$select=loy_number&$filter=_loy_memberid_value eq {member.Id} and loy_status eq 1&$top=1");
if (inUse.Count > 0) Context.Reject("The member has a card already.", "loy_has_card");

var card = new EntityRecord("loy_card") { ["loy_number"] = Context.Input["Number"], ["loy_memberid"] = member, ["loy_issued"] = Context.Now };
if (Context.Input.Contains("Program")) card["loy_programid"] = Context.Input["Program"];
Context.Output["Card"] = new EntityReference("loy_card", Context.Service.Create(card));
