using System;
using BenchmarkDotNet.Attributes;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>
/// One frame through the router. Subtract <see cref="Renew"/>, which is the cost of having a fresh frame.
/// </summary>
[MemoryDiagnoser]
public class RouteBenchmarks : IDisposable
{
    private const uint Now = 1;

    private readonly byte[] _frame = Flows.FrameOf(0, TcpControl.Ack), _template = Flows.FrameOf(0, TcpControl.Ack);
    private readonly ForwardingTable _table = Flows.Table();
    private FlowTables _memory = null!;
    private Router _router = null!;
    private byte[] _differences = [];
    private int _next;

    /// <summary>Established flows, visited in turn; the table's hash scatters them.</summary>
    [Params(1, 65_536, 1_048_576)]
    public int FlowCount { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _memory = new FlowTables(FlowCount, 64, new Random(1));
        _router = Flows.RouterWith(FlowCount, _memory, _table);
        _differences = Flows.Differences(FlowCount, TcpControl.Ack);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _memory?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public uint Renew()
    {
        _next = (_next + 1) & (FlowCount - 1);
        Flows.Arrive(_frame, _template, _differences, _next);
        return Flows.ReadClient(_frame);
    }

    [Benchmark]
    public Outcome Established()
    {
        _next = (_next + 1) & (FlowCount - 1);
        Flows.Arrive(_frame, _template, _differences, _next);
        return _router.Route(_frame, _table, Now);
    }
}
