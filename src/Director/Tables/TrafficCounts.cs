namespace XdpLvs.Director.Tables;

/// <summary>What was sent to a real server, or to all of a service: counted from any moment on.</summary>
/// <param name="Connections">Scheduled.</param>
/// <param name="Packets">Forwarded.</param>
/// <param name="Octets">Of those packets, from the IP header on.</param>
internal readonly record struct TrafficCounts(long Connections, long Packets, long Octets)
{
    /// <summary>Both together.</summary>
    public static TrafficCounts operator +(TrafficCounts left, TrafficCounts right) =>
        new(left.Connections + right.Connections, left.Packets + right.Packets, left.Octets + right.Octets);

    /// <summary>What came since.</summary>
    public static TrafficCounts operator -(TrafficCounts left, TrafficCounts right) =>
        new(left.Connections - right.Connections, left.Packets - right.Packets, left.Octets - right.Octets);
}
