// Two transactions, which keep the balances; when the second one fails, the first one is gone with it.
var from = context.input.get("Target");
var to = context.input.get("To");
var points = context.input.get("Points");
if (points <= 0) {
  context.reject("Transfer at least one point.", "loy_no_points");
}
if (from.id === to.id) {
  context.reject("The cards are one and the same.", "loy_same_card");
}
context.service.create(new EntityRecord("loy_transaction", null, { loy_cardid: from, loy_points: -points, loy_type: 6, loy_description: "Transfer" }));
context.service.create(new EntityRecord("loy_transaction", null, { loy_cardid: to, loy_points: points, loy_type: 5, loy_description: "Transfer" }));
context.output.set("Balance", context.service.retrieve(from, "loy_balance").get("loy_balance"));
