using System;

namespace XdpLvs.Config;

/// <summary>How a virtual server chooses a real server for a new connection, one member per IPVS scheduler.</summary>
public enum SchedulerKind
{
    /// <summary><c>rr</c>: one after the other.</summary>
    RoundRobin,

    /// <summary><c>wrr</c>: one after the other, in proportion to their weights.</summary>
    WeightedRoundRobin,

    /// <summary><c>lc</c>: the one with the fewest connections.</summary>
    LeastConnections,

    /// <summary><c>wlc</c>: the one with the fewest connections for its weight.</summary>
    WeightedLeastConnections,

    /// <summary><c>lblc</c>: the one that serves the destination address already, else as <c>wlc</c>.</summary>
    LocalityLeastConnections,

    /// <summary><c>lblcr</c>: one of the set that serves the destination address, which grows and shrinks.</summary>
    LocalityLeastConnectionsReplicated,

    /// <summary><c>dh</c>: by a table of buckets over the destination address.</summary>
    DestinationHashing,

    /// <summary><c>sh</c>: by a table of buckets over the client's address.</summary>
    SourceHashing,

    /// <summary><c>sed</c>: the one with the shortest expected delay, (connections + 1) / weight.</summary>
    ShortestExpectedDelay,

    /// <summary><c>nq</c>: an idle one if there is any, else as <c>sed</c>.</summary>
    NeverQueue,

    /// <summary><c>fo</c>: the one with the highest weight that is there.</summary>
    WeightedFailover,

    /// <summary><c>ovf</c>: the highest weight until it has as many connections as its weight, then the next.</summary>
    WeightedOverflow,

    /// <summary><c>mh</c>: by a Maglev table over the client's address.</summary>
    Maglev,

    /// <summary><c>twos</c>: the less loaded of two drawn at random.</summary>
    PowerOfTwo,
}

/// <summary>Switches of a scheduler; only <c>sh</c> and <c>mh</c> have any.</summary>
[Flags]
public enum SchedulerSwitches
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>
    /// <c>sh-fallback</c>, <c>mh-fallback</c>, <c>flag-1</c>: another server if the chosen one is not usable.
    /// </summary>
    Fallback = 1,

    /// <summary><c>sh-port</c>, <c>mh-port</c>, <c>flag-2</c>: the client's port counts too.</summary>
    UsePort = 2,
}
