using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>The service that is measured, and its clients by number.</summary>
internal static class Flows
{
    // Hop count to source port: all that routing or a client changes.
    private const int FirstChanged = 22, HeaderEnd = 36;

    internal static readonly MacAddress Director = new(0x02_00_00_00_00_01);

    private static readonly MacAddress Gateway = new(0x02_00_00_00_00_FE);

    private static readonly FrameBuilder Frame = new()
    {
        TargetMac = Director, SourceMac = Gateway, To = 0xC0000250, ToPort = 80, Payload = new byte[10],
    };

    internal static ForwardingTable Table()
    {
        ImmutableArray<RealServer> reals =
        [
            new(0, 0xC0000201, new MacAddress(0x02_00_00_00_01_01), 1),
            new(1, 0xC0000202, new MacAddress(0x02_00_00_00_01_02), 1),
        ];
        var web = new VirtualService(
            new ServiceKey(0xC0000250u, 80, 6), ServiceOptions.Default, new SchedulerMemory(), reals);
        return new ForwardingTable(Director, [web], [], FlowPolicy.Default with { NewFlowsPerSecond = 0 });
    }

    internal static FrameBuilder BuilderOf(int flow) =>
        Frame with { From = ClientOf(flow), FromPort = PortOf(flow) };

    internal static byte[] FrameOf(int flow, TcpControl flags) => BuilderOf(flow).Tcp(flags);

    /// <summary>
    /// The octets of each client's frame in which clients differ, end to end: what arrives, without memory for it all.
    /// </summary>
    internal static byte[] Differences(int flows, TcpControl flags)
    {
        byte[] octets = new byte[flows * (HeaderEnd - FirstChanged)];
        for (int flow = 0; flow < flows; flow++)
        {
            FrameOf(flow, flags).AsSpan(FirstChanged, HeaderEnd - FirstChanged)
                .CopyTo(octets.AsSpan(flow * (HeaderEnd - FirstChanged)));
        }

        return octets;
    }

    /// <summary>Makes a frame, used before, that client's again: as if it had just arrived.</summary>
    internal static void Arrive(Span<byte> frame, ReadOnlySpan<byte> template, byte[] differences, int flow)
    {
        template[..FirstChanged].CopyTo(frame);
        differences.AsSpan(flow * (HeaderEnd - FirstChanged), HeaderEnd - FirstChanged).CopyTo(frame[FirstChanged..]);
    }

    /// <summary>A router that knows that many established flows already.</summary>
    internal static Router RouterWith(int flows, FlowTables memory, ForwardingTable table)
    {
        var router = new Router(memory, new Statistics());
        for (int flow = 0; flow < flows; flow++)
        {
            _ = router.Route(FrameOf(flow, TcpControl.Syn), table, 1);
            _ = router.Route(FrameOf(flow, TcpControl.Ack), table, 1);
        }

        return router;
    }

    internal static uint ReadClient(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32BigEndian(frame[26..]);

    internal static FlowId IdOf(int flow) => FlowId.ForV4(ClientOf(flow), PortOf(flow), 0xC0000250, 80, 6);

    private static uint ClientOf(int flow) => 0x0A000000 + (uint)(flow >> 4);

    private static ushort PortOf(int flow) => (ushort)(1024 + (flow & 0xF));
}
