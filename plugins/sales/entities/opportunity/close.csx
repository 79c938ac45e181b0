// What was won or lost has a day and, if won, an amount; what is open again has neither.
var before = Context.Message == "Update" ? Context.PreImage("before") : Context.Target;
var was = Context.Message == "Update" ? before.Get<int>("statecode") : 0;
// A status reason that comes alone says its state, too.
var state = Context.Target.Get<int?>("statecode") ?? Context.Target.Get<int?>("statuscode") switch { 1 or 2 => 0, 3 => 1, 4 or 5 => 2, _ => was };
if (state != was)
{
    Default("actualclosedate", state == 0 ? null : DateOnly.FromDateTime(Context.Now));
    Default("actualvalue", state == 1 ? Context.Target.Contains("estimatedvalue") ? Context.Target["estimatedvalue"] : before["estimatedvalue"] : null);
}

void Default(string column, object? value)
{
    if (!Context.Target.Contains(column)) Context.Target[column] = value;
}
