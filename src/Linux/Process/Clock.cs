using System;
using System.Runtime.InteropServices;

namespace XdpLvs.Linux.Process;

/// <summary>The clock that VRRP and the flow table count by.</summary>
/// <remarks>clock_gettime(2). It allocates nothing and, through the vDSO, makes no system call.</remarks>
public static unsafe partial class Clock
{
    private const int CLOCK_MONOTONIC = 1, CLOCK_MONOTONIC_COARSE = 6;

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

    /// <summary>The kernel's timer ticks in a second, CONFIG_HZ: its coarse clocks go by them. clock_getres(2).
    /// </summary>
    public static int TicksPerSecond
    {
        get
        {
            Timespec tick;
            _ = Getres(CLOCK_MONOTONIC_COARSE, &tick); // cannot fail, either
            return (int)Math.Round(1e9 / tick.tv_nsec);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_getres")]
    private static partial int Getres(int clock, Timespec* resolution);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int Gettime(int clock, Timespec* now);

    private struct Timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }
}
