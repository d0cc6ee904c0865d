using System;
using System.Linq;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Rings.Xdp;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Offload;

/// <summary>A director of two executors on the same flows: user space's decision, and the XDP program in this kernel.
/// </summary>
internal sealed class OffloadWorld : IDisposable
{
    internal const int Steered = 1, Passed = 2, Transmitted = 3, Redirected = 4;

    internal static readonly Neighbour Peer = new(0xC0000203u, new MacAddress(0x02_00_00_00_00_02));
    internal static readonly RealServer[] Reals = [A, B, Real(2) with { Mtu = 1000 }];

    private static readonly ServiceKey[] Keys = [Web, Dns, Signal, Web6, Dns6, Signal6];

    private readonly OffloadMemory _memory;
    private readonly byte[] _output = new byte[4096];

    internal OffloadWorld(bool returnsByRedirect = false)
    {
        Privilege.NeedsRoot();
        _memory = OffloadMemory.Create(1024, 64, FlowSeeds.Draw(new Random(1)));
        Flows = new FlowTables(_memory.MapFlows(), new Random(1));
        Router = new Router(Flows, Statistics);
        Point = new OffloadPoint(_memory, interfaceIndex: 1, targets: 4, returnsByRedirect);
        Steering = new SteeringProgram(Director, Point);
        Steering.SetServices(Keys);
        Publish(Reals);
        Beat();
    }

    internal FlowTables Flows { get; }

    internal Statistics Statistics { get; } = new();

    internal Router Router { get; }

    internal OffloadPoint Point { get; }

    internal SteeringProgram Steering { get; }

    internal ForwardingTable Table { get; private set; } = ForwardingTable.Empty;

    internal uint Now { get; set; } = 1000;

    public void Dispose()
    {
        Steering?.Dispose();
        Point?.Dispose();
        Flows?.Dispose();
        _memory?.Dispose();
    }

    internal void Publish(params RealServer[] reals)
    {
        Table = new ForwardingTable(
            Director,
            [.. Keys.Select(key => new VirtualService(key, ServiceOptions.Default, new SchedulerMemory(), [.. reals]))],
            [Peer],
            Silent);
        Point.Apply(Table, _ => true);
    }

    internal ulong After(TimeSpan span) => _memory.After(span);

    internal void Beat(ulong aliveUntil = ulong.MaxValue) => _memory.Beat(aliveUntil, Now, Table.Timeouts);

    /// <summary>What the program does with a frame, and how it leaves it.</summary>
    internal (int Action, byte[] Frame) Run(byte[] frame)
    {
        int action = Steering.Program.TestRun(frame, _output);
        return (action, _output[..frame.Length]);
    }

    internal Outcome Route(byte[] frame) => Router.Route(frame, Table, Now);

    internal long SentByProgram() => Reals.Sum(real => Point.Sent(real.Number).Packets);
}
