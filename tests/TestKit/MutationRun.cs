using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.TestKit;

/// <summary>What became of the frames of a run.</summary>
/// <param name="Received">Frames that came.</param>
/// <param name="Doors">By which door they left; every door is there.</param>
/// <param name="Sent">Frames that the port sent.</param>
/// <param name="Owned">Frames that did not leave: none.</param>
/// <param name="Allocated">Octets that the loop allocated: none.</param>
public sealed record MutationResult(
    long Received, IReadOnlyDictionary<Outcome, long> Doors, long Sent, int Owned, long Allocated);

/// <summary>
/// Mutated frames through the production loop, while tables change, budgets run out and the port has no room at times.
/// </summary>
public static class MutationRun
{
    private const int Batch = 64, TurnsPerPhase = 100, NoisePerFrames = 20;

    /// <summary>Longer than pressure lasts, so that a phase without a budget is one.</summary>
    private const uint TicksBetweenPhases = 700;

    private static readonly byte[] Protocols = [6, 17, 132];

    private static readonly RealServer[] V4 = [Real(0, 0xC0000201u), Real(1, 0xC0000202u)];
    private static readonly RealServer[] V6 = [Real(2, V6Address(1)), Real(3, V6Address(2))];

    /// <summary>Runs so many frames from one seed. An exception of the loop is the caller's.</summary>
    public static MutationResult Run(long frames, int seed)
    {
        using var flows = new FlowTables(512, 256, new Random(seed), fragments: 256);
        var wire = new MemoryWire(repeats: true, chunks: 1024);
        var counters = new OutcomeCounters();
        ForwardingTable[] tables = Tables();
        var publisher = new TablePublisher(tables[0]);
        var loop = new ForwardLoop<MemoryPort>(
            new MemoryPort(wire), publisher, new Router(flows, new Statistics()), counters);
        var mutations = new Mutations(seed);
        var random = new Random(seed);
        wire.Arriving.AddRange(Enumerable.Repeat(Array.Empty<byte>(), Batch));
        uint now = 1;
        long allocated = 0, received = 0;
        for (int turn = 0; received < frames; turn++)
        {
            if (turn % TurnsPerPhase == 0)
            {
                publisher.Publish(tables[turn / TurnsPerPhase % tables.Length]);
                now += TicksBetweenPhases;
            }

            for (int i = 0; i < Batch; i++)
            {
                wire.Arriving[i] = random.Next(NoisePerFrames) == 0 ? mutations.Noise() : mutations.Next();
            }

            wire.Room = random.Next(50) == 0 ? random.Next(Batch) : int.MaxValue;
            wire.RoomToKeep = random.Next(50) == 0 ? random.Next(4) : int.MaxValue;
            now += (uint)random.Next(2);
            long octets = Allocated(() => received += Arrived(wire, loop, now));
            allocated += turn > 0 ? octets : 0; // the first turn readies what is made once
        }

        wire.Arriving.Clear();
        while (loop.RunOnce(now += 100) > 0)
        {
            // what waits for a first fragment waits no longer
        }

        Dictionary<Outcome, long> doors = Enum.GetValues<Outcome>().ToDictionary(door => door, counters.Frames);
        return new MutationResult(received, doors, wire.SentCount, wire.Owned, allocated);
    }

    private static long Arrived(MemoryWire wire, ForwardLoop<MemoryPort> loop, uint now)
    {
        long before = wire.ReceivedCount;
        _ = loop.RunOnce(now);
        return wire.ReceivedCount - before;
    }

    /// <summary>What work allocates on this thread. A collection that another thread causes would count as an
    /// allocation of this one, so what was interrupted by one tells nothing.</summary>
    public static long Allocated(Action work)
    {
        int collections = GC.CollectionCount(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return collections == GC.CollectionCount(0) ? allocated : 0;
    }

    /// <summary>
    /// All in service; then a budget of few new flows; then a real server less, whose connections are dropped.
    /// </summary>
    private static ForwardingTable[] Tables()
    {
        FlowPolicy policy = FlowPolicy.Default with { NewFlowsPerSecond = 0, AnswersPerSecond = 50 };
        return
        [
            Table(policy, V4, V6),
            Table(policy with { NewFlowsPerSecond = 40, ConnReuseMode = 3 }, V4, V6),
            Table(policy, V4, V6),
            Table(policy with { ExpireNoDestination = false, SloppySctp = true }, V4[1..], V6[1..]),
            Table(policy with { SloppyTcp = true }, V4, V6[1..]),
        ];
    }

    private static ForwardingTable Table(FlowPolicy policy, RealServer[] v4, RealServer[] v6)
    {
        List<VirtualService> services = [];
        foreach (byte protocol in Protocols)
        {
            services.AddRange(Services(Mutations.Vip, protocol, v4));
            services.AddRange(Services(Mutations.VipV6, protocol, v6));
        }

        return new ForwardingTable(Mutations.Director, services, [], policy);
    }

    private static IEnumerable<VirtualService> Services(IpAddress vip, byte protocol, RealServer[] reals)
    {
        RealServer first = reals[0];
        ushort unresolved = vip.IsV4 ? (ushort)10 : (ushort)11, narrow = vip.IsV4 ? (ushort)12 : (ushort)13;
        ServiceOptions options = ServiceOptions.Default;
        yield return Service(Mutations.Served, options, reals);
        yield return Service(Mutations.Unserved, options);
        yield return Service(Mutations.Unresolved, options, first with { Number = unresolved, Mac = default });
        yield return Service(Mutations.Narrow, options, first with { Number = narrow, Mtu = 1000 });
        yield return Service(Mutations.Persistent, options with { PersistenceTicks = 3000 }, reals);

        VirtualService Service(int port, ServiceOptions with, params RealServer[] served) => new(
            new ServiceKey(vip, (ushort)port, protocol), with, new SchedulerMemory(), [.. served]);
    }

    private static RealServer Real(ushort number, IpAddress address) =>
        new(number, address, new MacAddress(0x02_00_00_00_01_00 + (ulong)number), 1);

    private static IpAddress V6Address(ulong host) => new(0x20010DB8_00020000, host);
}
