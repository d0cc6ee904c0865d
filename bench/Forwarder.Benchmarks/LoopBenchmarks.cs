using System;
using BenchmarkDotNet.Attributes;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>The production loop on a port made of memory: a batch of 64 frames per turn, given per frame.</summary>
[MemoryDiagnoser]
public class LoopBenchmarks : IDisposable
{
    private const int Batch = 64, FlowCount = 1024;

    private readonly FlowTables _memory = new(FlowCount, 64, new Random(1));
    private ForwardLoop<MemoryPort> _loop = null!;

    [GlobalSetup]
    public void SetUp()
    {
        ForwardingTable table = Flows.Table();
        Router router = Flows.RouterWith(FlowCount, _memory, table);
        var wire = new MemoryWire(repeats: true);
        for (int flow = 0; flow < FlowCount; flow++)
        {
            wire.Arriving.Add(Flows.FrameOf(flow, TcpControl.Ack));
        }

        _loop = new ForwardLoop<MemoryPort>(
            new MemoryPort(wire), new TablePublisher(table), router, new OutcomeCounters());
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _memory?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public int RunOnce() => _loop.RunOnce(1);
}
