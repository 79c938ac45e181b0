context.service.execute("sal_CloseOpportunity", {
  OpportunityClose: context.input.get("OpportunityClose"),
  Status: context.input.get("Status"),
  State: 2
});
