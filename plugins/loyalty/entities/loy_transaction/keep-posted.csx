// The balance of a card is the sum of its transactions: what is posted stays.
var isKept = Context.Message == "Update";
if (isKept && Context.Target.Contains("loy_points"))
    isKept = Context.Target.Get<int?>("loy_points") == Context.PreImage("posted").Get<int?>("loy_points");
if (isKept && Context.Target.Contains("loy_cardid"))
    isKept = Context.Target.GetLookup("loy_cardid")?.Id == Context.PreImage("posted").GetLookup("loy_cardid")?.Id;
if (!isKept) Context.Reject("A posted transaction stays as it is. Post one of type Reverse instead.", "loy_posted");
