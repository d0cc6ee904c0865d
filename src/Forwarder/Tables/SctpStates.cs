using System;

namespace XdpLvs.Forwarder.Tables;

/// <summary>The state table that IPVS uses for SCTP when it sees only the client's packets.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_proto_sctp.c, sctp_states, the INPUT_ONLY part, and sctp_timeouts. Its numbers 1 to
/// 13 are those of <see cref="FlowState"/> from <see cref="FlowState.SctpInit1"/> on; 0 is <see
/// cref="FlowState.None"/>.
/// </remarks>
public static class SctpStates
{
    /// <summary>Type of the chunk that asks for an association. RFC 9260 section 3.2.</summary>
    public const byte Initiation = 1;

    private const int States = 14;

    // One row per event, a column per state in the kernel's order:
    // NONE INIT1 INIT C-SENT C-REPLIED C-WAIT COOKIE C-ECHOED ESTABLISHED S-SENT S-RECEIVED S-ACK-SENT REJECTED CLOSED
    private static ReadOnlySpan<byte> OnData => [8, 1, 2, 3, 4, 8, 6, 7, 8, 9, 10, 11, 12, 13];

    private static ReadOnlySpan<byte> OnInit => [1, 2, 2, 2, 2, 2, 6, 7, 8, 9, 10, 11, 2, 2];

    private static ReadOnlySpan<byte> OnInitAck => [7, 7, 7, 7, 7, 7, 6, 7, 8, 9, 10, 11, 12, 13];

    private static ReadOnlySpan<byte> OnCookieEcho => [8, 8, 8, 8, 8, 8, 6, 7, 8, 9, 10, 11, 12, 13];

    private static ReadOnlySpan<byte> OnCookieAck => [8, 1, 2, 8, 8, 5, 8, 8, 8, 9, 10, 11, 12, 13];

    private static ReadOnlySpan<byte> OnShutdown => [10, 1, 2, 3, 4, 5, 6, 7, 10, 9, 10, 11, 12, 13];

    private static ReadOnlySpan<byte> OnShutdownAck => [13, 2, 2, 3, 4, 5, 6, 7, 13, 13, 10, 13, 12, 13];

    private static ReadOnlySpan<byte> OnShutdownComplete => [13, 13, 13, 13, 13, 5, 6, 7, 8, 9, 13, 13, 12, 13];

    private static ReadOnlySpan<byte> OnError => [13, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

    private static ReadOnlySpan<byte> OnAbort => [13, 13, 13, 13, 13, 12, 13, 13, 13, 13, 13, 13, 13, 13];

    /// <summary>The state after one more packet from the client.</summary>
    /// <param name="state">Before it.</param>
    /// <param name="chunk">Type of the chunk that counts; what the kernel has no event for is as good as DATA.</param>
    public static FlowState Next(FlowState state, byte chunk)
    {
        ReadOnlySpan<byte> row = chunk switch
        {
            Initiation => OnInit,
            2 => OnInitAck,
            6 => OnAbort,
            7 => OnShutdown,
            8 => OnShutdownAck,
            9 => OnError,
            10 => OnCookieEcho,
            11 => OnCookieAck,
            14 => OnShutdownComplete,
            _ => OnData,
        };
        int column = state == FlowState.None ? 0 : state - FlowState.Udp;
        byte next = (uint)column < States ? row[column] : (byte)0;
        return next == 0 ? FlowState.None : FlowState.Udp + next;
    }

    /// <summary>The word that ipvsadm prints, from the kernel's sctp_state_name_table.</summary>
    public static string Name(FlowState state) => state switch
    {
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

    /// <summary>Ticks that an association may be silent; no switch changes them.</summary>
    internal static uint Timeout(FlowState state) => state switch
    {
        FlowState.SctpEstablished => FlowClock.Ticks(15 * 60),
        FlowState.SctpInit1 or FlowState.SctpRejected => FlowClock.Ticks(4),
        _ => FlowClock.Ticks(61), // the longest retransmission time and a second: IP_VS_SCTP_MAX_RTO
    };
}
