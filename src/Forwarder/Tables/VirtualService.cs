using System.Collections.Immutable;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tables;

/// <summary>How a virtual service treats its connections. The defaults are ipvsadm's.</summary>
public sealed record ServiceOptions
{
    /// <summary>rr, nothing else.</summary>
    public static ServiceOptions Default { get; } = new();

    /// <summary>Who chooses.</summary>
    public SchedulerKind Scheduler { get; init; }

    /// <summary>The scheduler's own switches.</summary>
    public SchedulerSwitches Switches { get; init; }

    /// <summary>
    /// mh: which table, 8 to 17, each about twice the one before; 12 is the kernel's usual, with 4093 buckets. Linux
    /// net/netfilter/ipvs/Kconfig, IP_VS_MH_TAB_INDEX.
    /// </summary>
    public int MaglevTableIndex { get; init; } = 12;

    /// <summary>How long a client stays with its real server, in ticks of <see cref="FlowClock"/>; 0 is off.</summary>
    public uint PersistenceTicks { get; init; }

    /// <summary>Which bits of a client's address make one client; the upper 96 are set for IPv4.</summary>
    public IpAddress PersistenceMask { get; init; } = IpAddress.AllOnes;

    /// <summary>Whether a smaller weight means fewer connections, and moves nobody's clients when it changes.</summary>
    public static bool MayRamp(SchedulerKind scheduler) => scheduler is SchedulerKind.WeightedRoundRobin
        or SchedulerKind.WeightedLeastConnections or SchedulerKind.ShortestExpectedDelay or SchedulerKind.NeverQueue
        or SchedulerKind.LocalityLeastConnections or SchedulerKind.LocalityLeastConnectionsReplicated
        or SchedulerKind.PowerOfTwo;

    /// <summary>Every datagram is scheduled by itself and nothing is remembered of it: UDP only.</summary>
    public bool OnePacket { get; init; }
}

/// <summary>A virtual service as the data path sees it. Frozen but for its scheduler's memory.</summary>
public sealed class VirtualService
{
    /// <summary>Copies nothing and builds what its scheduler looks up, so it is made off the frame's way.</summary>
    /// <param name="key">Address, port and protocol.</param>
    /// <param name="options">Scheduler, persistence.</param>
    /// <param name="memory">What the scheduler remembers from choice to choice; goes on from table to table.</param>
    /// <param name="reals">In service, in the order in which they were added; the kernel's list is the reverse.</param>
    public VirtualService(
        ServiceKey key, ServiceOptions options, SchedulerMemory memory, ImmutableArray<RealServer> reals)
    {
        Key = key;
        Options = options;
        Memory = memory;
        Reals = reals;
        Lookup = Schedulers.BuildLookup(key, options, memory, reals.AsSpan());
    }

    /// <summary>Address, port and protocol.</summary>
    public ServiceKey Key { get; }

    /// <summary>Scheduler, persistence.</summary>
    public ServiceOptions Options { get; }

    /// <summary>What the scheduler remembers from choice to choice.</summary>
    public SchedulerMemory Memory { get; }

    /// <summary>In service, in the order in which they were added.</summary>
    public ImmutableArray<RealServer> Reals { get; }

    /// <summary>
    /// Index in <see cref="Reals"/> per bucket, for the schedulers that hash; empty for all others. A bucket that is
    /// nobody's holds <see cref="Schedulers.Nobody"/>.
    /// </summary>
    public ImmutableArray<ushort> Lookup { get; }

    /// <summary>Whether a client stays with its real server.</summary>
    public bool IsPersistent => Options.PersistenceTicks > 0;

    /// <summary>The template that stands for all connections of a client.</summary>
    public FlowKey TemplateOf(in FlowKey flow) => new(flow.ClientAddress & Options.PersistenceMask, 0, Key);
}
