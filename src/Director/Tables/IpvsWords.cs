using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Director.Tables;

/// <summary>The words of IPVS's listings.</summary>
internal static class IpvsWords
{
    /// <summary>"TCP", "UDP", "SCTP".</summary>
    internal static string Protocol(byte protocol) => protocol switch
    {
        Ipv4View.ProtocolTcp => "TCP",
        Ipv4View.ProtocolUdp => "UDP",
        Ipv4View.ProtocolSctp => "SCTP",
        _ => "?",
    };

    /// <summary>The kernel's name of a connection's state.</summary>
    /// <remarks>
    /// Linux net/netfilter/ipvs: tcp_state_name_table in ip_vs_proto_tcp.c, udp_state_name_table in ip_vs_proto_udp.c,
    /// sctp_state_name_table in ip_vs_proto_sctp.c; ip_vs_ctpl_state_name_table in ip_vs_proto.c: a template is ASSURED
    /// when a connection of it was established, which UDP shows by an answer alone, and no answer passes a director
    /// that routes directly.
    /// </remarks>
    internal static string State(in FlowEntry entry) => entry.State switch
    {
        _ when entry.IsTemplate => entry.Key.Service.Protocol == Ipv4View.ProtocolUdp ? "NONE" : "ASSURED",
        FlowState.Established => "ESTABLISHED",
        FlowState.SynSent => "SYN_SENT",
        FlowState.SynReceived => "SYN_RECV",
        FlowState.FinWait => "FIN_WAIT",
        FlowState.TimeWait => "TIME_WAIT",
        FlowState.Close => "CLOSE",
        FlowState.CloseWait => "CLOSE_WAIT",
        FlowState.LastAck => "LAST_ACK",
        FlowState.Listen => "LISTEN",
        FlowState.SynAck => "SYNACK",
        FlowState.Udp or FlowState.UdpOnce => "UDP",
        FlowState.SctpInit1 => "INIT1",
        FlowState.SctpInit => "INIT",
        FlowState.SctpCookieSent => "C-SENT",
        FlowState.SctpCookieReplied => "C-REPLIED",
        FlowState.SctpCookieWait => "C-WAIT",
        FlowState.SctpCookie => "COOKIE",
        FlowState.SctpCookieEchoed => "C-ECHOED",
        FlowState.SctpEstablished => "ESTABLISHED",
        FlowState.SctpShutdownSent => "S-SENT",
        FlowState.SctpShutdownReceived => "S-RECEIVED",
        FlowState.SctpShutdownAckSent => "S-ACK-SENT",
        FlowState.SctpRejected => "REJECTED",
        FlowState.SctpClosed => "CLOSED",
        _ => "NONE",
    };
}
