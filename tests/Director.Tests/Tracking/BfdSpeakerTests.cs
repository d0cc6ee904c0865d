using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Director.Tracking;
using XdpLvs.Lab;
using XdpLvs.Linux;
using XdpLvs.Linux.Process;
using XdpLvs.Linux.Sockets;
using XdpLvs.Vrrp.Bfd;

namespace XdpLvs.Director.Tests.Tracking;

/// <summary>Two BFD threads on a real switch.</summary>
[Trait("Group", "Netns")]
public sealed class BfdSpeakerTests : IDisposable
{
    private const long Interval = 50_000;

    private static int _labs;

    private readonly LabNetwork _network;
    private readonly ConcurrentQueue<string> _log = new();

    public BfdSpeakerTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        _network = new LabNetwork($"xlb{Environment.ProcessId}-{Interlocked.Increment(ref _labs)}");
        _network.AddHost("left", "192.168.5.101/24", "00:0c:29:00:00:65");
        _network.AddHost("right", "192.168.5.102/24", "00:0c:29:00:00:66");
    }

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("192.168.5.101", "192.168.5.102")]
    [InlineData("fd00::101", "fd00::102")]
    public async Task They_come_up_notice_a_cut_cable_and_come_up_again(string leftAddress, string rightAddress)
    {
        AddV6("left", leftAddress);
        AddV6("right", rightAddress);
        var states = new ConcurrentQueue<(string Name, bool IsUp)>();
        using BfdSpeaker left = Speaker("left", Plan(1, leftAddress, rightAddress), states);
        using BfdSpeaker right = Speaker("right", Plan(2, rightAddress, leftAddress), states);
        left.Start();
        right.Start();
        await Eventually.Async(() => states.Count == 2, () => "they never came up: " + left.DescribeCounters());
        Assert.Contains("BFD BFD_1: Up", left.DescribeCounters(), StringComparison.Ordinal);
        Assert.DoesNotContain("refused", left.DescribeCounters(), StringComparison.Ordinal);

        _network["right"].SetCable(plugged: false);
        long cut = Clock.NowMicroseconds;
        await Eventually.Async(() => states.Count(state => !state.IsUp) == 2, "the cut went unnoticed");
        TestContext.Current.SendDiagnosticMessage("noticed after {0} ms", (Clock.NowMicroseconds - cut) / 1000);
        Assert.Contains(_log, line => line.Contains("Control Detection Time Expired", StringComparison.Ordinal));

        _network["right"].SetCable(plugged: true);
        await Eventually.Async(() => states.Count(state => state.IsUp) == 4, "they did not come up again");
    }

    [Fact]
    public async Task One_that_ends_says_so_and_the_other_need_not_wait_for_silence()
    {
        var states = new ConcurrentQueue<(string Name, bool IsUp)>();
        BfdPlan patient = Plan(1, "192.168.5.101", "192.168.5.102");
        patient = patient with { Settings = patient.Settings with { MinRxMicroseconds = 10_000_000 } };
        using BfdSpeaker left = Speaker("left", patient, states);
        using BfdSpeaker right = Speaker("right", Plan(2, "192.168.5.102", "192.168.5.101"), states);
        left.Start();
        right.Start();
        await Eventually.Async(() => states.Count == 2, () => "they never came up: " + left.DescribeCounters());

        right.Dispose();

        await Eventually.Async(() => states.Contains(("BFD_1", false)), "its end went unnoticed");
        Assert.Contains(
            "BFD_Instance(BFD_1) Entering Down state (Local diagnostic - Neighbor Signaled Session Down, "
                + "Remote diagnostic - Administratively Down)",
            _log);
    }

    [Fact]
    public async Task Packets_from_behind_a_router_and_from_strangers_are_refused()
    {
        var states = new ConcurrentQueue<(string Name, bool IsUp)>();
        using BfdSpeaker left = Speaker("left", Plan(1, "192.168.5.101", "192.168.5.102"), states);
        left.Start();
        byte[] packet = new byte[BfdView.Size];
        BfdPlan far = Plan(2, "192.168.5.102", "192.168.5.101");
        BfdWriter.Write(packet, new BfdState(BfdSession.Down), far.Settings, isAnswer: false);
        Send("right", far, 254, packet);
        var stranger = new BfdState(BfdSession.Up) { RemoteDiscriminator = 77 };
        BfdWriter.Write(packet, stranger, far.Settings, isAnswer: false);
        Send("right", far, 255, packet);
        Send("right", far, 255, packet.AsSpan(0, 23).ToArray());

        foreach (string fault in (string[])["refused: Ttl", "refused: UnknownSession", "refused: Length"])
        {
            await Eventually.Async(
                () => left.DescribeCounters().Contains(fault, StringComparison.Ordinal), $"not {fault}");
        }

        Assert.Contains("BFD BFD_1: Down", left.DescribeCounters(), StringComparison.Ordinal);
        Assert.Empty(states);
    }

    [Fact]
    public void A_second_daemon_on_the_same_host_is_refused_with_the_reason()
    {
        var states = new ConcurrentQueue<(string Name, bool IsUp)>();
        using BfdSpeaker left = Speaker("left", Plan(1, "192.168.5.101", "192.168.5.102"), states);

        LinuxException refused = Assert.Throws<LinuxException>(
            () => Speaker("left", Plan(2, "192.168.5.101", "192.168.5.103"), states));

        Assert.StartsWith("bind UDP port 3784, BFD: EADDRINUSE", refused.Message, StringComparison.Ordinal);
    }

    internal static BfdPlan Plan(uint discriminator, string source, string neighbour)
    {
        Assert.True(IpAddress.TryParse(source, out IpAddress from) && IpAddress.TryParse(neighbour, out _));
        _ = IpAddress.TryParse(neighbour, out IpAddress to);
        var settings = new BfdSettings
        {
            Name = $"BFD_{discriminator}",
            Discriminator = discriminator,
            MinRxMicroseconds = Interval,
            MinTxMicroseconds = Interval,
            Multiplier = 10,
        };
        return new BfdPlan(settings, to) { Source = from };
    }

    private void AddV6(string host, string address)
    {
        if (address.Contains(':', StringComparison.Ordinal))
        {
            _network[host].SetSysctl("net/ipv6/conf/all/disable_ipv6", 0);
            _network[host].SetSysctl($"net/ipv6/conf/{_network[host].Link}/disable_ipv6", 0);
            _network[host].Ip($"addr add {address}/64 dev {_network[host].Link} nodad");
        }
    }

    private void Send(string host, BfdPlan plan, byte timeToLive, byte[] packet)
    {
        using NetworkNamespace there = NetworkNamespace.Open(_network[host].Namespace);
        using BfdSocket socket = there.Run(
            () => BfdSocket.Connect(plan.Neighbour, plan.Source, 0, timeToLive, BfdSocket.SourcePortMin));
        Assert.Equal(0, socket.Send(packet));
    }

    private BfdSpeaker Speaker(string host, BfdPlan plan, ConcurrentQueue<(string Name, bool IsUp)> states)
    {
        using NetworkNamespace there = NetworkNamespace.Open(_network[host].Namespace);
        return there.Run(() => new BfdSpeaker(
            [plan], _log.Enqueue, (name, isUp) => states.Enqueue((name, isUp)), new Random(1)));
    }
}
