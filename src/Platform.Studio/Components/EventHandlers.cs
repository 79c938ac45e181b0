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

/// <summary>A file that a field has uploaded, or why it has not.</summary>
public sealed class FileEventArgs : EventArgs
{
    /// <summary>Id of the upload.</summary>
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    /// <summary>Address of the image inside the browser; empty for other files.</summary>
    public string Preview { get; set; } = "";

    /// <summary>Code of the failure; <c>0</c> where the server gave none; <c>null</c> when there is none.</summary>
    public string? Code { get; set; }

    public string Message { get; set; } = "";
}

/// <summary>Events that wwwroot/js raises; Blazor finds them by this class's name.</summary>
[EventHandler("onaktext", typeof(TextEventArgs))]
[EventHandler("onakcommand", typeof(CommandEventArgs))]
[EventHandler("onakfile", typeof(FileEventArgs))]
[EventHandler("onakcancel", typeof(EventArgs))]
[EventHandler("onaknear", typeof(EventArgs))]
public static class EventHandlers;
