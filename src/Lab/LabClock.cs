using System;

namespace XdpLvs.Lab;

/// <summary>The time that all processes of a lab share: CLOCK_MONOTONIC of the one kernel below them.</summary>
public static class LabClock
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Microseconds since an arbitrary start, the same for every process on this machine.</summary>
    public static long Microseconds(this TimeProvider time) =>
        time.GetTimestamp() / (time.TimestampFrequency / MicrosecondsPerSecond);
}
