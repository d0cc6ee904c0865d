using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Director.Forwarding;

/// <summary>The flow table's clock: ticks since the daemon started.</summary>
internal sealed class FlowTime(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly long _perTick = time.TimestampFrequency / FlowClock.TicksPerSecond;

    /// <summary>
    /// Ticks of <see cref="FlowClock"/>. Begins at 1, so that no deadline of 0 is ever in the future.
    /// </summary>
    internal uint Now => (uint)((time.GetTimestamp() - _start) / _perTick) + 1;
}
