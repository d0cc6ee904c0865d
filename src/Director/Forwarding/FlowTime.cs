using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Director.Forwarding;

/// <summary>
/// The flow table's clock: ticks of CLOCK_MONOTONIC, so that deadlines outlive the daemon that set them.
/// </summary>
internal sealed class FlowTime(TimeProvider time)
{
    private readonly long _perTick = time.TimestampFrequency / FlowClock.TicksPerSecond;

    /// <summary>
    /// Ticks of <see cref="FlowClock"/>. Begins at 1, so that no deadline of 0 is ever in the future.
    /// </summary>
    internal uint Now => (uint)(time.GetTimestamp() / _perTick) + 1;
}
