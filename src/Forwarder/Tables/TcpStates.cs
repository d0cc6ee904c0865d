using System;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Tables;

/// <summary>What is known of a connection from the client's half alone: all that a DR director sees.</summary>
public enum FlowState : byte
{
    /// <summary>Nothing yet. Templates stay here.</summary>
    None,

    /// <summary>Data flows.</summary>
    Established,

    /// <summary>Never reached from the client's half; kept for the numbering of the kernel's table.</summary>
    SynSent,

    /// <summary>The client asked; its acknowledgement is awaited.</summary>
    SynReceived,

    /// <summary>The client has finished sending.</summary>
    FinWait,

    /// <summary>Finished in both directions, as far as one half can tell.</summary>
    TimeWait,

    /// <summary>Reset.</summary>
    Close,

    /// <summary>As in the kernel's table.</summary>
    CloseWait,

    /// <summary>As in the kernel's table.</summary>
    LastAck,

    /// <summary>As in the kernel's table.</summary>
    Listen,

    /// <summary>As in the kernel's table.</summary>
    SynAck,

    /// <summary>Datagrams, which have no states.</summary>
    Udp,
}

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

/// <summary>The state table that IPVS uses when it sees only the client's packets.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_proto_tcp.c, tcp_states, the INPUT_ONLY half.</remarks>
public static class TcpStates
{
    // One row per control bit in the kernel's order of precedence; a column per state, None to SynAck.
    private static ReadOnlySpan<byte> OnReset => [6, 6, 6, 3, 6, 6, 6, 6, 8, 9, 6];

    private static ReadOnlySpan<byte> OnSyn => [3, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3];

    private static ReadOnlySpan<byte> OnFin => [6, 4, 2, 5, 4, 5, 6, 7, 8, 9, 5];

    private static ReadOnlySpan<byte> OnAck => [1, 1, 2, 1, 4, 5, 6, 7, 6, 9, 1];

    /// <summary>The state after one more packet from the client.</summary>
    public static FlowState Next(FlowState state, byte protocol, TcpControl flags)
    {
        if (protocol != Ipv4View.ProtocolTcp)
        {
            return FlowState.Udp;
        }

        ReadOnlySpan<byte> row = (flags & TcpControl.Reset) != 0 ? OnReset
            : (flags & TcpControl.Syn) != 0 ? OnSyn
            : (flags & TcpControl.Fin) != 0 ? OnFin
            : (flags & TcpControl.Ack) != 0 ? OnAck
            : default;
        return (int)state < row.Length ? (FlowState)row[(int)state] : state;
    }

    /// <summary>Ticks that a connection in this state may be silent before it is forgotten.</summary>
    public static uint Timeout(FlowState state, in FlowTimeouts timeouts) => state switch
    {
        FlowState.Established => timeouts.Established,
        FlowState.FinWait => timeouts.FinWait,
        FlowState.Udp => timeouts.Udp,
        FlowState.SynSent or FlowState.TimeWait or FlowState.Listen or FlowState.SynAck => FlowClock.Ticks(120),
        FlowState.SynReceived or FlowState.CloseWait => FlowClock.Ticks(60),
        FlowState.LastAck => FlowClock.Ticks(30),
        FlowState.Close => FlowClock.Ticks(10),
        _ => FlowClock.Ticks(2),
    };

    /// <summary>Whether a fresh SYN on such a connection means a new one: the client has done with the old.</summary>
    public static bool IsOver(FlowState state) =>
        state is FlowState.FinWait or FlowState.TimeWait or FlowState.Close or FlowState.CloseWait or FlowState.LastAck;

    /// <summary>Whether listings count it as active: established or on its way there.</summary>
    public static bool IsActive(FlowState state) =>
        state is FlowState.Established or FlowState.SynSent or FlowState.SynReceived;
}
