using System.Runtime.InteropServices;

namespace Platform.Sandbox.Execution;

/// <summary>
/// Ends the worker as soon as its host is gone, also in the middle of a script that never reads standard input.
/// Elsewhere than on Unix the worker notices at its next read.
/// </summary>
internal static partial class StdinWatch
{
    public static void Start()
    {
        if (OperatingSystem.IsWindows()) return;
        new Thread(Watch, maxStackSize: 256 * 1024) { IsBackground = true, Name = "standard input" }.Start();
    }

    private static void Watch()
    {
        // With no events asked for, poll returns only when the other end of the pipe is closed.
        var descriptor = new PollDescriptor { File = 0 };
        while (Poll(ref descriptor, 1, timeout: -1) <= 0)
        {
            // Interrupted by a signal of the runtime: wait again.
        }
        // Not Environment.Exit: that would wait for a script that loops.
        ExitNow(0);
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptor, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);

    private struct PollDescriptor
    {
        public int File;
        public short Events;
        public short ReturnedEvents;
    }
}
