using System;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>Which rule chooses a real server. ipvsadm(8), option -s.</summary>
public enum SchedulerKind
{
    /// <summary>rr: each in turn.</summary>
    RoundRobin,

    /// <summary>wrr: each in turn, as often as its weight says.</summary>
    WeightedRoundRobin,

    /// <summary>lc: who has the fewest connections, active ones counting for more.</summary>
    LeastConnections,

    /// <summary>wlc: who has the fewest connections for its weight.</summary>
    WeightedLeastConnections,

    /// <summary>lblc: the same server for the same destination while it is not overloaded.</summary>
    LocalityLeastConnections,

    /// <summary>lblcr: lblc with a set of servers for each destination.</summary>
    LocalityLeastConnectionsReplicated,

    /// <summary>dh: by a table hashed on the destination.</summary>
    DestinationHashing,

    /// <summary>sh: by a table hashed on the client.</summary>
    SourceHashing,

    /// <summary>sed: who would serve it soonest.</summary>
    ShortestExpectedDelay,

    /// <summary>nq: whoever is idle, else sed.</summary>
    NeverQueue,

    /// <summary>fo: the greatest weight of those alive.</summary>
    WeightedFailover,

    /// <summary>ovf: the greatest weight that has no more active connections than its weight.</summary>
    WeightedOverflow,

    /// <summary>mh: by Maglev's table, hashed on the client.</summary>
    Maglev,

    /// <summary>twos: the better of two drawn by their weights.</summary>
    PowerOfTwo,
}

/// <summary>Switches of sh and mh. ipvsadm(8), option -b.</summary>
[Flags]
public enum SchedulerSwitches
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>sh-fallback, mh-fallback: when the bucket's server takes nothing, another is looked for.</summary>
    Fallback = 1,

    /// <summary>sh-port, mh-port: the client's port is hashed too.</summary>
    UsePort = 2,
}
