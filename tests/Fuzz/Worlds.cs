using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Fuzz;

/// <summary>Tables between which a run goes to and fro, so that frames find every door open at some time.</summary>
internal static class Worlds
{
    private const int MtuSmall = 500;

    private static readonly RealServer A6 = Of(A, 3), B6 = Of(B, 4), C6 = Of(C, 5);

    /// <summary>All of them; real servers keep their numbers from one to the next.</summary>
    internal static ForwardingTable[] All()
    {
        FlowPolicy answers = FlowPolicy.Default with { AnswersPerSecond = 100_000 };
        FlowPolicy pressed = Silent with { NewFlowsPerSecond = 5 };
        FlowPolicy silentEnds = Silent with { ExpireNoDestination = false, SloppyTcp = true, ConnReuseMode = 3 };
        return
        [
            Table(answers, Everything(real => real, persistence: 0)),
            Table(answers, Everything(real => real with { Mtu = MtuSmall }, persistence: 300)),
            Table(Silent, Everything(real => real with { Mtu = MtuSmall }, persistence: 0)),
            Table(pressed, Everything(real => real, persistence: 0)),
            Table(Silent, Everything(real => real with { Mac = default }, persistence: 0)),
            Table(silentEnds, Nobody()),
            Table(answers, Nobody()),
        ];
    }

    private static ForwardingTable Table(FlowPolicy policy, VirtualService[] services) =>
        new(ToWeb.TargetMac, services, [new Neighbour(0xC0000203, new MacAddress(0x02_00_00_00_00_02))], policy);

    private static VirtualService[] Everything(System.Func<RealServer, RealServer> change, uint persistence) =>
    [
        With(Service(Web, change(A), change(B)), it => it with { PersistenceTicks = persistence }),
        With(Service(Dns, change(A), change(C)), it => it with { Scheduler = SchedulerKind.SourceHashing }),
        With(Service(Web6, change(A6), change(B6)), it => it with { PersistenceTicks = persistence }),
        With(Service(Dns6, change(A6), change(C6)), it => it with { OnePacket = true }),
        With(Service(Signal, change(B), change(C)), it => it with { Scheduler = SchedulerKind.LeastConnections }),
        Service(Signal6, change(B6), change(C6)),
    ];

    private static VirtualService[] Nobody() =>
        [Service(Web), Service(Dns), Service(Web6), Service(Dns6), Service(Signal), Service(Signal6)];

    private static RealServer Of(RealServer real, ushort number) => real with
    {
        Number = number,
        Address = Parse($"2001:db8::{number}"),
    };
}
