namespace XdpLvs.Forwarder.Offload;

/// <summary>Where things lie in the memory that the director and its XDP program share; offsets in octets.</summary>
/// <remarks>The director writes, the program reads; counters and deadlines the other way round. All of it is in the
/// processor's byte order, but for the MAC addresses, which lie as in a frame.</remarks>
internal static class OffloadLayout
{
    /// <summary>Changes whenever anything here or the form of a slot does: memory of another version is not adopted.
    /// </summary>
    internal const int Version = 2;

    // The beat: when the director was last seen, and what time it is for flows.
    internal const int AliveUntilAt = 0, NowAt = 8, UntilTcpAt = 12, UntilUdpAt = 16, UntilSctpAt = 20, BeatSize = 64;

    // What must be known to adopt the memory of a director that died.
    internal const int MetaSize = 128;

    // Per interface: how a real server is reached, as PlainTarget lies.
    internal const int TargetSize = 16, TargetShift = 4, MacsAt = 0, MacsEndAt = 8, SizeMaxAt = 12, ExitAt = 14;

    // Per interface and processor: what went to a real server, then through which of the program's own doors.
    internal const int CountSize = 16, CountShift = 4, PacketsAt = 0, OctetsAt = 8;

    // Per interface: the last four octets of the MAC addresses of directors.
    internal const int DirectorsMax = 4, DirectorsSize = DirectorsMax * sizeof(uint);
}
