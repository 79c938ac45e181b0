using Platform.Sandbox.Protocol;

namespace Platform.Sandbox.Execution;

/// <summary>A script in the worker, ready to run any number of times.</summary>
internal interface ILoadedScript
{
    /// <summary>Runs the script once and says how it ended: done, rejected or failed.</summary>
    WorkerFrame Run(ScriptRun run);
}
