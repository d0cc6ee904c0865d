using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>Runs alone: a collection that another test causes would count as an allocation of this thread.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(0u, 4096, 0)] // roomy: flows and clients are found again
    [InlineData(0u, 1, 0)] // full buckets: half-open flows are given up, conversations refused
    [InlineData(300u, 4096, 0)] // persistent
    [InlineData(300u, 1, 0)]
    [InlineData(300u, 4096, 10)] // under pressure
    public void The_loop_allocates_nothing(uint persistence, int flows, int budget)
    {
        using var table = new FlowTables(flows, 64, new Random(5));
        var wire = new MemoryWire(repeats: true);
        var mutations = new Mutations(7); // of every kind
        for (int i = 0; i < 1000; i++)
        {
            FrameBuilder client = FromPort(i) with { From = Client + (uint)(i % 50) };
            wire.Arriving.Add(client.Tcp(i % 3 == 0 ? TcpControl.Syn : TcpControl.Ack));
            wire.Arriving.Add((client with { ToPort = 53, Checksum = ChecksumKind.Partial }).Udp());
            wire.Arriving.Add(mutations.Next());
        }

        VirtualService web = With(Service(Web, A, B), options => options with { PersistenceTicks = persistence });
        var loop = new ForwardLoop<MemoryPort>(
            new MemoryPort(wire),
            new TablePublisher(new ForwardingTable(
                Director, [web, Service(Dns, A, C)], [], FlowPolicy.Default with { NewFlowsPerSecond = budget })),
            new Router(table, new Statistics()),
            new OutcomeCounters());
        loop.RunOnce(1);

        long allocated = 0;
        for (uint i = 0; i < 10_000; i++)
        {
            uint now = i / 100;
            allocated += MutationRun.Allocated(() => loop.RunOnce(now));
        }

        Assert.Equal(0, allocated);
        Assert.Equal(flows == 1, table.Evictions > 0);
    }
}
