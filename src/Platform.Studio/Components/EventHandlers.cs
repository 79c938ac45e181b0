using Microsoft.AspNetCore.Components;

namespace Platform.Studio.Components;

/// <summary>Text of an input as the browser's script reports it: never in the middle of a composed syllable, unless the input searches.</summary>
public sealed class TextEventArgs : EventArgs
{
    public string Value { get; set; } = "";

    /// <summary>The user left the input or pressed Enter.</summary>
    public bool Final { get; set; }
}

/// <summary>A command that the user gave by keyboard.</summary>
public sealed class CommandEventArgs : EventArgs
{
    /// <summary><c>save</c>, <c>save-close</c>, <c>new</c>.</summary>
    public string Name { get; set; } = "";
}

/// <summary>Events that wwwroot/js raises; Blazor finds them by this class's name.</summary>
[EventHandler("onaktext", typeof(TextEventArgs))]
[EventHandler("onakcommand", typeof(CommandEventArgs))]
[EventHandler("onakcancel", typeof(EventArgs))]
[EventHandler("onaknear", typeof(EventArgs))]
public static class EventHandlers;
