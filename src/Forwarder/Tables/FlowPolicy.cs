namespace XdpLvs.Forwarder.Tables;

/// <summary>What IPVS has as switches under /proc/sys/net/ipv4/vs, with defaults that strand no client.</summary>
/// <remarks>Linux Documentation/networking/ipvs-sysctl.rst.</remarks>
public sealed record FlowPolicy
{
    /// <summary>The defaults.</summary>
    public static FlowPolicy Default { get; } = new();

    /// <summary>Timeouts of connections.</summary>
    public FlowTimeouts Timeouts { get; init; } = FlowTimeouts.Default;

    /// <summary>
    /// A connection whose real server is gone is let go at once: its next segment is answered with RST, its next
    /// datagram scheduled anew. Off, as in IPVS: its packets are dropped in silence.
    /// </summary>
    public bool ExpireNoDestination { get; init; } = true;

    /// <summary>A template whose real server has weight 0 is replaced. Off, as in IPVS: it still wins.</summary>
    public bool ExpireQuiescentTemplate { get; init; } = true;

    /// <summary>
    /// conn_reuse_mode. Bit 0: a SYN on a connection in TIME_WAIT or CLOSE is a new connection; bit 1: in FIN_WAIT too.
    /// </summary>
    public int ConnReuseMode { get; init; } = 1;

    /// <summary>A TCP segment in mid-stream of which nothing is known is scheduled.</summary>
    public bool SloppyTcp { get; init; }

    /// <summary>The same for SCTP.</summary>
    public bool SloppySctp { get; init; }

    /// <summary>
    /// New flows per second and worker; beyond it services schedule by hash and remember nothing. 0: no limit.
    /// </summary>
    public int NewFlowsPerSecond { get; init; } = 200_000;

    /// <summary>RSTs and ICMP errors per second and worker; 0: none.</summary>
    public int AnswersPerSecond { get; init; } = 1000;
}
