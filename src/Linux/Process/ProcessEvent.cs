using System;
using System.Runtime.InteropServices;

namespace XdpLvs.Linux.Process;

/// <summary>What became of a process.</summary>
public enum ProcessEventKind
{
    /// <summary>Nothing that matters here.</summary>
    Other,

    /// <summary>The kernel's answer to our wish to hear events.</summary>
    Answer,

    /// <summary>A process began as the copy of another.</summary>
    Forked,

    /// <summary>It became another program, or gave itself another name.</summary>
    Changed,

    /// <summary>It ended.</summary>
    Exited,
}

/// <summary>One event of the kernel's process connector.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="ProcessId">To which process; for an answer, the errno.</param>
/// <param name="ParentId">For <see cref="ProcessEventKind.Forked"/>: of which it is the copy.</param>
/// <remarks>linux/cn_proc.h, linux/connector.h. In the machine's own byte order.</remarks>
public readonly record struct ProcessEvent(ProcessEventKind Kind, int ProcessId, int ParentId = 0)
{
    private const int NetlinkHeader = 16, ConnectorHeader = 20, EventHeader = 16;
    private const int Body = NetlinkHeader + ConnectorHeader + EventHeader;
    private const uint CN_IDX_PROC = 1, FORK = 1, EXEC = 2, COMM = 0x200, EXIT = 0x8000_0000;

    /// <summary>Reads one datagram of the connector.</summary>
    /// <returns>False: it is none, or it is about a thread, which is no process of its own.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ProcessEvent happened)
    {
        happened = default;
        if (datagram.Length < Body + (4 * sizeof(int)) || Word(datagram, NetlinkHeader) != CN_IDX_PROC)
        {
            return false;
        }

        int first = Number(datagram, 0), second = Number(datagram, 1), third = Number(datagram, 2);
        switch (Word(datagram, NetlinkHeader + ConnectorHeader))
        {
            case 0:
                happened = new ProcessEvent(ProcessEventKind.Answer, first);
                return true;
            case FORK when third == Number(datagram, 3): // parent's thread and process, child's thread and process
                happened = new ProcessEvent(ProcessEventKind.Forked, third, second);
                return true;
            case EXEC or COMM when first == second:
                happened = new ProcessEvent(ProcessEventKind.Changed, first);
                return true;
            case EXIT when first == second:
                happened = new ProcessEvent(ProcessEventKind.Exited, first);
                return true;
            default:
                return false;
        }
    }

    private static uint Word(ReadOnlySpan<byte> datagram, int offset) => MemoryMarshal.Read<uint>(datagram[offset..]);

    private static int Number(ReadOnlySpan<byte> datagram, int index) =>
        MemoryMarshal.Read<int>(datagram[(Body + (index * sizeof(int)))..]);
}
