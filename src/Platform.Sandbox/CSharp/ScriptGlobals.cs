using System.ComponentModel;
using Platform.Sdk;

namespace Platform.Sandbox.CSharp;

/// <summary>What the compiler makes visible to a C# script without a name in front: <c>Context</c>. Public because the emitted image refers to it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ScriptGlobals(PluginContext context)
{
    /// <summary>The one global of a script.</summary>
    public PluginContext Context { get; } = context;
}
