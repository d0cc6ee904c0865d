using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Linux.Process;

namespace XdpLvs.Netns.Tests;

/// <summary>
/// Interfaces that are no plain card: each works in the best mode it allows, and the log says why in no better one; or
/// the start says what to configure instead. VLANs and bonds are for the guest's kernel, which knows them.
/// </summary>
public sealed class AttachmentTests : IAsyncDisposable
{
    private const string Host = "youxi1", Upper = "upper0";

    private readonly Cluster _cluster = new();

    private LabHost Director => _cluster[Host];

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(
        "bridge",
        "auto",
        "XDP generic, copy, established flows by the program, 1 queue(s); not native: "
        + "a bridge has no driver of its own")]
    [InlineData("bridge", "packet", "AF_PACKET rings, 1 queue(s)")]
    [InlineData(
        "macvlan",
        "auto",
        "XDP generic, copy, established flows by the program, 1 queue(s); not native: "
        + "a macvlan has no driver of its own")]
    [InlineData("macvlan", "packet", "AF_PACKET rings, 1 queue(s)")]
    public async Task Frames_of_a_bridge_and_of_a_macvlan_are_forwarded(string kind, string io, string mode)
    {
        StandOn(kind);
        _cluster.StartServers();
        ClientProcess client = ClientProcess.Start(_cluster[TutorialNetwork.Client]);

        DaemonHost daemon = await _cluster.StartAsync(
            Host, Configs.Instance(device: Upper) + Web("192.168.5.103", "192.168.5.104"), "--io", io);
        LabLine line = await daemon.LogAsync($"{Upper}: forwarding by ");
        Assert.EndsWith($"{Upper}: forwarding by {mode}", line.Text);
        await daemon.LogAsync("Entering MASTER STATE");
        await Soon.RequireAsync(() => Get(client).Ok, () => "no answer; " + daemon.Ask("counters").Output);
        var results = await client.GetManyAsync(
            "http://192.168.5.100/", 10, stop: TestContext.Current.CancellationToken);

        Assert.All(results, result => Assert.True(result.Ok, result.Body));
        Assert.Equal(["youxi3", "youxi4"], results.Select(result => result.Body).Distinct().Order());
        Assert.True(daemon.Counters()["forwarded"] >= 40, daemon.Ask("counters").Output);
        Assert.Contains($"{Upper}: {mode}\n", daemon.Ask("counters").Output);
        Assert.Equal(0, await daemon.EndAsync("TERM"));
        Assert.DoesNotContain("xdp", Director.Exec("ip", "link", "show", "dev", Upper).OrThrow().Output);
    }

    [Fact]
    public void A_bridge_port_is_refused_with_the_line_to_write()
    {
        StandOn("bridge");

        CommandResult end = _cluster.Run(Host, _cluster.Write("port.conf", Configs.Director()));

        Assert.Equal(1, end.ExitCode);
        string line = Assert.Single(
            (end.Output + end.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => line.Contains("fatal: ", StringComparison.Ordinal));
        Assert.Contains(
            $"interface ens33 cannot give frames to virtual servers: it is a port of the bridge {Upper}", line);
        Assert.Contains($"write 'interface {Upper}'", line);
        _cluster.AssertNothingLeft(Host);
    }

    /// <summary>The kernel refuses a program below one that is there already, so the order matters.</summary>
    [Fact]
    public async Task An_interface_and_one_on_top_of_it_both_work_whichever_the_configuration_names_first()
    {
        Ip("link", "add", Upper, "link", "ens33", "type", "macvlan", "mode", "bridge");
        Ip("addr", "add", "10.77.0.1/24", "dev", Upper);
        Ip("link", "set", Upper, "up");
        string config = Configs.Instance().Replace("192.168.5.100\n", $"10.77.0.100 dev {Upper}\n 192.168.5.100\n",
                StringComparison.Ordinal)
            + Configs.Service("10.77.0.100 80", Configs.Unchecked("10.77.0.3")) + Web("192.168.5.103");

        DaemonHost daemon = await _cluster.StartAsync(Host, config, "--io", "xdp");

        await daemon.LogAsync("ens33: forwarding by XDP native");
        await daemon.LogAsync($"{Upper}: forwarding by XDP generic");
        Assert.Equal(0, await daemon.EndAsync("TERM"));
    }

    [Theory]
    [InlineData("bridge", "auto")]
    [InlineData("plain", "packet")]
    [InlineData("plain", "xdp-generic")]
    public async Task Receive_offload_may_stay_on_for_what_it_merges_is_cut_here(string kind, string io)
    {
        StandOn(kind);
        Director.Exec("ethtool", "-K", "ens33", "gro", "on").OrThrow();
        string device = kind == "plain" ? "ens33" : Upper;

        DaemonHost daemon = await _cluster.StartAsync(
            Host, Configs.Instance(device: device) + Web("192.168.5.103"), "--io", io);

        Assert.DoesNotContain(daemon.Log, line => line.Contains("warning: ", StringComparison.Ordinal));
        Assert.Equal(0, await daemon.EndAsync("TERM"));
    }

    [Fact]
    public async Task Jumbo_frames_of_9000_octets_are_forwarded_by_af_packet()
    {
        SetMtuEverywhere(9000);
        string config = Configs.Instance()
            + Web("192.168.5.103").Replace("TCP", "UDP", StringComparison.Ordinal);
        using Socket server = In(_cluster["youxi3"]), client = In(_cluster[TutorialNetwork.Client]);
        var service = new IPEndPoint(IPAddress.Parse(TutorialNetwork.Vip), 80);
        server.Bind(service);
        client.DontFragment = true;
        client.Connect(service);

        DaemonHost daemon = await _cluster.StartAsync(Host, config);
        LabLine line = await daemon.LogAsync("ens33: forwarding by AF_PACKET rings, 1 queue(s); not AF_XDP: ");
        Assert.Contains("AF_XDP ens33 MTU 9000: EMSGSIZE", line.Text);
        await daemon.LogAsync("Entering MASTER STATE");
        Task<int> echo = EchoAsync(server, TestContext.Current.CancellationToken);
        byte[] question = new byte[8972], answer = new byte[9000]; // 9000 less the headers of IPv4 and UDP
        new Random(89).NextBytes(question);
        for (int i = 0; i < 20; i++)
        {
            question[0] = (byte)i;
            int length = await AskAsync(client, question, answer);
            Assert.True(question.AsSpan().SequenceEqual(answer.AsSpan(0, length)), $"datagram {i}: {length} octets");
        }

        Assert.Equal(0, daemon.Counters()["given up, longer than the MTU"]);
        Assert.Equal(0, await daemon.EndAsync("TERM"));
        server.Close();
        Assert.True(await echo >= 20);
    }

    private static string Web(params string[] reals) => Configs.Service("192.168.5.100 80", Configs.Unchecked(reals));

    private static RequestResult Get(ClientProcess client) =>
        client.GetAsync("http://192.168.5.100/", timeoutMs: 500).GetAwaiter().GetResult();

    private static Socket In(LabHost host)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
        return inside.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
    }

    /// <summary>
    /// Asks until the answer to this very question comes: the first ones may be lost on a network this new.
    /// </summary>
    private static async Task<int> AskAsync(Socket client, byte[] question, byte[] answer)
    {
        int length = 0;
        client.ReceiveTimeout = 500;
        await Soon.RequireAsync(
            () =>
            {
                client.Send(question);
                try
                {
                    length = client.Receive(answer);
                    return answer[0] == question[0];
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            () => $"no answer to datagram {question[0]}");
        return length;
    }

    /// <summary>Returns every datagram to its sender until the socket is closed; then how many there were.</summary>
    private static async Task<int> EchoAsync(Socket server, CancellationToken stop)
    {
        byte[] buffer = new byte[65536];
        for (int count = 0; ; count++)
        {
            try
            {
                SocketReceiveFromResult got =
                    await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), stop);
                await server.SendToAsync(buffer.AsMemory(0, got.ReceivedBytes), got.RemoteEndPoint, stop);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return count;
            }
        }
    }

    /// <summary>Moves the director's address from its card to an interface that stands on the card.</summary>
    private void StandOn(string kind)
    {
        if (kind == "plain")
        {
            return;
        }

        Ip("addr", "flush", "dev", "ens33");
        if (kind == "bridge")
        {
            Ip("link", "add", Upper, "type", "bridge", "stp_state", "0", "forward_delay", "0");
            Ip("link", "set", "ens33", "master", Upper);
        }
        else
        {
            Ip("link", "add", Upper, "link", "ens33", "type", kind, "mode", "bridge");
        }

        Ip("addr", "add", "192.168.5.101/24", "dev", Upper);
        Ip("link", "set", Upper, "up");
    }

    private void SetMtuEverywhere(int mtu)
    {
        foreach (LabHost host in _cluster.Network.Hosts)
        {
            _cluster.Network.Switch.Exec("ip", "link", "set", host.Port, "mtu", $"{mtu}").OrThrow();
            host.Exec("ip", "link", "set", host.Link, "mtu", $"{mtu}").OrThrow();
        }
    }

    private void Ip(params string[] words) => Director.Exec(["ip", .. words]).OrThrow();
}
