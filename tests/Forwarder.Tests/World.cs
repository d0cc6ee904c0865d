using System;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;

namespace XdpLvs.Forwarder.Tests;

/// <summary>A director with its table and its flows, as the tests talk about it. Time moves only when told.</summary>
internal sealed class World : IDisposable
{
    internal const uint Client = 0xC6336401, Vip = 0xC0000250; // 198.51.100.1, 192.0.2.80
    internal const ushort ClientPort = 50_000;
    internal const byte Tcp = 6, Udp = 17;

    internal static readonly MacAddress Director = new(0x02_00_00_00_00_01), Gateway = new(0x02_00_00_00_00_FE);
    /// <summary>Nothing is answered, so that the doors of what is dropped are seen.</summary>
    internal static readonly FlowPolicy Silent = FlowPolicy.Default with { AnswersPerSecond = 0 };

    internal static readonly ServiceKey Web = new(Vip, 80, Tcp), Dns = new(Vip, 53, Udp);
    internal static readonly RealServer A = Real(0), B = Real(1), C = Real(2);

    /// <summary>From the client, by way of the gateway, to the web service.</summary>
    internal static readonly FrameBuilder ToWeb = new()
    {
        TargetMac = Director, SourceMac = Gateway, From = Client, FromPort = ClientPort, To = Vip, ToPort = 80,
    };

    internal static readonly FrameBuilder ToDns = ToWeb with { ToPort = 53 };

    private readonly Router _router;

    internal World(params VirtualService[] services)
    {
        _router = new Router(Flows, Statistics);
        Table = TableOf(services);
    }

    internal FlowTables Flows { get; } = new(1024, 64, new Random(1));

    internal Statistics Statistics { get; } = new();

    internal Router Router => _router;

    internal ForwardingTable Table { get; set; }

    internal uint Now { get; set; } = 1000;

    public void Dispose() => Flows.Dispose();

    internal static RealServer Real(ushort number, int weight = 1) =>
        new(number, 0xC0000201 + number, new MacAddress(0x02_00_00_00_01_00 + (ulong)number), weight);

    internal static VirtualService Service(ServiceKey key, params RealServer[] reals) =>
        new(key, ServiceOptions.Default, new SchedulerMemory(), [.. reals]);

    /// <summary>The same service with other options; its scheduler's memory goes on.</summary>
    internal static VirtualService With(VirtualService service, Func<ServiceOptions, ServiceOptions> change) =>
        new(service.Key, change(service.Options), service.Memory, service.Reals);

    internal static ForwardingTable TableOf(params VirtualService[] services) =>
        new(Director, services, [], Silent);

    internal static FrameBuilder FromPort(int port) => ToWeb with { FromPort = (ushort)port };

    /// <summary>Takes away what has ended by now.</summary>
    internal int Sweep() => new FlowSweeper(Flows).Sweep([Table], Now);

    internal Outcome Route(byte[] frame) => _router.Route(frame, Table, Now);

    /// <summary>Routes a frame that must be forwarded, and tells to which real server.</summary>
    internal RealServer Forward(byte[] frame)
    {
        Outcome outcome = Route(frame);
        if (outcome != Outcome.Forwarded)
        {
            throw new InvalidOperationException($"{outcome} instead of Forwarded");
        }

        MacAddress target = MacAddress.From(frame);
        foreach (VirtualService service in Table.Services)
        {
            foreach (RealServer real in service.Reals)
            {
                if (real.Mac == target)
                {
                    return real;
                }
            }
        }

        throw new InvalidOperationException($"forwarded to {target}, which is no real server");
    }

    internal Outcome Syn(int port = ClientPort) => Route(FromPort(port).Tcp(TcpControl.Syn));

    internal Outcome Ack(int port = ClientPort) => Route(FromPort(port).Tcp(TcpControl.Ack));

    internal void Publish(params VirtualService[] services) => Table = TableOf(services);

    /// <summary>Switches and timeouts; setting them publishes a table.</summary>
    internal FlowPolicy Policy
    {
        get => Table.Policy;
        set => Table = new ForwardingTable(Director, Table.Services, [], value);
    }
}
