using System;
using System.Collections.Immutable;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>Finds the scheduler's code.</summary>
public static class Schedulers
{
    /// <summary>In a lookup table: the bucket is no server's.</summary>
    public const ushort Nobody = ushort.MaxValue;

    /// <summary>The index in its Reals of the server that takes a new connection, or -1 when none may.</summary>
    /// <param name="service">Who is asked.</param>
    /// <param name="flow">The new connection.</param>
    /// <param name="counts">Connections of the real servers.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    public static int Choose(VirtualService service, in FlowKey flow, FlowCounts counts, uint now)
    {
        ReadOnlySpan<RealServer> reals = service.Reals.AsSpan();
        SchedulerMemory memory = service.Memory;
        return service.Options.Scheduler switch
        {
            SchedulerKind.WeightedRoundRobin => WeightedRoundRobin.Choose(reals, memory, counts),
            SchedulerKind.LeastConnections => LeastConnections.Choose(reals, counts),
            SchedulerKind.WeightedLeastConnections => WeightedLeastConnections.Choose(reals, counts),
            SchedulerKind.LocalityLeastConnections => LocalityLeastConnections.Choose(reals, memory, counts),
            SchedulerKind.LocalityLeastConnectionsReplicated =>
                LocalityLeastConnectionsReplicated.Choose(reals, memory, counts, now),
            SchedulerKind.DestinationHashing => DestinationHashing.Choose(service, counts),
            SchedulerKind.SourceHashing => SourceHashing.Choose(service, flow, counts),
            SchedulerKind.ShortestExpectedDelay => ShortestExpectedDelay.Choose(reals, counts),
            SchedulerKind.NeverQueue => NeverQueue.Choose(reals, counts),
            SchedulerKind.WeightedFailover => WeightedFailover.Choose(reals, counts),
            SchedulerKind.WeightedOverflow => WeightedOverflow.Choose(reals, counts),
            SchedulerKind.Maglev => Maglev.Choose(service, flow, counts),
            SchedulerKind.PowerOfTwo => PowerOfTwo.Choose(reals, memory, counts),
            _ => RoundRobin.Choose(reals, memory, counts),
        };
    }

    /// <summary>
    /// What a scheduler that hashes looks its servers up in; empty for all others. Makes room in the memory of the one
    /// that keeps a set of servers. Called when a service is made, off the frame's way.
    /// </summary>
    internal static ImmutableArray<ushort> BuildLookup(
        ServiceKey key, ServiceOptions options, SchedulerMemory memory, ReadOnlySpan<RealServer> reals)
    {
        if (options.Scheduler == SchedulerKind.LocalityLeastConnectionsReplicated)
        {
            memory.Reserve(reals);
        }

        return options.Scheduler switch
        {
            SchedulerKind.DestinationHashing => DestinationHashing.Buckets(reals),
            SchedulerKind.SourceHashing => SourceHashing.Buckets(reals),
            SchedulerKind.Maglev => Maglev.Table(key, options, reals),
            _ => [],
        };
    }

    /// <summary>The word that ipvsadm prints.</summary>
    public static string Name(SchedulerKind kind) => kind switch
    {
        SchedulerKind.WeightedRoundRobin => "wrr",
        SchedulerKind.LeastConnections => "lc",
        SchedulerKind.WeightedLeastConnections => "wlc",
        SchedulerKind.LocalityLeastConnections => "lblc",
        SchedulerKind.LocalityLeastConnectionsReplicated => "lblcr",
        SchedulerKind.DestinationHashing => "dh",
        SchedulerKind.SourceHashing => "sh",
        SchedulerKind.ShortestExpectedDelay => "sed",
        SchedulerKind.NeverQueue => "nq",
        SchedulerKind.WeightedFailover => "fo",
        SchedulerKind.WeightedOverflow => "ovf",
        SchedulerKind.Maglev => "mh",
        SchedulerKind.PowerOfTwo => "twos",
        _ => "rr",
    };

    /// <summary>
    /// Where in the list the server with that number stands; the list's length when it has left. Both round robins
    /// walk from the last added to the first, as the kernel's list does.
    /// </summary>
    internal static int PlaceOf(ReadOnlySpan<RealServer> reals, ushort number)
    {
        for (int i = 0; i < reals.Length; i++)
        {
            if (reals[i].Number == number)
            {
                return i;
            }
        }

        return reals.Length;
    }

    /// <summary>The server of a bucket of the lookup table, or -1 when it takes no new connection.</summary>
    internal static int OpenIn(VirtualService service, int bucket, FlowCounts counts)
    {
        ushort chosen = service.Lookup[bucket];
        return chosen != Nobody && ServerLoad.IsOpen(service.Reals.ItemRef(chosen), counts) ? chosen : -1;
    }
}
