using System;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Tables;

/// <summary>What is known of a connection from the client's half alone: all that a DR director sees.</summary>
public enum FlowState : byte
{
    /// <summary>Nothing yet. Templates stay here until a connection of theirs is established; then they are as well.
    /// </summary>
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

    /// <summary>SCTP: the client's first INIT.</summary>
    SctpInit1,

    /// <summary>SCTP: it asked again.</summary>
    SctpInit,

    /// <summary>SCTP: never reached from the client's half; kept for the kernel's numbering, like others.</summary>
    SctpCookieSent,

    /// <summary>SCTP: as in the kernel's table.</summary>
    SctpCookieReplied,

    /// <summary>SCTP: as in the kernel's table.</summary>
    SctpCookieWait,

    /// <summary>SCTP: as in the kernel's table.</summary>
    SctpCookie,

    /// <summary>SCTP: the client answered the server's INIT.</summary>
    SctpCookieEchoed,

    /// <summary>SCTP: data flows.</summary>
    SctpEstablished,

    /// <summary>SCTP: as in the kernel's table.</summary>
    SctpShutdownSent,

    /// <summary>SCTP: the client has finished sending.</summary>
    SctpShutdownReceived,

    /// <summary>SCTP: as in the kernel's table.</summary>
    SctpShutdownAckSent,

    /// <summary>SCTP: as in the kernel's table.</summary>
    SctpRejected,

    /// <summary>SCTP: over.</summary>
    SctpClosed,

    /// <summary>A first datagram: <see cref="Udp"/> to all who look from outside, but the first to be given up where
    /// there is no room. The kernel has no such state.</summary>
    UdpOnce,
}

/// <summary>The state table that IPVS uses when it sees only the client's packets.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_proto_tcp.c, tcp_states, the INPUT_ONLY half.</remarks>
public static class FlowStates
{
    // One row per control bit in the kernel's order of precedence; a column per state, None to SynAck.
    private static ReadOnlySpan<byte> OnReset => [6, 6, 6, 3, 6, 6, 6, 6, 8, 9, 6];

    private static ReadOnlySpan<byte> OnSyn => [3, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3];

    private static ReadOnlySpan<byte> OnFin => [6, 4, 2, 5, 4, 5, 6, 7, 8, 9, 5];

    private static ReadOnlySpan<byte> OnAck => [1, 1, 2, 1, 4, 5, 6, 7, 6, 9, 1];

    /// <summary>The state after one more TCP segment or datagram from the client.</summary>
    public static FlowState Next(FlowState state, byte protocol, TcpControl flags)
    {
        if (protocol != Ipv4View.ProtocolTcp)
        {
            return state == FlowState.None ? FlowState.UdpOnce : FlowState.Udp;
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
        FlowState.Udp or FlowState.UdpOnce => timeouts.Udp,
        FlowState.SynSent or FlowState.TimeWait or FlowState.Listen or FlowState.SynAck => FlowClock.Ticks(120),
        FlowState.SynReceived or FlowState.CloseWait => FlowClock.Ticks(60),
        FlowState.LastAck => FlowClock.Ticks(30),
        FlowState.Close => FlowClock.Ticks(10),
        >= FlowState.SctpInit1 => SctpStates.Timeout(state),
        _ => FlowClock.Ticks(2),
    };

    /// <summary>The state after one more packet from the client.</summary>
    public static FlowState Next(FlowState state, in Packet packet) => packet.Protocol == Ipv4View.ProtocolSctp
        ? SctpStates.Next(state, packet.Chunk)
        : Next(state, packet.Protocol, packet.Control);

    /// <summary>Whether a packet is the first of a connection: SYN, INIT, or any datagram.</summary>
    public static bool Begins(in Packet packet) => packet.Protocol switch
    {
        Ipv4View.ProtocolTcp =>
            (packet.Control & (TcpControl.Syn | TcpControl.Ack | TcpControl.Reset)) == TcpControl.Syn,
        Ipv4View.ProtocolSctp => packet.Chunk == SctpStates.Initiation,
        _ => true,
    };

    /// <summary>Whether a connection may be taken up in the middle: sloppy_tcp and sloppy_sctp.</summary>
    public static bool MayBeginAnywhere(in Packet packet, FlowPolicy policy) => packet.Protocol switch
    {
        Ipv4View.ProtocolTcp => policy.SloppyTcp && (packet.Control & TcpControl.Reset) == 0,
        Ipv4View.ProtocolSctp => policy.SloppySctp,
        _ => true,
    };

    /// <summary>Whether a fresh SYN or INIT on such a connection means a new one: the client has done with the old.
    /// </summary>
    /// <remarks>Linux net/netfilter/ipvs/ip_vs_core.c, is_new_conn_expected.</remarks>
    /// <param name="state">Of the connection.</param>
    /// <param name="reuseMode">conn_reuse_mode.</param>
    public static bool IsOver(FlowState state, int reuseMode) => reuseMode != 0
        && (state is FlowState.TimeWait or FlowState.Close or FlowState.SctpClosed
            || (state == FlowState.FinWait && (reuseMode & 2) != 0));

    /// <summary>Whether it counts as active: established or on its way there; of SCTP established only.</summary>
    /// <remarks>Linux net/netfilter/ipvs/ip_vs_proto_tcp.c, tcp_state_active_table; ip_vs_proto_sctp.c, set_sctp_state.
    /// </remarks>
    public static bool IsActive(FlowState state) => state
        is FlowState.Established or FlowState.SynSent or FlowState.SynReceived or FlowState.SctpEstablished;

    /// <summary>Whether the client has only asked so far: such flows are given up when there is no room.</summary>
    public static bool IsHalfOpen(FlowState state) =>
        state is FlowState.None or FlowState.SynReceived or FlowState.SctpInit1 or FlowState.SctpInit;

    /// <summary>Whether the client's packets say that the server answered: then its template is assured.</summary>
    /// <remarks>Linux include/net/ip_vs.h, ip_vs_control_assure_ct, and who calls it. UDP never says so.</remarks>
    public static bool IsAssured(FlowState state) => state is FlowState.Established or FlowState.SctpEstablished;

    /// <summary>What listings show.</summary>
    internal static FlowState Shown(FlowState state) => state == FlowState.UdpOnce ? FlowState.Udp : state;

    /// <summary>
    /// Who is given up first where there is no room: single datagrams and templates that no connection has assured (2),
    /// who cost their clients least, then half-open connections (1), and nothing else (0).
    /// </summary>
    internal static int Disposability(FlowState state, bool isTemplate) => isTemplate
        ? state == FlowState.None ? 2 : 0
        : state == FlowState.UdpOnce ? 2 : IsHalfOpen(state) ? 1 : 0;
}
