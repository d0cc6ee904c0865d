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
    private const int Flows = 1 << 20, Warm = 200_000, Burst = 64 * 64, BurstsPerRound = 16, Batch = 64;
    private const int RoundsMax = 12; // or the table would be full
    private const uint Client = 0x0A010000, Service = 0xC0A80A01, Now = 1, Deadline = 3000;
    private const ushort ServicePort = 80;
    private const byte Udp = 17;

    /// <summary>Nanoseconds for each flow, ours and the map's, in turns; of a round's bursts the quickest, since what
    /// else runs on the machine only adds.</summary>
    internal static List<(double Store, double Update)> Measure(int rounds)
    {
        FlowSeeds seeds = FlowSeeds.Draw(new Random(1));
        using OffloadMemory memory = OffloadMemory.Create(Flows, flowsV6: 64, seeds);
        using var tables = new FlowTables(memory.MapFlows(), new Random(1));
        int slots = FlowMemory.SlotsFor(Flows);
        using var map = new BpfMap(BpfMapType.Array, sizeof(int), 2 * sizeof(ulong), slots, "xdplvs_perf");
        Store(tables, 0, Warm); // brings the pages in
        Update(map, slots, 0, Warm);
        int next = Warm;
        var all = new List<(double, double)>();
        for (int i = 0; i < Math.Min(rounds, RoundsMax); i++)
        {
            double store = double.MaxValue, update = double.MaxValue;
            for (int burst = 0; burst < BurstsPerRound; burst++, next += Burst)
            {
                store = Math.Min(store, Store(tables, next, Burst) / Burst);
                update = Math.Min(update, Update(map, slots, next, Burst) / Burst);
            }

            all.Add((store, update));
        }

        return all;
    }

    /// <summary>As the forwarder does it: a batch is read and located before its first frame is decided.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Store(FlowTables tables, int first, int count)
    {
        long began = TimeProvider.System.GetTimestamp();
        for (int batch = first; batch < first + count; batch += Batch)
        {
            for (int i = batch; i < batch + Batch; i++)
            {
                _ = tables.Locate(Flow(i));
            }

            for (int i = batch; i < batch + Batch; i++)
            {
                tables.Remember(Flow(i), FlowState.Udp, real: 1, Now, Deadline);
            }
        }

        return TimeProvider.System.GetElapsedTime(began).TotalNanoseconds;
    }

    private static FlowId Flow(int i) =>
        FlowId.ForV4(Client + (uint)(i >> 4), (ushort)(i & 15), Service, ServicePort, Udp);

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
