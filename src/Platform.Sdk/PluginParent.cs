namespace Platform.Sdk;

/// <summary>The message whose step, or whose own work, sent a message.</summary>
/// <param name="Message">Name of the message (<c>Update</c>).</param>
/// <param name="Entity">Logical name of the entity that it is about; empty for none.</param>
/// <param name="Id">The row that it is about; <see cref="Guid.Empty"/> for none.</param>
/// <param name="Depth">1 for a message that came from outside.</param>
/// <param name="SharedVariables">What its steps have handed on so far; changes to it are lost.</param>
/// <param name="Parent">The message that sent it; <c>null</c> when it came from outside.</param>
public sealed record PluginParent(string Message, string Entity, Guid Id, int Depth, PluginParameters SharedVariables, PluginParent? Parent);
