namespace XdpLvs.Forwarder;

/// <summary>Every frame leaves by exactly one of these doors, and each door has a counter.</summary>
public enum Outcome
{
    /// <summary>Rewritten and queued for a real server.</summary>
    Forwarded,

    /// <summary>Dropped: too short, or its lengths or header checksum do not agree.</summary>
    Malformed,

    /// <summary>Dropped here, and for the kernel to answer if it saw it too: no service of ours.</summary>
    NotOurs,

    /// <summary>Dropped: one piece of a larger packet, which carries no port.</summary>
    Fragment,

    /// <summary>Dropped: a director sent it, so it was forwarded once already.</summary>
    Loop,

    /// <summary>Dropped: no hop left.</summary>
    HopLimit,

    /// <summary>Dropped: a segment in mid-stream, or an ICMP error, of a connection that nobody remembers.</summary>
    NoConnection,

    /// <summary>Dropped: the service is ours, but no real server may take it.</summary>
    NoRealServer,

    /// <summary>Dropped: the real server's MAC address is not known yet.</summary>
    NoNeighbour,

    /// <summary>Dropped: the transmit ring was full.</summary>
    TransmitFull,
}
