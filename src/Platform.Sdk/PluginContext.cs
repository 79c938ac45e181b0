using System.Diagnostics.CodeAnalysis;

namespace Platform.Sdk;

/// <summary>What a script sees: the one global of a plugin, <c>Context</c> in C#, <c>context</c> in JavaScript (same members, camelCase).</summary>
public abstract class PluginContext
{
    /// <summary>The row of the message, or the part of it that the caller sent. Changes made before the main operation are written.</summary>
    /// <exception cref="InvalidOperationException">The message carries no row (RetrieveMultiple).</exception>
    public abstract EntityRecord Target { get; }

    /// <summary>Parameters of the message by name, in Dataverse's names. Changes made before the main operation hold: the rows of a bulk message, an assignee, a state, parameters of a custom API.</summary>
    public abstract PluginParameters Input { get; }

    /// <summary>Results of the message by name; filled by the main operation.</summary>
    public abstract PluginParameters Output { get; }

    /// <summary>Values that steps of one message hand on to each other.</summary>
    public abstract PluginParameters SharedVariables { get; }

    /// <summary>The step's <c>config</c> from <c>steps.json</c>.</summary>
    public abstract PluginParameters Config { get; }

    /// <summary>Reads and writes records inside the message's transaction, as the step's run-as user.</summary>
    public abstract IPluginService Service { get; }

    /// <summary>Time of the message, UTC; the same for all its steps.</summary>
    public abstract DateTime Now { get; }

    /// <summary>The user as whom the step runs.</summary>
    public abstract EntityReference User { get; }

    /// <summary>Name of the message (<c>Create</c>).</summary>
    public abstract string Message { get; }

    /// <summary>Stage of this step.</summary>
    public abstract PluginStage Stage { get; }

    /// <summary>1 for a message that came from outside, one more for each message that a step sent.</summary>
    public abstract int Depth { get; }

    /// <summary>The message that sent this one: the one whose step made a service call, or that consists of this one; <c>null</c> when it came from outside.</summary>
    public abstract PluginParent? Parent { get; }

    /// <summary>The row as it was before the message: the columns that the step's image names.</summary>
    /// <exception cref="KeyNotFoundException">The step declares no pre-image with this alias.</exception>
    public abstract EntityRecord PreImage(string alias);

    /// <summary>The row as the message left it; only in stage 40.</summary>
    /// <exception cref="KeyNotFoundException">The step declares no post-image with this alias.</exception>
    public abstract EntityRecord PostImage(string alias);

    /// <summary>Writes a line to the run's trace; it survives a rollback.</summary>
    public abstract void Trace(string line);

    /// <summary>Refuses the message: everything is rolled back and the caller gets the sentence and the code.</summary>
    /// <exception cref="PluginRejectedException">Always.</exception>
    [DoesNotReturn]
    [SuppressMessage("Performance", "CA1822", Justification = "Scripts say Context.Reject(...): a member of the one global.")]
    public void Reject(string message, string code = "") => throw new PluginRejectedException(message, code);
}
