namespace XdpLvs.Forwarder.Tables;

/// <summary>How long a connection may be silent, in ticks of <see cref="FlowClock"/>.</summary>
/// <param name="Established">lvs_timeouts tcp.</param>
/// <param name="FinWait">lvs_timeouts tcpfin.</param>
/// <param name="Udp">lvs_timeouts udp.</param>
public readonly record struct FlowTimeouts(uint Established, uint FinWait, uint Udp)
{
    /// <summary>IPVS's defaults: 900, 120 and 300 s.</summary>
    public static FlowTimeouts Default { get; } =
        new(FlowClock.Ticks(900), FlowClock.Ticks(120), FlowClock.Ticks(300));
}

/// <summary>The clock of the flow table: tenths of a second, counted from any moment in the past.</summary>
public static class FlowClock
{
    /// <summary>Ticks in a second.</summary>
    public const uint TicksPerSecond = 10;

    /// <summary>Seconds as ticks.</summary>
    public static uint Ticks(uint seconds) => seconds * TicksPerSecond;
}
