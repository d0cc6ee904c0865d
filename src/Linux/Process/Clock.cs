using System.Runtime.InteropServices;

namespace XdpLvs.Linux.Process;

/// <summary>The clock that VRRP and the flow table count by.</summary>
/// <remarks>clock_gettime(2). It allocates nothing and, through the vDSO, makes no system call.</remarks>
public static unsafe partial class Clock
{
    private const int CLOCK_MONOTONIC = 1;

    /// <summary>CLOCK_MONOTONIC in microseconds. Never goes back, and has no relation to the date.</summary>
    public static long NowMicroseconds
    {
        get
        {
            Timespec now;
            _ = Gettime(CLOCK_MONOTONIC, &now); // cannot fail: the clock exists and the pointer is ours
            return (now.tv_sec * 1_000_000) + (now.tv_nsec / 1_000);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int Gettime(int clock, Timespec* now);

    private struct Timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }
}
