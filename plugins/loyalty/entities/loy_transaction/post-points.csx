var points = Context.Target.Get<int>("loy_points");
var card = Context.Service.Retrieve(Context.Target.GetLookup("loy_cardid"), "loy_balance");
var balance = card.Get<int>("loy_balance") + points;
if (balance < Context.Config.Get<int>("floor")) Context.Reject("Not enough points on the card.", "loy_insufficient_points");
Context.Service.Update(new EntityRecord("loy_card", card.Id) { ["loy_balance"] = balance });
Context.Trace($"balance is now {balance}");
