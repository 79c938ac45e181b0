using System.Text.Json.Nodes;
using Spectre.Console;

namespace Platform.Cli;

/// <summary>Shows how far a publish is: bars on a terminal, a line for each stage in a pipe or file, nothing beside JSON.</summary>
internal static class ApplyProgress
{
    /// <param name="quiet">The output is for a program.</param>
    /// <param name="apply">Does the work and reports: <c>{ "stage", "done", "total", "part" }</c>.</param>
    public static Task<JsonNode> ShowAsync(bool quiet, Func<Action<JsonNode>, Task<JsonNode>> apply)
    {
        if (quiet) return apply(_ => { });
        if (!IsTerminal) return apply(Lines());
        return AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(shown => apply(Bars(shown)));
    }

    /// <summary>Shows that something is done that tells nothing of how far it is; only on a terminal.</summary>
    public static Task<JsonNode> WaitAsync(bool quiet, string title, Func<Task<JsonNode>> work) =>
        quiet || !IsTerminal ? work() : AnsiConsole.Status().StartAsync(title, _ => work());

    private static bool IsTerminal => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive;

    private static Action<JsonNode> Lines()
    {
        var stage = "";
        return report =>
        {
            if ((string)report["stage"]! == stage) return;
            stage = (string)report["stage"]!;
            var total = (int)report["total"]!;
            Console.WriteLine(total > 0 ? $"{Title(stage)}: {total}" : Title(stage));
        };
    }

    private static Action<JsonNode> Bars(ProgressContext shown)
    {
        ProgressTask? bar = null;
        var stage = "";
        return report =>
        {
            var (done, total) = ((int)report["done"]!, (int)report["total"]!);
            if (bar is null || (string)report["stage"]! != stage)
            {
                Finish(bar);
                stage = (string)report["stage"]!;
                bar = shown.AddTask(Title(stage), maxValue: Math.Max(total, 1));
            }

            bar.IsIndeterminate = total == 0;
            bar.Value = done;
            bar.Description = (string?)report["part"] is { } part ? $"{Title(stage)} {done + 1}/{total} [grey]{Markup.Escape(Short(part))}[/]" : Title(stage);
        };
    }

    private static void Finish(ProgressTask? bar)
    {
        if (bar is null) return;
        (bar.IsIndeterminate, bar.Value) = (false, bar.MaxValue);
        bar.StopTask();
    }

    private static string Title(string stage) => stage switch
    {
        "plan" => "Planning",
        "compile" => "Compiling scripts",
        "change" => "Changing the database",
        "seed" => "Bringing in rows",
        _ => stage,
    };

    private static string Short(string part) => part.Length > 50 ? part[..50] + "…" : part;
}
