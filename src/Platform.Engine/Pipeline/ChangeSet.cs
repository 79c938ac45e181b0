namespace Platform.Engine.Pipeline;

/// <summary>Messages from outside that are committed together or not at all; open while the work that sends them runs.</summary>
/// <param name="root">Holds their transaction; what they change of rights and currencies is noted there.</param>
internal sealed class ChangeSet(MessageScope root)
{
    public MessageScope Root => root;

    /// <summary>False once the work has ended: whatever it has left running sends its messages on their own.</summary>
    public bool IsOpen { get; private set; } = true;

    public void Close() => IsOpen = false;
}
