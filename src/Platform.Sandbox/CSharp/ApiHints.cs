namespace Platform.Sandbox.CSharp;

/// <summary>What to use instead of something that scripts may not use.</summary>
internal static class ApiHints
{
    private const string Allowed = "Scripts may use Context, the types of Platform.Sdk, values, text, collections and LINQ.";

    /// <summary>By the beginning of the full name, the longest match first.</summary>
    private static readonly (string Start, string Hint)[] Hints =
    [
        ("System.DateTime.", "Use Context.Now: the time of the message, the same for all its steps."),
        ("System.DateTimeOffset.", "Use Context.Now: the time of the message, the same for all its steps."),
        ("System.TimeProvider", "Use Context.Now: the time of the message, the same for all its steps."),
        ("System.Diagnostics.Stopwatch", "Use Context.Now; the duration of each run is in its trace."),
        ("System.Diagnostics", "A script cannot start or look at processes. Write to the trace with Context.Trace."),
        ("System.Console", "Use Context.Trace to write a line to the run's trace."),
        ("System.IO", "A script has no files. Keep data in rows and use Context.Service."),
        ("System.Net", "A script has no network of its own. Write a row and let a webhook or an asynchronous step deliver it."),
        ("System.Environment", "A script does not see its process. Settings belong into the step's config: Context.Config."),
        ("System.AppDomain", "A script does not see its process. Settings belong into the step's config: Context.Config."),
        ("System.AppContext", "A script does not see its process. Settings belong into the step's config: Context.Config."),
        ("System.Reflection", "Name types and members directly; attributes of a row are reached with Get and Set."),
        ("System.Type", "Name types and members directly; attributes of a row are reached with Get and Set."),
        ("System.Activator", "Use new."),
        ("System.Object.GetType", "Use a pattern: value is string text."),
        ("System.Threading", "A script runs on one thread from top to bottom. Make it an asynchronous step to do work after the commit."),
        ("System.Linq.ParallelEnumerable", "A script runs on one thread from top to bottom. Make it an asynchronous step to do work after the commit."),
        ("System.Runtime", "Stay with the language's safe part."),
        ("System.GC", "Memory is a limit of the step (limits.megabytes)."),
        ("System.Data", "Use Context.Service: it runs in the transaction of the message, with the step's rights."),
        ("Microsoft.", "Use Context.Service: it runs in the transaction of the message, with the step's rights."),
        ("System.Security", "Ids come from Create; secrets are kept by the server."),
    ];

    public static string For(string fullName)
    {
        foreach (var (start, hint) in Hints)
            if (fullName.StartsWith(start, StringComparison.Ordinal)) return hint;
        return Allowed;
    }
}
