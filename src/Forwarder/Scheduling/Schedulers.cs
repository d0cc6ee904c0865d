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
    public static int Choose(VirtualService service, in FlowKey flow, FlowCounts counts, uint now) =>
        service.Options.Scheduler switch
        {
            SchedulerKind.WeightedRoundRobin => WeightedRoundRobin.Choose(service.Reals.AsSpan(), service.Memory),
            _ => RoundRobin.Choose(service.Reals.AsSpan(), service.Memory),
        };

    /// <summary>What a scheduler that hashes looks its servers up in; empty for all others.</summary>
    public static ImmutableArray<ushort> BuildLookup(
        SchedulerKind kind, SchedulerSwitches switches, ReadOnlySpan<RealServer> reals) => [];

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
}
