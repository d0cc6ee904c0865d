namespace XdpLvs.Forwarder;

/// <summary>Every frame leaves by exactly one of these doors, and each door has a counter.</summary>
public enum Outcome
{
    /// <summary>Rewritten and queued for a real server.</summary>
    Forwarded,

    /// <summary>The same, chosen by hash and not remembered: too many new flows at once.</summary>
    ForwardedStateless,

    /// <summary>Answered with TCP RST: a segment in mid-stream of a connection that nobody remembers.</summary>
    AnsweredReset,

    /// <summary>Answered with ICMP port unreachable: no real server may take it.</summary>
    AnsweredUnreachable,

    /// <summary>Answered with ICMP time exceeded: no hop left.</summary>
    AnsweredTimeExceeded,

    /// <summary>Answered with ICMP fragmentation needed or packet too big.</summary>
    AnsweredTooBig,

    /// <summary>Dropped: too short, or its lengths or header checksum do not agree.</summary>
    Malformed,

    /// <summary>Dropped here, and for the kernel to answer if it saw it too: no service of ours.</summary>
    NotOurs,

    /// <summary>Dropped: a piece of a packet whose first piece did not come, or for which there was no room.</summary>
    Fragment,

    /// <summary>Dropped: a director sent it, so it was forwarded once already.</summary>
    Loop,

    /// <summary>Dropped: no hop left, and enough was answered this second.</summary>
    HopLimit,

    /// <summary>Dropped: larger than its way out, and it may not be said or was said often enough.</summary>
    TooLarge,

    /// <summary>Dropped: in mid-stream, or an ICMP error, of a connection that nobody remembers.</summary>
    NoConnection,

    /// <summary>Dropped: its connection's real server was removed (expire_nodest_conn off).</summary>
    NoDestination,

    /// <summary>Dropped: the service is ours, but no real server may take it.</summary>
    NoRealServer,

    /// <summary>Dropped: the real server's MAC address is not known yet.</summary>
    NoNeighbour,

    /// <summary>Dropped: the transmit ring was full.</summary>
    TransmitFull,
}
