using System.Linq;
using BenchmarkDotNet.Attributes;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>One choice among ten real servers of different weights.</summary>
[MemoryDiagnoser]
public class SchedulerBenchmarks
{
    private const int Servers = 10;

    private readonly FlowCounts _counts = new();
    private VirtualService _service = null!;
    private FlowKey _flow;

    /// <summary>Who chooses.</summary>
    [ParamsAllValues]
    public SchedulerKind Scheduler { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _flow = Flows.IdOf(1).ToKey();
        _service = new VirtualService(
            _flow.Service,
            new ServiceOptions { Scheduler = Scheduler },
            new SchedulerMemory(),
            [.. Enumerable.Range(0, Servers).Select(number => new RealServer(
                (ushort)number, 0xC0000201u + (uint)number, new MacAddress(0x02_00_00_00_01_00 + (ulong)number),
                1 + (number % 4)))]);
    }

    [Benchmark]
    public int Choose()
    {
        _flow = _flow with { ClientPort = unchecked((ushort)(_flow.ClientPort + 1)) };
        return Schedulers.Choose(_service, _flow, _counts, now: 1);
    }
}
