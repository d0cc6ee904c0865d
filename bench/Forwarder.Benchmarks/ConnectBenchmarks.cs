using System;
using BenchmarkDotNet.Attributes;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>A SYN of a client not seen before: looked for in vain, scheduled, remembered.</summary>
[MemoryDiagnoser]
public class ConnectBenchmarks : IDisposable
{
    private const int Clients = 65_536;

    private readonly byte[] _frame = Flows.FrameOf(0, TcpControl.Syn), _template = Flows.FrameOf(0, TcpControl.Syn);
    private readonly ForwardingTable _table = Flows.Table();
    private readonly byte[] _differences = Flows.Differences(Clients, TcpControl.Syn);
    private FlowTables _memory = null!;
    private Router _router = null!;
    private int _next;
    private uint _now;

    /// <summary>1: every place is taken, so each SYN pushes a half-open flow out. 65,536: there is room.</summary>
    [Params(1, Clients)]
    public int Capacity { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _memory = new FlowTables(Capacity, 64, new Random(1));
        _router = new Router(_memory, new Statistics());
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _memory?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public Outcome Connect()
    {
        _next = (_next + 1) & (Clients - 1);
        _now += _next == 0 && Capacity > 1 ? FlowClock.Ticks(61) : 0u; // once round, the old ones are forgotten
        Flows.Arrive(_frame, _template, _differences, _next);
        return _router.Route(_frame, _table, _now);
    }
}
