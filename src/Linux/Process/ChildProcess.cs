using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace XdpLvs.Linux.Process;

/// <summary>How a process ended.</summary>
/// <param name="Code">Its exit status, or the signal that ended it.</param>
/// <param name="IsSignal">Whether <paramref name="Code"/> is a signal.</param>
public readonly record struct ExitStatus(int Code, bool IsSignal)
{
    /// <summary>Nobody knows: the kernel threw the status away (SIGCHLD was ignored when this process began).</summary>
    public static readonly ExitStatus Lost = new(-1, IsSignal: false);
}

/// <summary>
/// A program started without a shell, in a session and process group of its own, with /dev/null for its three files
/// and no other, in the root directory, with no signal blocked or ignored. It is ours until it is reaped.
/// </summary>
/// <remarks>
/// posix_spawn(3) copies nothing of this process, not even its page tables, and runs no managed code in the child.
/// pidfd_open(2) makes the end something to poll for; waitid(2) with WNOWAIT looks at the end without giving the
/// process number away, so that a signal to the group can never hit somebody else. One thread at a time.
/// </remarks>
public sealed unsafe partial class ChildProcess : IDisposable
{
    /// <summary>Please end. signal(7).</summary>
    public const int SIGTERM = 15;

    /// <summary>End. signal(7).</summary>
    public const int SIGKILL = 9;

    private const int SYS_pidfd_open = 434; // the same number on every architecture
    private const int P_PID = 1, WNOHANG = 1, WEXITED = 4, WNOWAIT = 0x0100_0000, CLD_EXITED = 1;
    private const short POSIX_SPAWN_SETSIGDEF = 4, POSIX_SPAWN_SETSIGMASK = 8, POSIX_SPAWN_SETSID = 0x80;
    private const int SignalSetOctets = 128, AttributeOctets = 512, ActionOctets = 256, O_RDWR = 2;

    private bool _isReaped;

    private ChildProcess(int id, FileDescriptor end)
    {
        Id = id;
        End = end;
    }

    /// <summary>Process number; also that of its session and group.</summary>
    public int Id { get; }

    /// <summary>Readable once the process has ended. Owned by this object.</summary>
    public FileDescriptor End { get; }

    /// <summary>Starts a program. Blocks until it is executed: about a millisecond.</summary>
    /// <param name="arguments">The path first; nothing is looked up, and no word is interpreted.</param>
    /// <param name="environment">All of it, as NAME=value.</param>
    /// <param name="child">The process; null if it could not be started.</param>
    /// <returns>0, or a positive errno: ENOENT, EACCES, EAGAIN, ENOMEM.</returns>
    public static int TryStart(
        IReadOnlyList<string> arguments, IReadOnlyList<string> environment, out ChildProcess? child)
    {
        child = null;
        byte** words = Words(arguments), variables = Words(environment);
        try
        {
            int id;
            int errno = Spawn(words, variables, &id);
            if (errno != 0)
            {
                return errno;
            }

            long end = Syscall(SYS_pidfd_open, id, 0);
            if (end < 0)
            {
                errno = Marshal.GetLastPInvokeError();
                _ = Kill(-id, SIGKILL);
                _ = Waitid(P_PID, id, null, WEXITED, null); // it was killed: this does not last
                return errno;
            }

            child = new ChildProcess(id, new FileDescriptor((int)end));
            return 0;
        }
        finally
        {
            Free(words);
            Free(variables);
        }
    }

    /// <summary>Whether it has ended, and how. It stays unreaped, so that its group can still be signalled.</summary>
    public bool TryPeekExit(out ExitStatus status)
    {
        SigInfo info = default;
        int result = Waitid(P_PID, Id, &info, WEXITED | WNOHANG | WNOWAIT, null);
        if (result != 0)
        {
            status = ExitStatus.Lost;
            _isReaped = true;
            return true;
        }

        status = new ExitStatus(info.si_status, info.si_code != CLD_EXITED);
        return info.si_pid != 0;
    }

    /// <summary>Sends a signal to every process of its group. Nothing happens once it is reaped.</summary>
    public void SignalGroup(int signal)
    {
        if (!_isReaped)
        {
            _ = Kill(-Id, signal); // ESRCH: all of them are gone
        }
    }

    /// <summary>Takes note of its end, and closes. A process that still runs is left alone.</summary>
    public void Dispose()
    {
        if (!_isReaped)
        {
            _isReaped = true;
            SigInfo info = default;
            _ = Waitid(P_PID, Id, &info, WEXITED | WNOHANG, null);
        }

        End.Dispose();
    }

    private static int Spawn(byte** words, byte** variables, int* id)
    {
        byte* attributes = stackalloc byte[AttributeOctets];
        byte* actions = stackalloc byte[ActionOctets];
        byte* none = stackalloc byte[SignalSetOctets];
        byte* all = stackalloc byte[SignalSetOctets];
        new Span<byte>(none, SignalSetOctets).Clear();
        new Span<byte>(all, SignalSetOctets).Fill(0xFF);
        _ = AttributesInit(attributes);
        _ = ActionsInit(actions);
        try
        {
            _ = AttributesSetMask(attributes, none);
            _ = AttributesSetDefault(attributes, all);
            _ = AttributesSetFlags(
                attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
            int errno = ActionsAddOpen(actions, 0, "/dev/null", O_RDWR, 0);
            errno = errno != 0 ? errno : ActionsAddDup(actions, 0, 1);
            errno = errno != 0 ? errno : ActionsAddDup(actions, 0, 2);
            errno = errno != 0 ? errno : ActionsAddDirectory(actions, "/");
            errno = errno != 0 ? errno : CloseOthers(actions);
            return errno != 0 ? errno : PosixSpawn(id, words[0], actions, attributes, words, variables);
        }
        finally
        {
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    /// <summary>
    /// What is opened here is closed by itself; what this process was born with, such as a supervisor's pipe, is not.
    /// </summary>
    private static int CloseOthers(byte* actions)
    {
        try
        {
            return ActionsAddCloseFrom(actions, 3);
        }
        catch (EntryPointNotFoundException)
        {
            return 0; // glibc before 2.34
        }
    }

    /// <summary>A null-terminated array of null-terminated texts.</summary>
    private static byte** Words(IReadOnlyList<string> texts)
    {
        var words = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
        {
            words[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return words;
    }

    private static void Free(byte** words)
    {
        for (byte** word = words; *word != null; word++)
        {
            Marshal.FreeCoTaskMem((nint)(*word));
        }

        NativeMemory.Free(words);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(
        int* id, byte* path, byte* actions, byte* attributes, byte** words, byte** variables);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetMask(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetDefault(byte* attributes, byte* set);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsAddDup(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int ActionsAddCloseFrom(byte* actions, int from);

    [LibraryImport(
        "libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsAddOpen(byte* actions, int number, string path, int flags, uint mode);

    [LibraryImport(
        "libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsAddDirectory(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Syscall(long number, long first, long second);

    [LibraryImport("libc", EntryPoint = "waitid")]
    private static partial int Waitid(int kind, int id, SigInfo* info, int options, void* usage);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int target, int signal);

    /// <summary>siginfo_t of sigaction(2) as waitid fills it on 64-bit machines; 128 octets.</summary>
    private struct SigInfo
    {
        public int si_signo;
        public int si_errno;
        public int si_code;
        public int __pad;
        public int si_pid;
        public uint si_uid;
        public int si_status;
        public fixed int __rest[25];
    }
}
