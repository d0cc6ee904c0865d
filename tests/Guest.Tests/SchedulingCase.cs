using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;

namespace XdpLvs.Guest.Tests;

/// <summary>What happens to a real server.</summary>
internal enum ServerVerb
{
    /// <summary>ipvsadm -a.</summary>
    Add,

    /// <summary>ipvsadm -e.</summary>
    Edit,

    /// <summary>ipvsadm -d.</summary>
    Remove,
}

/// <summary>One line for ipvsadm, and the same for our table.</summary>
/// <param name="Verb">What is done.</param>
/// <param name="Server">Last octet of the server's address and of its MAC address.</param>
/// <param name="Weight">Its weight from now on.</param>
/// <param name="Limit">Its upper threshold from now on; 0 is none.</param>
internal readonly record struct ServerChange(ServerVerb Verb, int Server, int Weight = 0, int Limit = 0);

/// <summary>A client's segment, or datagram where there is no control bit.</summary>
internal readonly record struct ClientFrame(int Service, IpAddress Client, ushort Port, TcpControl Control);

/// <summary>Changes, and what the clients send after them.</summary>
internal sealed record SchedulingStep(ImmutableArray<ServerChange> Changes, ImmutableArray<ClientFrame> Frames);

/// <summary>One scheduler and what is done to it: once in the guest's kernel, once with our forwarder.</summary>
internal sealed record SchedulingCase(string Name, SchedulerKind Scheduler, ImmutableArray<SchedulingStep> Steps)
{
    private static readonly MacAddress Clients = ServerMac(1);

    /// <summary>The director, in both worlds.</summary>
    internal static readonly MacAddress Director = ServerMac(101);

    /// <summary>Its place in the plan: it makes the addresses.</summary>
    internal int Index { get; init; }

    /// <summary>Of sh and mh.</summary>
    internal SchedulerSwitches Switches { get; init; }

    /// <summary>Family of all addresses.</summary>
    internal bool IsV6 { get; init; }

    /// <summary>17 for a case of datagrams.</summary>
    internal byte Protocol { get; init; } = 6;

    /// <summary>How many services have this scheduler and these servers, each with an address of its own.</summary>
    internal int Services { get; init; } = 1;

    /// <summary>Connections in all steps.</summary>
    internal int Connections => Steps.Sum(step => step.Frames.Count(Begins));

    /// <summary>Whether a choice is made for that frame.</summary>
    internal static bool Begins(ClientFrame frame) => frame.Control is TcpControl.Syn or 0;

    internal static MacAddress ServerMac(int server) => new(0x02_00_00_00_05_00 + (ulong)server);

    internal ServiceKey Key(int service)
    {
        uint number = (uint)(Index << 8) + (uint)service + 1;
        IpAddress address = IsV6 ? new IpAddress(0x2001_0DB8_0100_0000, number) : 0xC612_0000 + number;
        return new ServiceKey(address, 80, Protocol);
    }

    /// <summary>192.168.5.N or 2001:db8:5::N.</summary>
    internal IpAddress Server(int server) =>
        IsV6 ? new IpAddress(0x2001_0DB8_0005_0000, (uint)server) : 0xC0A8_0500 + (uint)server;

    internal FrameBuilder Builder(ClientFrame frame) => new()
    {
        SourceMac = Clients, TargetMac = Director, From = frame.Client, FromPort = frame.Port,
        To = Key(frame.Service).Address, ToPort = 80,
    };

    internal byte[] Build(ClientFrame frame) =>
        frame.Control == 0 ? Builder(frame).Udp() : Builder(frame).Tcp(frame.Control);

    /// <summary>The services in the form that ipvsadm -R reads.</summary>
    internal string ServiceRules() => string.Concat(Enumerable.Range(0, Services).Select(service =>
        $"-A {ServiceOption(service)} -s {Schedulers.Name(Scheduler)}{SwitchText()}\n"));

    /// <summary>A change of all services, likewise.</summary>
    internal string Rules(ServerChange change) => string.Concat(Enumerable.Range(0, Services).Select(service =>
        $"{Option(change.Verb)} {ServiceOption(service)} -r {Text(Server(change.Server))}"
        + (change.Verb == ServerVerb.Remove ? "\n" : $" -g -w {change.Weight} -x {change.Limit}\n")));

    private static string Option(ServerVerb verb) =>
        verb switch { ServerVerb.Add => "-a", ServerVerb.Edit => "-e", _ => "-d" };

    private static string Text(IpAddress address) => address.IsV4 ? $"{address}:80" : $"[{address}]:80";

    private string ServiceOption(int service) => (Protocol == 6 ? "-t " : "-u ") + Text(Key(service).Address);

    private string SwitchText()
    {
        string[] words = [.. new[] { SchedulerSwitches.Fallback, SchedulerSwitches.UsePort }
            .Where(one => (Switches & one) != 0)
            .Select(one => $"{Schedulers.Name(Scheduler)}-{(one == SchedulerSwitches.UsePort ? "port" : "fallback")}")];
        return words.Length == 0 ? "" : " -b " + string.Join(',', words);
    }
}
