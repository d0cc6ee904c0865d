using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux.Bpf;

namespace XdpLvs.Perf;

/// <summary>
/// What a new flow costs: ours, remembered in the memory that an XDP program reads as well, and one
/// BPF_MAP_UPDATE_ELEM into an array of as many slots of the same size, which is the least that a map asks for.
/// </summary>
internal static class HostInserts
{
    private const int Flows = 1 << 20, PerRound = 50_000, Warm = 200_000;
    private const uint Client = 0x0A010000, Service = 0xC0A80A01, Now = 1, Deadline = 3000;
    private const ushort ServicePort = 80;
    private const byte Udp = 17;

    /// <summary>Nanoseconds for each flow, ours and the map's, in turns.</summary>
    internal static List<(double Store, double Update)> Measure(int rounds)
    {
        FlowSeeds seeds = FlowSeeds.Draw(new Random(1));
        using OffloadMemory memory = OffloadMemory.Create(Flows, flowsV6: 64, seeds);
        using var tables = new FlowTables(memory.MapFlows(), new Random(1));
        int slots = FlowMemory.SlotsFor(Flows);
        using var map = new BpfMap(BpfMapType.Array, sizeof(int), 2 * sizeof(ulong), slots, "xdplvs_perf");
        Store(tables, 0, Warm); // brings the pages in
        Update(map, slots, 0, Warm);
        var all = new List<(double, double)>();
        for (int i = 0; i < rounds; i++)
        {
            int first = Warm + (i * PerRound);
            all.Add((Store(tables, first, PerRound) / PerRound, Update(map, slots, first, PerRound) / PerRound));
        }

        return all;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Store(FlowTables tables, int first, int count)
    {
        long began = TimeProvider.System.GetTimestamp();
        for (int i = first; i < first + count; i++)
        {
            var id = FlowId.ForV4(Client + (uint)(i >> 4), (ushort)(i & 15), Service, ServicePort, Udp);
            tables.Remember(id, FlowState.Udp, real: 1, Now, Deadline);
        }

        return TimeProvider.System.GetElapsedTime(began).TotalNanoseconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Update(BpfMap map, int slots, int first, int count)
    {
        long began = TimeProvider.System.GetTimestamp();
        for (int i = first; i < first + count; i++)
        {
            int slot = (int)(unchecked((uint)i * 0x9E3779B1) & (uint)(slots - 1)); // as far apart as by a hash
            map.Set(slot, ((ulong)i, (ulong)slot));
        }

        return TimeProvider.System.GetElapsedTime(began).TotalNanoseconds;
    }
}
