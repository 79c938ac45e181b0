using System.Runtime.InteropServices;

namespace Platform.Sandbox.Execution;

/// <summary>
/// Gives up, for the rest of the process's life, everything a script has no business with: files, network, other
/// processes, kernel interfaces. Needs no privileges. Linux on x64; elsewhere nothing is applied and nothing is claimed.
/// </summary>
internal static unsafe partial class LockDown
{
    private const int SetNoNewPrivileges = 38;
    private const int SeccompCall = 317;
    private const int SetModeFilter = 1;
    private const int AllThreads = 1;

    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort JumpIfAnyBit = 0x45;
    private const ushort Return = 0x06;

    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgumentOffset = 16;
    private const uint ArchitectureX64 = 0xC000003E;
    private const uint X32Bit = 0x40000000;
    private const uint CloneThread = 0x10000;

    private const uint Allow = 0x7FFF0000;
    private const uint KillProcess = 0x80000000;
    private const uint NotPermitted = 0x00050000 | 1;
    private const uint NotImplemented = 0x00050000 | 38;

    private const uint Clone = 56;
    private const uint Clone3 = 435;

    /// <summary>System calls that fail with EPERM from now on (numbers of x86-64).</summary>
    private static readonly uint[] Denied =
    [
        // Files by path: open, creat, openat, openat2, stat, lstat, access, readlink, faccessat, faccessat2, statx, getdents, chdir, fchdir
        2, 85, 257, 437, 4, 6, 21, 89, 267, 269, 439, 332, 78, 217, 80, 81,
        // Changes to files: unlink, rename, mkdir, rmdir, link, symlink, chmod, chown, truncate, mknod, utime and their *at forms
        87, 263, 82, 264, 316, 83, 258, 84, 86, 265, 88, 266, 90, 91, 268, 452, 92, 93, 94, 260, 76, 133, 259, 132, 235, 261, 280,
        // Sockets: socket, socketpair, connect, bind, listen, accept, sendto, sendmsg, sendmmsg
        41, 53, 42, 49, 50, 43, 288, 44, 46, 307,
        // Programs and other processes: fork, vfork, execve, execveat, kill, tkill, ptrace, process_vm_*, pidfd_*, rt_sigqueueinfo
        57, 58, 59, 322, 62, 200, 101, 310, 311, 434, 424, 438, 129, 297,
        // Shared memory and queues: shmget, shmat, semget, msgget, mq_open, memfd_create
        29, 30, 64, 68, 240, 319,
        // Mounts and namespaces: mount, umount2, chroot, pivot_root, unshare, setns, open_tree and its family, name_to_handle_at
        165, 166, 161, 155, 272, 308, 428, 429, 430, 431, 432, 433, 442, 303, 304,
        // Kernel: bpf, perf_event_open, io_uring_*, userfaultfd, keyctl and keys, modules, kexec, reboot, clocks, syslog, swap, quota, acct
        321, 298, 425, 426, 427, 323, 248, 249, 250, 175, 313, 176, 246, 320, 169, 164, 227, 103, 167, 168, 179, 163, 170, 171,
        // Identity: setuid and family, capset
        105, 106, 113, 114, 117, 119, 116, 126,
    ];

    /// <summary>Applies what this system offers and names it.</summary>
    public static IReadOnlyList<string> Apply()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) return [];
        if (ProcessControl(SetNoNewPrivileges, 1, 0, 0, 0) != 0) return [];
        return InstallFilter() ? ["no-new-privileges", "seccomp"] : ["no-new-privileges"];
    }

    private static bool InstallFilter()
    {
        var program = Program();
        fixed (Instruction* first = program)
        {
            var filter = new FilterProgram { Length = (ushort)program.Length, First = first };
            return SystemCall(SeccompCall, SetModeFilter, AllThreads, &filter) == 0;
        }
    }

    private static Instruction[] Program()
    {
        var program = new List<Instruction>
        {
            Step(LoadWord, ArchitectureOffset),
            Jump(JumpIfEqual, ArchitectureX64, whenTrue: 1, whenFalse: 0),
            Step(Return, KillProcess),
            Step(LoadWord, NumberOffset),
            // The x32 numbers would be a second door to the same calls.
            Jump(JumpIfAtLeast, X32Bit, whenTrue: 0, whenFalse: 1),
            Step(Return, KillProcess),
        };
        foreach (var call in Denied) AddRule(program, call, NotPermitted);
        // "Not implemented" makes the C library fall back to clone, whose flags a filter can see.
        AddRule(program, Clone3, NotImplemented);
        program.Add(Jump(JumpIfEqual, Clone, whenTrue: 0, whenFalse: 3));
        program.Add(Step(LoadWord, FirstArgumentOffset));
        program.Add(Jump(JumpIfAnyBit, CloneThread, whenTrue: 1, whenFalse: 0));
        program.Add(Step(Return, NotPermitted));
        program.Add(Step(Return, Allow));
        return [.. program];
    }

    private static void AddRule(List<Instruction> program, uint call, uint verdict)
    {
        program.Add(Jump(JumpIfEqual, call, whenTrue: 0, whenFalse: 1));
        program.Add(Step(Return, verdict));
    }

    private static Instruction Step(ushort code, uint operand) => new() { Code = code, Operand = operand };

    private static Instruction Jump(ushort code, uint operand, byte whenTrue, byte whenFalse) =>
        new() { Code = code, Operand = operand, WhenTrue = whenTrue, WhenFalse = whenFalse };

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long first, long second, FilterProgram* third);

    [StructLayout(LayoutKind.Sequential)]
    private struct Instruction
    {
        public ushort Code;
        public byte WhenTrue;
        public byte WhenFalse;
        public uint Operand;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public Instruction* First;
    }
}
